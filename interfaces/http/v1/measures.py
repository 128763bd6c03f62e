"""The measures of a program: each with its definition, as a whole and by cohort, week, version, pathway or segment."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from domain.ids import ProgramId
from domain.values import Day
from interfaces.http.access import Reader, require_program
from queries.measures.associations import Associations, associations
from queries.measures.report import Filter, ProgramMeasures, program_measures
from store.database import Pool

_Name = Annotated[str | None, Field(max_length=200)]


class MeasuresQuery(BaseModel, extra="forbid"):
    """What is counted, and by what it is divided."""

    by: Literal["cohort", "week", "version", "pathway", "segment"] | None = None
    """Also give every measure by this. A cohort is the learner's group, or without one the month of the start."""
    since: Day | None = None
    """The first day on which something counts, UTC. By week the default is the Monday eleven weeks ago."""
    until: Day | None = None
    """The day after the last one."""
    cohort: _Name = None
    """Restricts everything to a group (its id) or to those without one who started in a month (such as 2026-11)."""
    version: _Name = None
    """Restricts everything to learners who started with this version of the kit."""
    pathway: _Name = None
    """Restricts everything to a pathway (its id in the kit)."""


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(prefix="/programs/{program}", tags=["measures"])

    @routes.get("/measures")
    async def get_measures(
        program: ProgramId, query: Annotated[MeasuresQuery, Query()], caller: Reader
    ) -> ProgramMeasures:
        """Leading and lagging measures with their definitions and intervals, drop-off points, and mentor workload.

        No person is in it, and mentors are in no order.
        """
        require_program(caller, program)
        return await found_measures(pool, program, query)

    @routes.get("/associations")
    async def get_associations(program: ProgramId, caller: Reader) -> Associations:
        """Which behaviors of mentors go with momentum of their learners, and which pathways serve which level.

        Associations and no causes, adjusted for what was known at the start. No mentor is named.
        """
        require_program(caller, program)
        return await associations(pool, program)

    return routes


async def found_measures(pool: Pool, program: ProgramId, query: MeasuresQuery) -> ProgramMeasures:
    """Raises NoSuchProgram."""
    return await program_measures(pool, program, Filter(**dict(query)))
