"""Figures of programs: how many journeys stand where, and what was promised and delivered."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from domain.ids import ProgramId
from domain.values import Day
from interfaces.http.access import Reader, require_program
from interfaces.http.v1.visibility import one_program
from projections.views import board
from projections.views.board import Count, SegmentCount
from queries.funnel import Overview, overview
from queries.returns import Return, program_return
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
    routes = APIRouter(tags=["figures"])

    @routes.get("/counts")
    async def count_journeys(caller: Reader) -> list[Count]:
        """The number of journeys by program and stage."""
        return [one for one in await board.counts(pool) if caller.may_use(one.program)]

    @routes.get("/segments")
    async def count_segments(caller: Reader, program: str | None = None) -> list[SegmentCount]:
        """The number of journeys in each segment, by program."""
        return [one for one in await board.segments(pool, program) if caller.may_use(one.program)]

    @routes.get("/funnel")
    async def get_funnel(query: Annotated[OverviewQuery, Query()], caller: Reader) -> Overview:
        """The stages week by week, the segments, and the intake questions."""
        return await overview(pool, **{**dict(query), "program": one_program(caller, query.program)})

    @routes.get("/programs/{program}/return")
    async def get_program_return(program: ProgramId, query: Annotated[ReturnQuery, Query()], caller: Reader) -> Return:
        """What the program promised, what it delivered, and the mentor time it took."""
        require_program(caller, program)
        return await found_return(pool, program, query)

    return routes


async def found_return(pool: Pool, program: ProgramId, query: ReturnQuery) -> Return:
    """Raises NoSuchProgram."""
    return await program_return(pool, program, query.since, query.until)
