"""`trellis revive`: after the loss of a Temporal server."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from interfaces.cli.screen import err, out, print_json
from settings import Settings, load

if TYPE_CHECKING:
    from interfaces.reviving import Lost

_SHOWN = 10

_Program = Annotated[str | None, typer.Option(help="Only the journeys of this program.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Only say which they are.")]
_Json = Annotated[bool, typer.Option("--json", help="Say it as JSON.")]


def revive(*, program: _Program = None, dry_run: _DryRun = False, json: _Json = False) -> None:
    """Take up again, from the log, every open journey that Temporal does not run: after the loss of a Temporal server.

    Journeys that run are left alone. What fell due meanwhile happens at once.
    """
    lost, begun = asyncio.run(_revive(load(), program, dry_run=dry_run))
    if json:
        print_json({"lost": [one.journey for one in lost], "revived": begun})
        return
    for one in lost[:_SHOWN] if dry_run else []:
        out().print(f"  {one.journey}", markup=False)
    if dry_run and len(lost) > _SHOWN:
        out().print(f"  and {len(lost) - _SHOWN} more; --json lists them all")
    many = f"{len(lost)} journeys are" if len(lost) > 1 else "1 journey is"
    done = "not run by Temporal" if dry_run else "taken up again"
    out().print(f"{many} {done}" if lost else "Temporal runs every open journey")


async def _revive(settings: Settings, program: str | None, *, dry_run: bool) -> "tuple[list[Lost], int]":
    from interfaces.cli.connected import database
    from interfaces.client import JourneyClient
    from interfaces.connecting import connect_temporal
    from interfaces.reviving import find_lost
    from interfaces.reviving import revive as take_up

    async with database(settings) as pool:
        temporal = await connect_temporal(settings)
        lost = await find_lost(temporal, pool, program)
    if dry_run:
        return lost, 0
    columns = (TextColumn("journeys"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=err(), transient=True) as progress:
        bar = progress.add_task("journeys", total=len(lost))
        return lost, await take_up(JourneyClient(temporal), lost, lambda done: progress.update(bar, completed=done))
