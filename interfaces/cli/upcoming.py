"""`trellis upcoming`: what will happen on its own, and when."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table

from domain.ids import JourneyId
from domain.values import counted
from domain.words import distance
from interfaces.cli.connected import database
from interfaces.cli.options import Json
from interfaces.cli.screen import out, print_json
from projections.views.upcoming import ComingTimer, between, of_journey
from settings import Settings, load
from store.database import Pool
from store.people import names_of

_Journey = Annotated[
    str | None, typer.Argument(help="Only this journey, such as job-ready.l-01, without a limit of days.")
]
_Program = Annotated[str | None, typer.Option(help="Only this program (id).")]
_Days = Annotated[int, typer.Option(min=1, max=3650, help="The number of days to look ahead.")]
_Limit = Annotated[int, typer.Option(min=1, max=10_000, help="The maximum number of rows.")]


def upcoming(
    journey: _Journey = None, *, program: _Program = None, days: _Days = 7, limit: _Limit = 50, json: Json = False
) -> None:
    """List scheduled reminders, escalations, and deadlines.

    Each one is shown with the kit rule behind it and who can prevent it.
    """
    now = datetime.now(UTC)
    until = now + timedelta(days=days)
    if journey:
        timers, names = asyncio.run(_named(load(), lambda pool: of_journey(pool, JourneyId(journey))))
        timers = timers[:limit]
    else:
        programs = {program} if program else None
        timers, names = asyncio.run(_named(load(), lambda pool: between(pool, now, until, programs, limit)))
    if json:
        print_json(timers)
    elif not timers:
        out().print("Nothing is scheduled." if journey else f"Nothing is scheduled in the next {counted(days, 'day')}.")
    else:
        _show(timers, names, now)


async def _named(
    settings: Settings, read: Callable[[Pool], Awaitable[list[ComingTimer]]]
) -> tuple[list[ComingTimer], dict[str, str]]:
    """The timers, and the names of their learners."""
    async with database(settings) as pool:
        timers = await read(pool)
        return timers, await names_of(pool, [one.learner for one in timers])


def _show(timers: Sequence[ComingTimer], names: Mapping[str, str], now: datetime) -> None:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("when", "journey", "learner", "what", "then", "rule", "prevented by"):
        table.add_column(column, overflow="fold")
    for one in timers:
        table.add_row(
            *(distance(one.at, now), one.journey, names.get(one.learner, one.learner), one.label),
            *(one.does, one.rule, one.stopped_by),
        )
    out().print(table)
