"""`trellis mentor`: the training of a program's mentors, step by step."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from domain.ids import ProgramId
from domain.values import counted
from interfaces.cli import office_hours
from interfaces.cli.connected import database, names
from interfaces.cli.options import Json, Program
from interfaces.cli.payload import checked
from interfaces.cli.screen import out, print_json, print_listing
from kits.lookup import newest
from projections.views.mentor_load import Load, loads
from queries.listing import Listing
from scenarios.people_csv import read_mentors
from services import training as trainings
from services.training import Acknowledge, Standing, listing, standing
from settings import Settings, load
from store.people import names_of, upsert_many

app = typer.Typer(help="Add mentors and track their training.", no_args_is_help=True)
app.add_typer(office_hours.app, name="office-hours")


@app.command("add")
def add(
    program: Program,
    file: Annotated[
        Path, typer.Argument(help="A CSV file: id, name, mentor_type, capacity, and optionally email and time_zone.")
    ],
    *,
    json: Json = False,
) -> None:
    """Add everybody in a file as a mentor, or nobody if any line has a problem.

    Mentors who are already known are updated. Once any mentor is known, only known mentors can be matched.
    """
    many = asyncio.run(_add(load(), ProgramId(program), file))
    if json:
        print_json({"mentors": many})
    else:
        out().print(f"Stored {counted(many, 'mentor')} from {file}", markup=False)


@app.command("acknowledge")
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


@app.command("training")
def training(program: Program, *, json: Json = False) -> None:
    """Show every mentor's progress through the training of the newest kit."""
    found = asyncio.run(_standing(load(), ProgramId(program)))
    if json:
        print_json(found)
    else:
        _show(found)


@app.command("load")
def load_of_mentors(program: Program, *, json: Json = False) -> None:
    """List how many learners each mentor has now and had before, highest first."""
    found, names_by_id = asyncio.run(_loads(load(), ProgramId(program)))
    if json:
        print_json(found)
    elif not found:
        out().print("No mentors have been matched yet.")
    else:
        rows = [(one.mentor, names_by_id.get(one.mentor, ""), one.learners, one.ever - one.learners) for one in found]
        print_listing(Listing(f"Mentors of {program}", ("mentor", "name", "learners now", "before"), rows))


async def _loads(settings: Settings, program: ProgramId) -> tuple[list[Load], dict[str, str]]:
    async with database(settings) as pool:
        found = await loads(pool, program)
        return found, await names_of(pool, [one.mentor for one in found])


async def _add(settings: Settings, program: ProgramId, file: Path) -> int:
    """Raises NoSuchProgram and PeopleError."""
    async with database(settings) as pool:
        mentors = read_mentors(file, await newest(pool, program))
        await upsert_many(pool, mentors)
    return len(mentors)


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
