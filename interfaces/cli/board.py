"""`trellis board`: every journey in a row."""

import asyncio
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from interfaces.cli.boards import board_table
from interfaces.cli.connected import database
from interfaces.cli.options import Json
from interfaces.cli.screen import out, print_json
from projections.views import board as view
from projections.views.board import Filter, Page
from settings import Settings, load
from store.people import names_of


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
    program: Annotated[_Text, typer.Option(help="Only journeys of this program.")] = None,
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
    json: Json = False,
) -> None:
    """List journeys: where each one stands and what happens next.

    Filters are combined: a journey is listed if it matches all of them.
    """
    where = Filter(
        program=program,
        stage=stage,
        segment=segment,
        waiting_for=waiting_for,
        waiting_on=waiting_on.value if waiting_on else None,
        mentor=mentor,
        learner=learner,
        attention=attention.value if attention else None,
        paused=paused,
        open=running,
        overdue_at=datetime.now(UTC) if overdue else None,
    )
    page, people = asyncio.run(_board(load(), where, sort, limit))
    if json:
        print_json(page.rows)
    else:
        _show(page, people, where)


async def _board(settings: Settings, where: Filter, sort: Sort, limit: int) -> tuple[Page, dict[str, str]]:
    async with database(settings) as pool:
        page = await view.page(pool, where, sort.value, limit=limit)
        people = [one for row in page.rows for one in (row.learner, row.mentor) if one]
        return page, await names_of(pool, people)


def _show(page: Page, people: dict[str, str], where: Filter) -> None:
    if not page.rows:
        out().print("No journeys match.")
        return
    out().print(board_table(page.rows, people, datetime.now(UTC), where))
    if page.next:
        out().print(f"[dim]Showing the first {len(page.rows)}. Use --limit to see more.[/]")
