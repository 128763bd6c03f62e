"""The capacity of a program's mentors as JSON, read-only."""

from typing import Annotated

from fastapi import APIRouter, Query

from domain.capacity_review import CapacityReviewed
from domain.ids import ProgramId
from kits.lookup import newest_published
from projections.capacity import WEEKS, Capacity
from queries import capacity as queries
from store.database import Pool


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(prefix="/programs/{program}/capacity", tags=["views"])

    @routes.get("")
    async def get_capacity(program: ProgramId, weeks: Annotated[int, Query(ge=1, le=52)] = WEEKS) -> Capacity:
        """Places and minutes of each mentor, the forecast of the coming weeks, and who waits for a mentor."""
        return await queries.now(pool, program, weeks)

    @routes.get("/reviews")
    async def get_reviews(
        program: ProgramId, limit: Annotated[int, Query(ge=1, le=200)] = 12
    ) -> list[CapacityReviewed]:
        """The recorded reviews, the newest first."""
        await newest_published(pool, program)
        return await queries.reviews(pool, program, limit)

    return routes
