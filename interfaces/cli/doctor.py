"""`trellis doctor`: whether everything works, and what to do where it does not."""

import asyncio

import typer
from rich.markup import escape
from rich.table import Table

from interfaces.cli.options import Json
from interfaces.cli.screen import out, print_json
from runtime.exits import Exit
from services.diagnosis import Finding, State, examine
from settings import load

_STYLES = {"ok": "green", "needs a person": "yellow", "broken": "red"}


def doctor(*, json: Json = False) -> None:
    """Check every part of Trellis and say what needs attention.

    Checks servers, schema, storage, clocks, sequencer, views, workflows, workers, schedules, kits, keys, webhooks, bulk
    actions, HTTP, versions, disk, and messages, and says what to do about each problem. Changes nothing. Exit code 0:
    everything is well. Exit code 1: something is broken or needs a person.
    """
    found = asyncio.run(examine(load()))
    well = all(one.state == State.OK for one in found)
    if json:
        print_json({"well": well, "findings": found})
    else:
        _show(found)
    if not well:
        raise typer.Exit(Exit.FAILED)


def _show(found: list[Finding]) -> None:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for _ in range(3):
        table.add_column(overflow="fold")
    for one in found:
        table.add_row(f"[{_STYLES[one.state]}]{one.state}[/]", escape(one.about), escape(one.says))
        if one.remedy:
            table.add_row("", "", f"[bold]→[/] {escape(one.remedy)}")
    out().print(table)
