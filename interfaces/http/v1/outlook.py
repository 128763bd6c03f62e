"""What happens soon in all journeys, and what wants attention now."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query

from interfaces.http.access import Reader
from projections.views import attention, upcoming
from projections.views.attention import Item, Tally
from projections.views.upcoming import ComingTimer
from store.database import Pool


@dataclass(frozen=True, slots=True)
class Attention:
    items: list[Item]
    """Open cases, most severe first, and then what is overdue."""
    totals: list[Tally]
    """All of them, by program."""


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["journeys"])

    @routes.get("/upcoming")
    async def list_upcoming(
        caller: Reader,
        program: str | None = None,
        days: Annotated[int, Query(ge=1, le=3650, description="how many days to look ahead")] = 7,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 200,
    ) -> list[ComingTimer]:
        """List reminders, escalations and deadlines that come on their own, earliest first, each with its rule."""
        now = datetime.now(UTC)
        until = now + timedelta(days=days)
        return await upcoming.between(pool, now, until, caller.programs_of(program), limit)

    @routes.get("/attention")
    async def list_attention(
        caller: Reader, program: str | None = None, limit: Annotated[int, Query(ge=1, le=10_000)] = 200
    ) -> Attention:
        """List open cases, most severe first, and everything overdue."""
        now, programs = datetime.now(UTC), caller.programs_of(program)
        totals = [one for one in await attention.tallies(pool, now) if programs is None or one.program in programs]
        return Attention(await attention.wanted(pool, now, programs, limit), totals)

    return routes
