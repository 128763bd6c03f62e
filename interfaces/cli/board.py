"""`trellis board`: every journey in a row."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer

from client.api import Trellis
from client.api.models import BoardRow
from interfaces.cli import completing
from interfaces.cli.answers import print_answer
from interfaces.cli.boards import Wanted, board_table
from interfaces.cli.options import Json
from interfaces.cli.quick import Grid, Line, show
from interfaces.cli.reaching import api, names
from interfaces.cli.watching import watch_again

_LARGEST_PAGE = 500


class Severity(StrEnum):
    notice = "notice"
    warning = "warning"
    critical = "critical"


class Role(StrEnum):
    learner = "learner"
    mentor = "mentor"
    ops = "ops"


class Sort(StrEnum):
    due = "due"
    attention = "attention"
    journey = "journey"


_Text = str | None


def board(
    *,
    program: Annotated[
        _Text, typer.Option(help="Only journeys of this program.", autocompletion=completing.programs)
    ] = None,
    stage: Annotated[
        _Text, typer.Option(help="Only this stage: intake, matching, sessions, wrap_up, or closed.")
    ] = None,
    segment: Annotated[_Text, typer.Option(help="Only learners of this segment (its id in the kit).")] = None,
    waiting_for: Annotated[
        _Text, typer.Option(help="Only journeys that wait for this, such as milestone_review.")
    ] = None,
    waiting_on: Annotated[Role | None, typer.Option(help="Only journeys that wait for this role.")] = None,
    mentor: Annotated[_Text, typer.Option(help="Only learners of this mentor (id).")] = None,
    learner: Annotated[_Text, typer.Option(help="Only this learner (id).")] = None,
    attention: Annotated[
        Severity | None, typer.Option(help="Only journeys with an open case of at least this severity.")
    ] = None,
    flag: Annotated[
        _Text, typer.Option(help="Only journeys with this risk flag, with which nobody has dealt; `any`: whichever.")
    ] = None,
    paused: Annotated[
        bool | None,
        typer.Option("--paused/--not-paused", help="Only paused journeys, or only those that are not paused."),
    ] = None,
    running: Annotated[
        bool | None, typer.Option("--open/--closed", help="Only open journeys, or only closed ones.")
    ] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only journeys where something is overdue.")] = False,
    sort: Annotated[Sort, typer.Option(help="Sort by due date, by severity, or by id.")] = Sort.due,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="The maximum number of rows.")] = 50,
    watch: Annotated[
        bool, typer.Option("--watch", help="Show the board again every few seconds, until Ctrl-C.")
    ] = False,
    every: Annotated[float, typer.Option(min=1, max=3600, help="With --watch: the seconds between two looks.")] = 5.0,
    json: Json = False,
) -> None:
    """List journeys: where each one stands and what happens next.

    Filters are combined: a journey is listed if it matches all of them.
    """
    where = {
        "program": program,
        "stage": stage,
        "segment": segment,
        "waiting_for": waiting_for,
        "waiting_on": waiting_on.value if waiting_on else None,
        "mentor": mentor,
        "learner": learner,
        "attention": attention.value if attention else None,
        "flag": flag,
        "paused": paused,
        "open": running,
        "overdue": overdue or None,
        "sort": sort.value,
    }
    wanted = Wanted(waiting_for, waiting_on.value if waiting_on else None)
    with api() as trellis:
        if watch:
            watch_again(lambda: _shown(*_named(trellis, where, limit), wanted), every)
        elif json:
            print_answer(_read(trellis, where, limit)[0])
        else:
            show(*_shown(*_named(trellis, where, limit), wanted))


def _read(trellis: Trellis, where: Mapping[str, Any], limit: int) -> tuple[Sequence[BoardRow], bool]:
    """The rows, and whether there are more."""
    page = trellis.list_journeys(**where, limit=min(limit, _LARGEST_PAGE))
    rows = list(page.rows)
    while page.next and len(rows) < limit:
        page = trellis.list_journeys(**where, limit=min(limit - len(rows), _LARGEST_PAGE), after=page.next)
        rows += page.rows
    return rows, page.next is not None


def _named(
    trellis: Trellis, where: Mapping[str, Any], limit: int
) -> tuple[Sequence[BoardRow], bool, Mapping[str, str]]:
    rows, more = _read(trellis, where, limit)
    return rows, more, names(trellis, [one for row in rows for one in (row.learner, row.mentor)])


def _shown(rows: Sequence[BoardRow], more: bool, people: Mapping[str, str], wanted: Wanted) -> Iterator[Line | Grid]:
    if not rows:
        yield Line("No journeys match.")
        return
    yield board_table(rows, people, datetime.now(UTC), wanted)
    if more:
        yield Line((f"Showing the first {len(rows)}. Use --limit to see more.", "dim"))
