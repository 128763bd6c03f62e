"""`trellis enrollment`: take learners into a program, by the file, with places and a waiting list."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from domain.ids import LearnerId, ProgramId
from interfaces.cli.screen import complain, out, print_json
from interfaces.exits import Exit
from settings import Settings, load

if TYPE_CHECKING:
    from collections.abc import Mapping

    from domain.kit import Kit
    from domain.program import ProgramEvent, ProgramState
    from interfaces.beginning import Started
    from interfaces.enrolling import Command, Preview
    from store.people import Person

app = typer.Typer(help="Open and close a program to learners, take them in by the file, and see who waits.")

_Program = Annotated[str, typer.Argument(help="The program; its kit has been published.")]
_Json = Annotated[bool, typer.Option("--json", help="Say it as JSON.")]
_By = Annotated[str, typer.Option(help="Who does it, such as ops:ana.")]


@app.command("open")
def open_enrollment(
    program: _Program,
    *,
    places: Annotated[
        int | None, typer.Option(min=0, help="How many at most; the rest wait. None: as many as come.")
    ] = None,
    by: _By = "ops",
    json: _Json = False,
) -> None:
    """Take learners in from now on. With more places than before, those who wait the longest get them."""
    from domain.program import OpenEnrollment

    _do(program, OpenEnrollment(places=places, by=by), json=json)


@app.command("close")
def close_enrollment(
    program: _Program,
    *,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    by: _By = "ops",
    json: _Json = False,
) -> None:
    """Take nobody in any more. Who waits goes on waiting."""
    from domain.program import CloseEnrollment

    _do(program, CloseEnrollment(reason=reason, by=by), json=json)


@app.command("remove")
def remove(
    program: _Program,
    learner: Annotated[str, typer.Argument(help="Who gives up their place, or their wait for one.")],
    *,
    reason: Annotated[str, typer.Option(help="Why, for the record.")] = "",
    by: _By = "ops",
    json: _Json = False,
) -> None:
    """Free a place. It goes to whoever waits the longest. The journey itself is ended by `trellis send … withdraw`."""
    from domain.program import Remove

    _do(program, Remove(learner=LearnerId(learner), reason=reason, by=by), json=json)


@app.command("show")
def show(program: _Program, *, json: _Json = False) -> None:
    """Whether the program is open, how many places are taken, and who waits, in order."""
    state = asyncio.run(_standing(load(), ProgramId(program)))
    if json:
        print_json(state)
        return
    room = "as many as come" if state.room is None else f"room for {state.room} more"
    said = f"open, {room}" if state.is_open else "closed"
    out().print(f"[bold]{program}[/] is {said}; {len(state.enrolled)} enrolled, {len(state.waiting)} waiting")
    for nth, learner in enumerate(state.waiting, start=1):
        out().print(f"  {nth:>4}. {learner}", markup=False)


@app.command("add")
def add(
    program: _Program,
    people: Annotated[Path, typer.Argument(help="CSV or NDJSON: id, name, email, time_zone, answers to the intake.")],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be done, with the exact count.")
    ] = False,
    by: _By = "ops",
    json: _Json = False,
) -> None:
    """Take in everybody in a file, in its order, and begin their journeys; without a place left, they wait.

    A file with a mistake in it changes nothing; every mistake is told with its line. Broken off, it is run again: who
    is in already is passed over. Exit code 1: some journeys could not be begun; run it again to try those anew.
    """
    preview, started = asyncio.run(_add(load(), ProgramId(program), people, by, dry_run=dry_run))
    if json:
        print_json({"dry_run": dry_run, "enrollment": preview, "journeys": started})
    else:
        _say(preview, started)
    if started and started.failed:
        raise typer.Exit(Exit.FAILED)


def _do(program: str, command: "Command", *, json: bool) -> None:
    events, started = asyncio.run(_obey(load(), ProgramId(program), command))
    if json:
        print_json(
            {"events": [{"type": one.type, **one.model_dump(exclude={"at"})} for one in events], "journeys": started}
        )
        return
    for event in events:
        out().print(_in_words(event), markup=False)
    if not events:
        out().print("nothing changed: it was so before")
    if started:
        _say_started(started)


async def _standing(settings: Settings, program: ProgramId) -> "ProgramState":
    from interfaces.cli.connected import database
    from interfaces.enrolling import standing

    async with database(settings) as pool:
        return await standing(pool, program)


async def _obey(
    settings: Settings, program: ProgramId, command: "Command"
) -> "tuple[list[ProgramEvent], Started | None]":
    """Whoever gets a place by it sets out."""
    from domain.program import LearnersEnrolled
    from interfaces.cli.connected import database
    from interfaces.enrolling import obey, say_published
    from interfaces.naming_kits import newest
    from store.people import get

    async with database(settings) as pool:
        kit = await newest(pool, program)
        await say_published(pool, kit)
        events = await obey(pool, program, command, datetime.now(UTC))
        admitted = [one for event in events if isinstance(event, LearnersEnrolled) for one in event.learners]
        people = [await get(pool, one) for one in admitted]
        known = {LearnerId(one.person_id): one for one in people if one}
        return events, await _begin(settings, kit, {one: known.get(one) for one in admitted}) if admitted else None


async def _add(
    settings: Settings, program: ProgramId, file: Path, by: str, *, dry_run: bool
) -> "tuple[Preview, Started | None]":
    from domain.program import Enroll
    from interfaces.cli.connected import database
    from interfaces.enrolling import obey, preview, standing
    from interfaces.naming_kits import newest
    from interfaces.people_files import read_learners
    from store.people import upsert_many

    async with database(settings) as pool:
        kit = await newest(pool, program)
        learners = read_learners(file, kit)
        ids = tuple(LearnerId(one.person_id) for one in learners)
        foreseen = preview(await standing(pool, program), ids, datetime.now(UTC))
        if dry_run or not ids:
            return foreseen, None
        await upsert_many(pool, learners)
        await obey(pool, program, Enroll(learners=ids, by=by), datetime.now(UTC))
        enrolled = (await standing(pool, program)).enrolled
        everybody = {LearnerId(one.person_id): one for one in learners if one.person_id in enrolled}
        return foreseen, await _begin(settings, kit, everybody)


async def _begin(settings: Settings, kit: "Kit", everybody: "Mapping[LearnerId, Person | None]") -> "Started":
    from interfaces.beginning import begin_all
    from interfaces.cli.connected import journeys
    from interfaces.cli.start import journeys_bar

    client = await journeys(settings)
    with journeys_bar(len(everybody)) as advance:
        return await begin_all(client, kit, everybody, advance)


def _say(preview: "Preview", started: "Started | None") -> None:
    would = "" if started else "would be "
    out().print(
        f"{len(preview.taken)} {would}taken in, {len(preview.waiting)} {would}put on the waiting list; "
        f"{len(preview.enrolled_before)} are in already, {len(preview.waiting_before)} wait already"
    )
    if started:
        _say_started(started)


def _say_started(started: "Started") -> None:
    answered = f", {len(started.answered)} sent in their answers" if started.answered else ""
    out().print(f"{len(started.begun)} journeys have begun, {len(started.running)} had before{answered}")
    for journey, why in sorted(started.failed.items()):
        complain(f"{journey}: {why}")


def _in_words(event: "ProgramEvent") -> str:
    from domain import program as p

    match event:
        case p.EnrollmentOpened():
            return f"open, with {'as many places as it takes' if event.places is None else f'{event.places} places'}"
        case p.EnrollmentClosed():
            return "closed"
        case p.LearnersEnrolled():
            return f"taken in: {', '.join(event.learners)}"
        case p.LearnersWaitlisted():
            return f"on the waiting list: {', '.join(event.learners)}"
        case p.LearnerRemoved():
            return f"removed: {event.learner}"
        case p.KitPublished():
            return f"published: version {event.version}"
