"""`trellis enrollment`: take learners into a program, by the file, with places and a waiting list."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from client.api.model import encode
from client.api.models import EnrollmentChanged, EnrollmentRoll
from domain import program as p
from domain.ids import ProgramId
from domain.values import Actor, counted
from domain.words import plain
from interfaces.cli.address import servers_are_elsewhere
from interfaces.cli.answers import print_answer
from interfaces.cli.connected import database, journeys
from interfaces.cli.options import By, Json, Program
from interfaces.cli.payload import typed
from interfaces.cli.reaching import api, received
from interfaces.cli.screen import out, print_json
from interfaces.cli.start import announce, bar, in_bulk_shown, say_started
from interfaces.cli.tables import table
from kits.lookup import newest
from runtime.exits import Exit
from scenarios.people_files import read_learners
from services.bulk import Bulks
from services.enrolling import Tally
from services.enrollment import Enrolling
from services.starting import Started
from settings import Settings, load

app = typer.Typer(help="Open and close enrollment, enroll learners, and show the waiting list.")

_SHOWN = 20
_OF_LEARNERS: Mapping[str, str] = {
    p.LearnersEnrolled.type: "enrolled",
    p.LearnersWaitlisted.type: "on the waiting list",
    p.LearnersJoined.type: "started elsewhere",
    p.JourneysEnded.type: "ended",
    p.JourneysReopened.type: "reopened",
}
_ALONE: Mapping[str, str] = {p.EnrollmentClosed.type: "closed"}


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
    with api() as trellis:
        _said(trellis.open_enrollment(program, places=places, override=override, by=by), json=json)


@app.command("close")
def close_enrollment(
    program: Program,
    *,
    reason: Annotated[str, typer.Option(help="The reason. It is recorded.")] = "",
    by: By = "ops",
    json: Json = False,
) -> None:
    """Close enrollment. The waiting list is kept."""
    with api() as trellis:
        _said(trellis.close_enrollment(program, reason=reason, by=by), json=json)


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
    with api() as trellis:
        _said(trellis.remove_learner(program, learner, reason=reason, by=by), json=json)


@app.command("show")
def show(program: Program, *, json: Json = False) -> None:
    """Show whether enrollment is open, how many places are taken, and the waiting list."""
    with api() as trellis:
        state = trellis.get_enrollment_roll(program)
    if json:
        print_answer(state)
        return
    said = f"open, {_room(state)}" if state.is_open else "closed"
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
    command is interrupted, run it again: learners who are already enrolled are left alone. More than 50 journeys begin
    as a bulk action, which goes on if this command is interrupted. Exit code 1: some journeys could not be started. Run
    the command again to retry those.
    """
    if servers_are_elsewhere():
        _add_remotely(program, people, by, dry_run=dry_run, again=again, json=json)
        return
    tally, started = asyncio.run(_add(load(), ProgramId(program), people, by, dry_run=dry_run, again=again))
    if json:
        print_json({"dry_run": dry_run, "enrollment": tally, "journeys": started})
    else:
        _say(tally, started)
    if started and started.failed:
        raise typer.Exit(Exit.FAILED)


def _said(done: EnrollmentChanged, *, json: bool) -> None:
    if json:
        also = {"to_start": done.to_start, "bulk": done.bulk}
        print_json({"events": done.recorded, "journeys": encode(done.journeys), **also})
        return
    for event in done.recorded:
        out().print(_in_words(event), markup=False)
    if not done.events:
        out().print("Nothing changed: this was already so.")
    if done.journeys:
        say_started(received(Started, done.journeys))
        _say_left(done.to_start, done.bulk)


def _say_left(left: int, bulk: str | None) -> None:
    if left:
        out().print(f"{counted(left, 'further journey')} will start within minutes.")
    if left and bulk:
        announce(bulk)


def _room(state: EnrollmentRoll) -> str:
    left = None if state.places is None else max(state.places - len(state.enrolled), 0)
    return "unlimited places" if left is None else f"{counted(left, 'place')} left"


def _add_remotely(program: str, people: Path, by: str, *, dry_run: bool, again: bool, json: bool) -> None:
    with api() as trellis, table(people) as (content, kind):
        done = trellis.enroll_from_table(program, content, dry_run=dry_run, again=again, by=by, content_type=kind)
    started = received(Started, done.journeys) if done.journeys else None
    if json:
        print_answer(done)
    else:
        _say(received(Tally, done.enrollment), started)
        _say_left(done.to_start, done.bulk)
    if started and started.failed:
        raise typer.Exit(Exit.FAILED)


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
            begin = in_bulk_shown(pool, Bulks(pool, client.temporal), given_by)
            return await enrolling.carry_out(client, advance, begin)


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
        say_started(started)


def _would_begin(tally: Tally) -> str:
    having = len(tally.taken) + len(tally.enrolled_before)
    people = having + len(tally.waiting) + len(tally.waiting_before) + len(tally.ended_before)
    begin = f"{counted(having, 'journey')} would start, except those that have already started"
    return f". {people:,} people would be stored, and {begin}"


def _in_words(event: Mapping[str, Any]) -> str:
    """One that was recorded."""
    match event:
        case {"type": p.EnrollmentOpened.type, "places": places}:
            return f"open, with {'unlimited places' if places is None else counted(places, 'place')}"
        case {"type": p.GrowthGateOverridden.type, "unmet": unmet}:
            return f"opened although the program is not ready to grow: {', '.join(map(plain, unmet))}"
        case {"type": p.LearnerRemoved.type, "learner": learner}:
            return f"removed: {learner}"
        case {"type": p.KitPublished.type, "version": version}:
            return f"published: version {version}"
        case {"type": kind, "learners": learners}:
            return f"{_OF_LEARNERS.get(kind, kind)}: {_some(learners)}"
    return _ALONE.get(event["type"], str(event["type"]))


def _some(learners: Sequence[str]) -> str:
    more = f" and {len(learners) - _SHOWN:,} more" if len(learners) > _SHOWN else ""
    return ", ".join(learners[:_SHOWN]) + more
