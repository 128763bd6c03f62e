"""The capacity of a program's mentors, and the reviews of it."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query

from client.journeys import JourneyClient
from domain.capacity_review import CapacityReviewed
from domain.ids import ProgramId
from interfaces.http.access import Operator, Reader, require_program
from kits.lookup import newest_published
from projections.capacity import WEEKS, Capacity
from queries import capacity as queries
from services import capacity_review
from store.database import Pool
from workflows.capacity_activities import CapacityRecorded


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = APIRouter(prefix="/programs/{program}/capacity", tags=["capacity"])

    @routes.get("")
    async def get_capacity(
        program: ProgramId, caller: Reader, weeks: Annotated[int, Query(ge=1, le=52)] = WEEKS
    ) -> Capacity:
        """Places and minutes of each mentor, the forecast of the coming weeks, and who waits for a mentor.

        Only keys that may see personal data get the mentors' names.
        """
        require_program(caller, program)
        found = await queries.now(pool, program, weeks)
        return found if caller.sees_personal_data else _without_names(found)

    @routes.get("/reviews")
    async def list_capacity_reviews(
        program: ProgramId, caller: Reader, limit: Annotated[int, Query(ge=1, le=200)] = 12
    ) -> list[CapacityReviewed]:
        """The recorded reviews, the newest first."""
        require_program(caller, program)
        await newest_published(pool, program)
        return await queries.reviews(pool, program, limit)

    @routes.post("/reviews")
    async def review_capacity(program: ProgramId, caller: Operator) -> CapacityRecorded:
        """Record a review now, besides those that the program's schedule records."""
        require_program(caller, program)
        await newest_published(pool, program)
        return await capacity_review.review(journeys.temporal, program)

    return routes


def _without_names(found: Capacity) -> Capacity:
    return replace(found, mentors=[replace(one, name=None) for one in found.mentors])
