"""`trellis mentor acknowledge`, `trellis mentor training`: the training of a program's mentors, step by step."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from domain.ids import ProgramId
from interfaces.cli.connected import database, names
from interfaces.cli.options import Json, Program
from interfaces.cli.payload import checked
from interfaces.cli.screen import out, print_json, print_listing
from services import training as trainings
from services.training import Acknowledge, Standing, listing, standing
from settings import Settings, load


def acknowledge(
    mentor: Annotated[str, typer.Argument(help="The mentor's id.")],
    step: Annotated[str, typer.Argument(help="The training step: the name of its text in the kit.")],
    *,
    program: Annotated[str, typer.Option(help="The program that the training belongs to.")],
    by: Annotated[str, typer.Option(help="Who reports this, such as mentor:ana or ops. It is recorded.")] = "ops",
    json: Json = False,
) -> None:
    """Record that a mentor has completed a step of the program's training.

    Repeating this changes nothing. Exit code 1: the newest kit has no such step. Exit code 2: the mentor's id or --by
    is invalid.
    """
    fields = {"mentor": mentor, "program": program, "step": step, "by": by}
    new = asyncio.run(_acknowledge(load(), checked("acknowledge", Acknowledge, fields)))
    if json:
        print_json({"mentor": mentor, "program": program, "step": step, "new": new})
    else:
        name = asyncio.run(names(load(), [mentor])).get(mentor, "no mentor with this id is known yet")
        said = "acknowledged" if new else "had already acknowledged"
        out().print(f"{mentor} ({name}) {said}: {step}", markup=False)


def training(program: Program, *, json: Json = False) -> None:
    """Show every mentor's progress through the training of the newest kit."""
    found = asyncio.run(_standing(load(), ProgramId(program)))
    if json:
        print_json(found)
    else:
        _show(found)


async def _acknowledge(settings: Settings, command: Acknowledge) -> bool:
    async with database(settings) as pool:
        return await trainings.acknowledge(pool, command, datetime.now(UTC))


async def _standing(settings: Settings, program: ProgramId) -> Standing:
    async with database(settings) as pool:
        return await standing(pool, program)


def _show(found: Standing) -> None:
    if not found.steps:
        out().print(f"{found.program} {found.version} has no mentor training.", markup=False)
    elif not found.mentors:
        out().print("No mentors are known yet. To add some: trellis mentor add")
    else:
        print_listing(listing(found))
        ready = sum(one.ready for one in found.mentors)
        out().print(f"{ready} of {len(found.mentors)} mentors have completed the training.")
