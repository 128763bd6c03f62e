"""`trellis attention`: open cases, and everything that is overdue."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from domain.values import counted
from domain.words import distance, plain
from interfaces.cli.connected import database
from interfaces.cli.options import Json
from interfaces.cli.screen import out, print_json
from projections.views.attention import Item, Tally, tallies, wanted
from settings import Settings, load
from store.people import names_of

_Program = Annotated[str | None, typer.Option(help="Only this program (id).")]
_Limit = Annotated[int, typer.Option(min=1, max=10_000, help="The maximum number of rows.")]
_GRAVE = {0: "", 1: "notice", 2: "warning", 3: "critical"}


def attention(*, program: _Program = None, limit: _Limit = 50, json: Json = False) -> None:
    """List open cases, most severe first, and everything overdue."""
    now = datetime.now(UTC)
    items, totals, names = asyncio.run(_attention(load(), now, program, limit))
    if json:
        print_json(items)
    elif not items:
        out().print("There are no open cases, and nothing is overdue.")
    else:
        _show(items, totals, names, now)


async def _attention(
    settings: Settings, now: datetime, program: str | None, limit: int
) -> tuple[list[Item], list[Tally], dict[str, str]]:
    async with database(settings) as pool:
        items = await wanted(pool, now, {program} if program else None, limit)
        totals = [one for one in await tallies(pool, now) if program in (None, one.program)]
        return items, totals, await names_of(pool, [one.learner for one in items])


def _show(items: Sequence[Item], totals: Sequence[Tally], names: Mapping[str, str], now: datetime) -> None:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("journey", "learner", "severity", "waiting for", "since", "due", "rule"):
        table.add_column(column, overflow="fold")
    for one in items:
        late = one.due_at <= now
        table.add_row(
            *(one.journey, names.get(one.learner, one.learner), _GRAVE[one.grave], f"{plain(one.duty)} ({one.who})"),
            *(distance(one.since, now), f"{distance(one.due_at, now)}{' (overdue)' if late else ''}", one.rule),
        )
    out().print(table)
    for total in totals:
        out().print(f"[dim]{total.program}: {counted(total.open_cases, 'open case')}, {total.overdue:,} overdue[/]")
