"""Groups as JSON, read-only."""

from fastapi import APIRouter

from domain.ids import CohortId
from projections.views import cohorts
from projections.views.cohorts import CohortRow
from queries.cohorts import Roster, roster
from store.database import Pool


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["views"])

    @routes.get("/cohorts")
    async def get_cohorts(
        program: str | None = None,
        mentor: str | None = None,
        closed: bool = False,
    ) -> list[CohortRow]:
        """The groups of a program, or those that a mentor leads; closed ones only if asked for."""
        return await cohorts.of_program(pool, program, mentor, closed=closed)

    @routes.get("/cohorts/{cohort}")
    async def get_cohort(cohort: CohortId) -> Roster:
        """The roster of a group: its sessions, its members, and who came. Personal data."""
        return await roster(pool, cohort)

    return routes
