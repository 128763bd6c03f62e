"""`trellis upcoming`: what will happen on its own, and when."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from client.api.models import ComingTimer
from domain.values import counted
from domain.words import distance
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Json
from interfaces.cli.reaching import api, names
from interfaces.cli.screen import out

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
    with api() as trellis:
        if journey:
            timers = trellis.get_upcoming(journey)[:limit]
        else:
            timers = trellis.list_upcoming(program=program, days=days, limit=limit)
        if json:
            print_answer(timers)
        elif not timers:
            ahead = "" if journey else f" in the next {counted(days, 'day')}"
            out().print(f"Nothing is scheduled{ahead}.")
        else:
            _show(timers, names(trellis, [one.learner for one in timers]), datetime.now(UTC))


def _show(timers: Sequence[ComingTimer], people: Mapping[str, str], now: datetime) -> None:
    table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, 2, 0, 0))
    for column in ("when", "journey", "learner", "what", "then", "rule", "prevented by"):
        table.add_column(column, overflow="fold")
    for one in timers:
        table.add_row(
            *(distance(one.at, now), one.journey, people.get(one.learner, one.learner), one.label),
            *(one.does, one.rule, one.stopped_by),
        )
    out().print(table)
