"""What needs somebody, and what is coming, across all journeys."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query

from domain.access import Caller
from domain.ids import ProgramId
from interfaces.http.access import Reader, require_program
from projections.views.attention import Item, Tally, tallies, wanted
from projections.views.upcoming import ComingTimer, between
from store.database import Pool

Row = TypeVar("Row")
_Program = Annotated[ProgramId | None, Query(description="only this program")]
_Limit = Annotated[int, Query(ge=1, le=10_000)]


@dataclass(frozen=True, slots=True)
class Attention:
    items: list[Item]
    totals: list[Tally]
    """By program; only programs that have any."""


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["attention"])

    @routes.get("/attention")
    async def list_attention(caller: Reader, program: _Program = None, limit: _Limit = 200) -> Attention:
        """Open cases, the most severe first, then everything overdue, the longest overdue first."""
        now, programs = datetime.now(UTC), _programs(caller, program)
        items = await _of_each(programs, lambda one: wanted(pool, now, one, limit))
        items.sort(key=lambda one: (one.kind != "case", -one.grave, one.due_at, one.journey))
        totals = [one for one in await tallies(pool, now) if programs is None or one.program in programs]
        return Attention(items[:limit], totals)

    @routes.get("/upcoming")
    async def list_upcoming(
        caller: Reader,
        program: _Program = None,
        days: Annotated[int, Query(ge=1, le=3650, description="how far ahead to look")] = 7,
        limit: _Limit = 200,
    ) -> list[ComingTimer]:
        """Scheduled reminders, escalations, and deadlines, the earliest first."""
        now = datetime.now(UTC)
        until = now + timedelta(days=days)
        timers = await _of_each(_programs(caller, program), lambda one: between(pool, now, until, one, limit))
        timers.sort(key=lambda one: (one.at, one.journey, one.place))
        return timers[:limit]

    return routes


def _programs(caller: Caller, program: ProgramId | None) -> Collection[ProgramId] | None:
    """None: all of them."""
    if program is None:
        return caller.programs
    require_program(caller, program)
    return {program}


async def _of_each(
    programs: Collection[ProgramId] | None, read: Callable[[ProgramId | None], Awaitable[list[Row]]]
) -> list[Row]:
    """The rows of all programs, in no order. A key is for few programs."""
    if programs is None:
        return await read(None)
    return [row for program in sorted(programs) for row in await read(program)]
