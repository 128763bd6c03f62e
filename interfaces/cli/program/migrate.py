"""`trellis program migrate`: move open journeys to another version of their kit."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from domain.values import counted
from interfaces.cli.connected import database, journeys
from interfaces.cli.options import By, Json, Program
from interfaces.cli.screen import complain, err, out, print_json
from kits.lookup import of_program
from runtime.exits import Exit
from services.moving_kits import Candidate, Outcome, Plan, carry_out, plan
from settings import Settings, load

_To = Annotated[str, typer.Option(help="The version to move to, or its digest.")]
_Journeys = Annotated[
    list[str] | None, typer.Option("--journey", help="Only move this journey. Can be given more than once.")
]
_Yes = Annotated[bool, typer.Option("--yes", help="Move the journeys. Without this option, nothing is changed.")]
_Reason = Annotated[str, typer.Option(help="The reason, for the journeys' timelines.")]
_Limit = Annotated[int, typer.Option(min=0, help="The maximum number of journeys to show changes for.")]


def migrate(
    program: Program,
    *,
    to: _To,
    journey: _Journeys = None,
    yes: _Yes = False,
    reason: _Reason = "the program has a new version",
    by: By = "ops",
    limit: _Limit = 20,
    json: Json = False,
) -> None:
    """Move open journeys to another version of their kit.

    Without --yes, only shows for each open journey what would change, or why it cannot be moved. With --yes, moves
    those that can be moved. Exit code 1: some were not moved.
    """
    planned, outcomes = asyncio.run(_migrate(load(), program, to, (journey or [], yes, reason, by)))
    if json:
        print_json(_facts(planned, outcomes))
    else:
        _say(planned, limit)
        _say_outcomes(planned, outcomes)
    if outcomes and not all(one.moved for one in outcomes):
        raise typer.Exit(Exit.FAILED)


async def _migrate(
    settings: Settings, program: str, to: str, order: tuple[Sequence[str], bool, str, str]
) -> tuple[Plan, list[Outcome] | None]:
    only, yes, reason, by = order
    async with database(settings) as pool:
        planned = await plan(pool, program, await of_program(pool, program, to), only)
    if not yes:
        return planned, None
    client = await journeys(settings)
    columns = (TextColumn("journeys"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err(), transient=True) as progress:
        bar = progress.add_task("journeys", total=len(planned.moves))
        return planned, await carry_out(client, planned, reason, by, lambda done: progress.update(bar, completed=done))


def _facts(planned: Plan, outcomes: list[Outcome] | None) -> dict[str, object]:
    return {
        "program": planned.program,
        "to": {"version": planned.to.version, "digest": planned.to.digest},
        "as_of": planned.as_of,
        "journeys": planned.candidates,
        "outcomes": outcomes,
    }


def _say(planned: Plan, limit: int) -> None:
    console = out()
    counts = {which: sum(one.becomes == which for one in planned.candidates) for which in ("moves", "stays", "cannot")}
    console.print(
        f"[bold]{escape(planned.program)}[/] to {escape(planned.to.version)} ({planned.to.digest[:12]}): "
        f"open journeys: {len(planned.candidates)}, can be moved: {counts['moves']}, "
        f"already on this version: {counts['stays']}, cannot be moved: {counts['cannot']}",
        soft_wrap=True,
    )
    told = [one for one in planned.candidates if one.becomes != "stays"]
    for one in told[:limit]:
        _say_one(one)
    if len(told) > limit:
        console.print(f"[dim]and {len(told) - limit} more (use --limit, or --json for all)[/]")


def _say_one(one: Candidate) -> None:
    console = out()
    console.print(f"  [bold]{escape(one.journey)}[/] (in {one.stage.replace('_', '-')})", soft_wrap=True)
    if one.becomes == "cannot":
        console.print(f"    [yellow]cannot be moved:[/] {escape(one.reason or '')}", soft_wrap=True)
    for change in one.changes:
        console.print(f"    {escape(change)}", soft_wrap=True)
    if one.becomes == "moves" and not one.changes:
        console.print("    No dates change. From now on the rules of the other version apply.", style="dim")


def _say_outcomes(planned: Plan, outcomes: list[Outcome] | None) -> None:
    if outcomes is None:
        out().print("Nothing was changed. To move them, add --yes." if planned.moves else "There is nothing to move.")
        return
    for one in outcomes:
        if not one.moved:
            complain(f"{one.journey}: {one.reason}")
    moved = sum(one.moved for one in outcomes)
    were = "was" if len(outcomes) == 1 else "were"
    out().print(f"{moved} of {counted(len(outcomes), 'journey')} {were} moved.")
