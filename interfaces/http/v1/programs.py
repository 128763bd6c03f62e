"""Programs: how many journeys stand where, what was promised and delivered, and the training of mentors."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from domain.ids import ProgramId
from domain.values import Day
from projections.views import board
from projections.views.board import Count, SegmentCount
from queries.funnel import Overview, overview
from queries.returns import Return, program_return
from services.training import Standing, standing
from store.database import Pool


class OverviewQuery(BaseModel, extra="forbid"):
    """The program, the segment, and the period."""

    program: str | None = None
    segment: str | None = None
    """Restricts the stages to this segment."""
    since: Day | None = None
    """The first day. Default: 12 weeks before `until`."""
    until: Day | None = None
    """The day after the last one. Default: tomorrow."""


class ReturnQuery(BaseModel, extra="forbid"):
    """The learners to count: those who started on or after `since` and before `until`. Default: all."""

    since: Day | None = None
    until: Day | None = None


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["programs"])

    @routes.get("/counts")
    async def get_counts() -> list[Count]:
        """The number of journeys by program and stage."""
        return await board.counts(pool)

    @routes.get("/segments")
    async def get_segments(program: str | None = None) -> list[SegmentCount]:
        """The number of journeys in each segment, by program."""
        return await board.segments(pool, program)

    @routes.get("/funnel")
    async def get_funnel(query: Annotated[OverviewQuery, Query()]) -> Overview:
        """The stages week by week, the segments, and the intake questions."""
        return await overview(pool, **dict(query))

    @routes.get("/programs/{program}/return")
    async def get_return(program: ProgramId, query: Annotated[ReturnQuery, Query()]) -> Return:
        """What the program promised, what it delivered, and the mentor time it took."""
        return await found_return(pool, program, query)

    @routes.get("/programs/{program}/training")
    async def get_training(program: ProgramId) -> Standing:
        """Every mentor's progress through the training of the program's newest kit."""
        return await standing(pool, program)

    return routes


async def found_return(pool: Pool, program: ProgramId, query: ReturnQuery) -> Return:
    """Raises NoSuchProgram."""
    return await program_return(pool, program, query.since, query.until)
