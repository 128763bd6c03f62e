"""The capacity of a program's mentors as JSON, read-only."""

from typing import Annotated

from fastapi import APIRouter, HTTPException, Query

from domain.capacity_review import CapacityReviewed
from domain.ids import ProgramId
from kits.lookup import NoSuchProgram, newest_published
from projections.capacity import WEEKS, Capacity
from queries import capacity as queries
from store.database import Pool


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(prefix="/api/programs/{program}/capacity", tags=["views"])

    @routes.get("")
    async def get_capacity(program: ProgramId, weeks: Annotated[int, Query(ge=1, le=52)] = WEEKS) -> Capacity:
        """Places and minutes of each mentor, the forecast of the coming weeks, and who waits for a mentor."""
        try:
            return await queries.now(pool, program, weeks)
        except NoSuchProgram as error:
            raise HTTPException(404, str(error)) from error

    @routes.get("/reviews")
    async def get_reviews(
        program: ProgramId, limit: Annotated[int, Query(ge=1, le=200)] = 12
    ) -> list[CapacityReviewed]:
        """The recorded reviews, the newest first."""
        try:
            await newest_published(pool, program)
        except NoSuchProgram as error:
            raise HTTPException(404, str(error)) from error
        return await queries.reviews(pool, program, limit)

    return routes
