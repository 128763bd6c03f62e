"""`trellis enrollment`: take learners into a program, by the file, with places and a waiting list."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from domain import program as p
from domain.ids import LearnerId, ProgramId
from domain.program import CloseEnrollment, Command, OpenEnrollment, ProgramEvent, ProgramState, Remove
from domain.values import Actor, counted
from domain.words import plain
from interfaces.cli.connected import database, journeys
from interfaces.cli.options import By, Json, Program
from interfaces.cli.payload import checked, typed
from interfaces.cli.screen import out, print_json
from interfaces.cli.start import bar, begin_shown, say_started
from kits.lookup import newest
from runtime.exits import Exit
from scenarios.people_files import read_learners
from services.enrolling import Enrollment, Tally
from services.enrollment import CarriedOut, Enrolling, carry_out
from services.places import current_state
from services.starting import Started
from settings import Settings, load

app = typer.Typer(help="Open and close enrollment, enroll learners, and show the waiting list.")

_SHOWN = 20


@app.command("open")
def open_enrollment(
    program: Program,
    *,
    places: Annotated[
        int | None,
        typer.Option(
            min=0, help="The number of places; further learners are put on the waiting list. Default: unlimited."
        ),
    ] = None,
    override: Annotated[
        str,
        typer.Option(help="The reason to open it although the program is not ready to grow. It is recorded."),
    ] = "",
    by: By = "ops",
    json: Json = False,
) -> None:
    """Open enrollment, with a number of places or without a limit.

    If the number of places grows, learners who have waited longest get the new places. Where the kit has rules of
    growth, more places than it allows without asking need a program that is ready (trellis growth), or an override.
    """
    _do(program, checked("open", OpenEnrollment, {"places": places, "override": override, "by": by}), json=json)


@app.command("close")
def close_enrollment(
    program: Program,
    *,
    reason: Annotated[str, typer.Option(help="The reason. It is recorded.")] = "",
    by: By = "ops",
    json: Json = False,
) -> None:
    """Close enrollment. The waiting list is kept."""
    _do(program, checked("close", CloseEnrollment, {"reason": reason, "by": by}), json=json)


@app.command("remove")
def remove(
    program: Program,
    learner: Annotated[
        str, typer.Argument(help="The id of the learner who gives up a place, or leaves the waiting list.")
    ],
    *,
    reason: Annotated[str, typer.Option(help="The reason. It is recorded.")] = "",
    by: By = "ops",
    json: Json = False,
) -> None:
    """Remove a learner from enrollment, or from the waiting list.

    A place that becomes free goes to the learner who has waited longest. This does not end the journey: use `trellis
    send … withdraw` for that.
    """
    _do(program, checked("remove", Remove, {"learner": learner, "reason": reason, "by": by}), json=json)


@app.command("show")
def show(program: Program, *, json: Json = False) -> None:
    """Show whether enrollment is open, how many places are taken, and the waiting list."""
    state = asyncio.run(_standing(load(), ProgramId(program)))
    if json:
        print_json(state.model_dump(exclude={"entries", "is_limited"}))
        return
    room = "unlimited places" if state.room is None else f"{counted(state.room, 'place')} left"
    said = f"open, {room}" if state.is_open else "closed"
    ended = f", {len(state.ended):,} with an ended journey" if state.ended else ""
    numbers = f"{len(state.enrolled):,} enrolled, {len(state.waiting):,} waiting{ended}"
    out().print(f"[bold]{program}[/] is {said}; {numbers}")
    for nth, learner in enumerate(state.waiting, start=1):
        out().print(f"  {nth:>4}. {learner}", markup=False)


@app.command("add")
def add(
    program: Program,
    people: Annotated[
        Path, typer.Argument(help="A CSV or NDJSON file of learners: id, name, email, time_zone, and intake answers.")
    ],
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done, with exact numbers, and change nothing.")
    ] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Also enroll learners whose journey in this program has ended.")
    ] = False,
    by: By = "ops",
    json: Json = False,
) -> None:
    """Enroll everybody in a file, in order, and start their journeys.

    Learners for whom no place is left are put on the waiting list. A file with an error changes nothing; every error
    is shown with its line. People are stored in batches of some thousands, each together with their places. If the
    command is interrupted, run it again: learners who are already enrolled are left alone. Exit code 1: some journeys
    could not be started. Run the command again to retry those.
    """
    tally, started = asyncio.run(_add(load(), ProgramId(program), people, by, dry_run=dry_run, again=again))
    if json:
        print_json({"dry_run": dry_run, "enrollment": tally, "journeys": started})
    else:
        _say(tally, started)
    if started and started.failed:
        raise typer.Exit(Exit.FAILED)


def _do(program: str, command: Command, *, json: bool) -> None:
    done = asyncio.run(_carry_out(load(), ProgramId(program), command))
    events, started = done.events, done.journeys
    if json:
        told = [{"type": one.type, **one.model_dump(exclude={"at"})} for one in events]
        print_json({"events": told, "journeys": started})
        return
    for event in events:
        out().print(_in_words(event), markup=False)
    if not events:
        out().print("Nothing changed: this was already so.")
    if started:
        _say_started(started)


async def _standing(settings: Settings, program: ProgramId) -> ProgramState:
    async with database(settings) as pool:
        return await current_state(pool, Enrollment(pool), program)


async def _carry_out(settings: Settings, program: ProgramId, command: Command) -> CarriedOut:
    async with database(settings) as pool:
        return await carry_out(pool, await journeys(settings), program, command, begin_shown)


async def _add(
    settings: Settings, program: ProgramId, file: Path, by: str, *, dry_run: bool, again: bool
) -> tuple[Tally, Started | None]:
    given_by = typed("enrollment add", "--by", Actor, by)
    async with database(settings) as pool:
        kit = await newest(pool, program)
        people = read_learners(file, kit)
        enrolling = Enrolling.of_people(pool, kit, people, by=given_by, again=again)
        tally = await enrolling.preview()
        if dry_run or not people:
            return tally, None
        client = await journeys(settings)
        with bar("learners", len(people)) as advance:
            return await enrolling.carry_out(client, advance, begin_shown)


def _say(tally: Tally, started: Started | None) -> None:
    would, begin = ("", "") if started else ("would be ", _would_begin(tally))
    ended = f"; {len(tally.ended_before):,} have an ended journey (use --again to enroll them anew)"
    out().print(
        f"{len(tally.taken):,} {would}enrolled, {len(tally.waiting):,} {would}put on the waiting list; "
        f"{len(tally.enrolled_before):,} already enrolled, {len(tally.waiting_before):,} already waiting"
        + (ended if tally.ended_before else "")
        + begin
    )
    if started:
        _say_started(started)


def _would_begin(tally: Tally) -> str:
    having = len(tally.taken) + len(tally.enrolled_before)
    people = having + len(tally.waiting) + len(tally.waiting_before) + len(tally.ended_before)
    begin = f"{counted(having, 'journey')} would start, except those that have already started"
    return f". {people:,} people would be stored, and {begin}"


def _say_started(started: Started) -> None:
    say_started(started)


def _in_words(event: ProgramEvent) -> str:
    match event:
        case p.EnrollmentOpened():
            return f"open, with {'unlimited places' if event.places is None else counted(event.places, 'place')}"
        case p.GrowthGateOverridden():
            return f"opened although the program is not ready to grow: {', '.join(map(plain, event.unmet))}"
        case p.EnrollmentClosed():
            return "closed"
        case p.LearnersEnrolled():
            return f"enrolled: {_some(event.learners)}"
        case p.LearnersWaitlisted():
            return f"on the waiting list: {_some(event.learners)}"
        case p.LearnerRemoved():
            return f"removed: {event.learner}"
        case p.LearnersJoined():
            return f"started elsewhere: {_some(event.learners)}"
        case p.JourneysEnded():
            return f"ended: {_some(event.learners)}"
        case p.JourneysReopened():
            return f"reopened: {_some(event.learners)}"
        case p.KitPublished():
            return f"published: version {event.version}"


def _some(learners: Sequence[LearnerId]) -> str:
    more = f" and {len(learners) - _SHOWN:,} more" if len(learners) > _SHOWN else ""
    return ", ".join(learners[:_SHOWN]) + more
