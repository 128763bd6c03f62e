"""`trellis start`: start journeys of learners through a program."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from client.api import Trellis, models
from client.journeys import JourneyClient
from client.starting import Entrant
from domain.bulk.events import FASTEST
from domain.ids import BulkId, JourneyId, LearnerId, ProgramId
from domain.kit import Kit
from domain.program import ProgramState, Start
from domain.values import counted
from interfaces.cli.address import servers_are_elsewhere
from interfaces.cli.connected import database, journeys
from interfaces.cli.options import Json, Program
from interfaces.cli.payload import checked
from interfaces.cli.reaching import api, received
from interfaces.cli.screen import complain, err, out, print_json
from interfaces.cli.tables import table
from kits.lookup import newest
from runtime.connecting import connect_temporal
from runtime.exits import Exit
from scenarios.people_files import read_learners
from services.bulk import Beginning, Bulks, Entry, enter, started_of
from services.enrolling import Enrollment, enroll_people, preview
from services.enrollment import Begin
from services.places import catch_up
from services.starting import Started, ended_before, entrants, start_all
from settings import Settings, load
from store.bulk import ItemRow
from store.database import Pool

_POLL_SECONDS = 0.2

_Learner = Annotated[str | None, typer.Argument(help="The learner's id, unless you use --people.")]
_People = Annotated[
    Path | None,
    typer.Option(help="A CSV or NDJSON file of learners: id, name, email, time_zone, and intake answers."),
]
_Answers = Annotated[
    bool,
    typer.Option(
        "--send-answers",
        help="Submit the intake answers of the file, or those stored with the learner. Incomplete answers are kept "
        "until the rest arrive.",
    ),
]
_Again = Annotated[
    bool, typer.Option("--again", help="Start another journey for learners whose last one in this program has ended.")
]
_PastPlaces = Annotated[
    bool, typer.Option("--past-places", help="Start even if no place is left or enrollment is closed.")
]


class StartError(Exception):
    """What was asked for cannot be started. Nothing was done."""


def start(
    program: Program,
    learner: _Learner = None,
    *,
    people: _People = None,
    send_answers: _Answers = False,
    again: _Again = False,
    past_places: _PastPlaces = False,
    json: Json = False,
) -> None:
    """Start a learner's journey, or one for everybody in a file.

    Journeys that have started are left alone. Once enrollment has been opened, every learner who starts takes a
    place; if there are fewer places than learners, nobody is started. The people in a file are stored, and replaced
    if they are known already; a file with an error changes nothing. Exit code 1: some journeys could not be started,
    or none because of the places. Run the command again to retry those. The journeys of a file begin as a bulk action,
    which goes on if this command is interrupted.
    """
    if (learner is None) == (people is None):
        raise StartError("Give either a learner's id after the program, or a file with --people.")
    asked = _Asked(ProgramId(program), learner, people, send_answers, again, past_places)
    if servers_are_elsewhere():
        started, over = _start_remotely(asked), None
    else:
        started, over = asyncio.run(_start_all(load(), asked, people) if people else _start(load(), asked))
    if json:
        print_json(started)
    else:
        _say(started, asked)
    if over:
        complain(over)
    if started.failed:
        raise typer.Exit(Exit.FAILED)


@dataclass(frozen=True)
class _Asked:
    program: ProgramId
    learner: str | None
    people: Path | None
    send_answers: bool
    again: bool
    past_places: bool


def _start_remotely(asked: _Asked) -> Started:
    with api() as trellis:
        if asked.people:
            return _start_table(trellis, asked, asked.people)
        done = trellis.start_journey(
            program=asked.program,
            learner=str(asked.learner),
            send_answers=asked.send_answers,
            again=asked.again,
            past_places=asked.past_places,
        )
        started = Started()
        for what in ("begun" if done.started else "running", done.answered):
            if what:
                getattr(started, what).append(JourneyId(done.journey))
        return started


def _start_table(trellis: Trellis, asked: _Asked, file: Path) -> Started:
    """As a bulk action of the service: it goes on if this command is killed."""
    with table(file) as (content, kind):
        shown = trellis.start_journeys(
            content,
            program=asked.program,
            send_answers=asked.send_answers,
            again=asked.again,
            past_places=asked.past_places,
            rate=FASTEST,
            content_type=kind,
        )
    announce(shown.id)
    with bar("journeys", shown.journeys) as advance:
        while shown.status in {"running", "paused"}:
            time.sleep(_POLL_SECONDS)
            before, shown = shown.left, trellis.get_bulk_action(shown.id)
            advance(before - shown.left)
    return started_of(received(list[ItemRow], _items(trellis, shown.id)))


def _items(trellis: Trellis, bulk: str) -> list[models.ItemRow]:
    page = trellis.list_bulk_journeys(bulk, limit=1_000)
    items = list(page.journeys)
    while page.next:
        page = trellis.list_bulk_journeys(bulk, limit=1_000, after=page.next)
        items += page.journeys
    return items


async def _start(settings: Settings, asked: _Asked) -> tuple[Started, str | None]:
    """What was started, and a warning when it goes beyond the number of places."""
    learner = LearnerId(str(asked.learner))
    fields = {"learners": (learner,), "again": asked.again, "past_places": asked.past_places}
    command = checked("start", Start, fields)
    async with database(settings) as pool:
        kit = await newest(pool, asked.program)
        client = await journeys(settings)
        enrollment = Enrollment(pool)
        admitted = (await catch_up(pool, enrollment)).get(asked.program, ())
        before = await enrollment.state(asked.program)
        preview(before, [command], datetime.now(UTC))
        if learner in before.ended - before.enrolled and not asked.again:
            raise await ended_before(pool, asked.program, learner, before)
        await enroll_people(enrollment, asked.program, [(command, [])], lambda _: None)
        state = await enrollment.state(asked.program)
        those = await entrants(pool, asked.program, state, [learner], with_answers=asked.send_answers)
        moved_up = await entrants(pool, asked.program, state, [one for one in admitted if one != learner])
        return await begin_shown(client, kit, [*those, *moved_up]), _over(state)


async def _start_all(settings: Settings, asked: _Asked, file: Path) -> tuple[Started, str | None]:
    """The same for everybody in a file, as a bulk action: it goes on if this command is killed."""
    async with database(settings) as pool:
        known = read_learners(file, await newest(pool, asked.program))
        bulks = Bulks(pool, await connect_temporal(settings))
        entry = Entry(asked.program, known, asked.send_answers, asked.again, asked.past_places, rate=FASTEST)
        with bar("learners", len(known)) as advance:
            bulk = await enter(pool, entry, advance=advance)
        state = await Enrollment(pool).state(asked.program)
        started = await _begun_in_bulk(bulks, bulk)
        outside = [one for one in entry.learners if one not in state.enrolled]
        started.ended += [state.journey_of(asked.program, one) for one in outside]
        return started, _over(state)


async def _begun_in_bulk(bulks: Bulks, bulk: BulkId) -> Started:
    """What came of its journeys, once it is over."""
    shown = await bulks.show(bulk)
    if not shown.journeys:
        return Started()
    shown = await bulks.begin(bulk, digest=shown.digest, by="ops")
    announce(bulk)
    with bar("journeys", shown.journeys) as advance:
        while shown.status in ("running", "paused"):
            await asyncio.sleep(_POLL_SECONDS)
            before, shown = shown.left, await bulks.show(bulk)
            advance(before - shown.left)
    return started_of(await bulks.items(bulk, limit=shown.journeys))


def _over(state: ProgramState) -> str | None:
    if state.places is None or len(state.enrolled) <= state.places:
        return None
    return f"Over the limit: {len(state.enrolled)} learners now have a place, but there are only {state.places} places."


async def begin_shown(client: JourneyClient, kit: Kit, those: Sequence[Entrant]) -> Started:
    """Begins their journeys, with a bar."""
    with bar("journeys", len(those)) as advance:
        return await start_all(client, kit, those, advance)


def in_bulk_shown(pool: Pool, bulks: Bulks, by: str) -> Begin:
    """How many journeys are begun: with a bar, and those of a bulk action go on without it."""

    async def begin(client: JourneyClient, kit: Kit, those: Sequence[Entrant]) -> Started:
        with bar("journeys", len(those)) as advance:
            return await Beginning(pool, bulks, by, advance=advance, announce=announce)(client, kit, those)

    return begin


def announce(bulk: str) -> None:
    err().print(f"[dim]Bulk action {bulk}. It goes on without this command: trellis bulk show {bulk}[/]")


@contextmanager
def bar(what: str, total: int) -> Iterator[Callable[..., None]]:
    """A bar on stderr, for more than one; call what it hands out with how many more are done, or for one of them."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err(), transient=True, disable=total <= 1) as progress:
        shown = progress.add_task(what, total=total)

        def advance(by: int = 1) -> None:
            progress.advance(shown, by)

        yield advance


def _say(started: Started, asked: _Asked) -> None:
    everybody = [*started.begun, *started.running]
    if asked.learner and len(everybody) == 1 and not started.failed:
        still = " and is still open (--again only applies to journeys that have ended)" if asked.again else ""
        said = "has started" if started.begun else f"had already started{still}"
        out().print(f"[bold]{everybody[0]}[/] {said}. To see what comes next: trellis status {everybody[0]}")
        return
    say_started(started)
    if started.ended:
        out().print(f"{len(started.ended)} had already ended and were left alone. To start new ones, use --again.")


def say_started(started: Started) -> None:
    """How many journeys have begun, and what became of the others."""
    answered = f", {len(started.answered)} intake forms submitted" if started.answered else ""
    answered += f", {len(started.partly_answered)} intake forms partly filled in" if started.partly_answered else ""
    out().print(f"{_has(len(started.begun))} started, {len(started.running)} had already started{answered}")
    for journey, why in sorted(started.failed.items()):
        complain(f"{journey}: {why}")


def _has(many: int) -> str:
    """`1 journey has`, `2 journeys have`."""
    return f"{counted(many, 'journey')} {'has' if many == 1 else 'have'}"
