"""Whether a program is ready to grow, by the rules of its kit."""

from fastapi import APIRouter

from domain.ids import ProgramId
from interfaces.http.access import Reader, require_program
from queries.growth import GrowthReadiness, growth_readiness
from store.database import Pool


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(prefix="/programs/{program}/growth", tags=["growth"])

    @routes.get("")
    async def get_growth(program: ProgramId, caller: Reader) -> GrowthReadiness:
        """Every rule of growth in the newest kit, with what it asks and what there is.

        Opening enrollment for many places asks the same.
        """
        require_program(caller, program)
        return await growth_readiness(pool, program)

    return routes
