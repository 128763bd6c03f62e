"""`trellis attention`: open cases, and everything that is overdue."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from client.api.models import AttentionTally, Item
from domain.values import counted
from domain.words import distance, plain
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Json
from interfaces.cli.reaching import api, names
from interfaces.cli.screen import out

_Program = Annotated[str | None, typer.Option(help="Only this program (id).")]
_Limit = Annotated[int, typer.Option(min=1, max=10_000, help="The maximum number of rows.")]
_GRAVE = {0: "", 1: "notice", 2: "warning", 3: "critical"}


def attention(*, program: _Program = None, limit: _Limit = 50, json: Json = False) -> None:
    """List open cases, most severe first, and everything overdue."""
    with api() as trellis:
        found = trellis.list_attention(program=program, limit=limit)
        if json:
            print_answer(found.items)
        elif not found.items:
            out().print("There are no open cases, and nothing is overdue.")
        else:
            _show(found.items, found.totals, names(trellis, [one.learner for one in found.items]), datetime.now(UTC))


def _show(items: Sequence[Item], totals: Sequence[AttentionTally], people: Mapping[str, str], now: datetime) -> None:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("journey", "learner", "severity", "waiting for", "since", "due", "rule"):
        table.add_column(column, overflow="fold")
    for one in items:
        late = one.due_at <= now
        table.add_row(
            *(one.journey, people.get(one.learner, one.learner), _GRAVE[one.grave], f"{plain(one.duty)} ({one.who})"),
            *(distance(one.since, now), f"{distance(one.due_at, now)}{' (overdue)' if late else ''}", one.rule),
        )
    out().print(table)
    for total in totals:
        out().print(f"[dim]{total.program}: {counted(total.open_cases, 'open case')}, {total.overdue:,} overdue[/]")
