"""`trellis start`: set learners out on a program."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from domain.ids import JourneyId, LearnerId, ProgramId, journey_id
from interfaces.cli.screen import complain, err, out, print_json
from interfaces.exits import Exit
from settings import Settings, load

if TYPE_CHECKING:
    from collections.abc import Callable

    from domain.kit import Kit
    from interfaces.client import JourneyClient
    from store.database import Pool
    from store.people import Person

_AT_ONCE = 16

_Program = Annotated[str, typer.Argument(help="The program; its kit has been published.")]
_Learner = Annotated[str | None, typer.Argument(help="The learner's id. Left out with --people.")]
_People = Annotated[
    Path | None, typer.Option(help="Everybody in this CSV file: id, name, email, time_zone, answers to the intake.")
]
_Answers = Annotated[
    bool, typer.Option("--send-answers", help="With --people: send in the intake of those whose answers are complete.")
]
_Json = Annotated[bool, typer.Option("--json", help="Say what was done as JSON.")]


class StartError(Exception):
    """What was asked for cannot be started. Nothing was done."""


@dataclass
class Started:
    """What came of it, by journey."""

    begun: list[JourneyId] = field(default_factory=list)
    running: list[JourneyId] = field(default_factory=list)
    """These had begun before."""
    answered: list[JourneyId] = field(default_factory=list)
    failed: dict[JourneyId, str] = field(default_factory=dict)


def start(
    program: _Program,
    learner: _Learner = None,
    *,
    people: _People = None,
    send_answers: _Answers = False,
    json: _Json = False,
) -> None:
    """Set a learner out on a program, or everybody in a file. Who has set out already just goes on.

    The people of a file are stored, or replaced where they were known; a file with a mistake in it changes nothing.
    Exit code 1: some could not be started; run it again to try those anew.
    """
    if (learner is None) == (people is None):
        raise StartError("say who: a learner's id after the program, or --people with a file")
    started = asyncio.run(_start(load(), ProgramId(program), learner, people, send_answers=send_answers))
    if json:
        print_json(started)
    else:
        _say(started)
    if started.failed:
        raise typer.Exit(Exit.FAILED)


async def _start(
    settings: Settings, program: ProgramId, learner: str | None, people: Path | None, *, send_answers: bool
) -> Started:
    from interfaces.cli.connected import database, journeys
    from interfaces.people_csv import read_learners
    from store import people as known

    async with database(settings) as pool:
        kit = await _kit(pool, program)
        client = await journeys(settings)
        if people is None:
            return await _begin_all(client, kit, {LearnerId(str(learner)): None}, send_answers=False)
        learners = read_learners(people, kit)
        await known.upsert_many(pool, learners)
        everybody: dict[LearnerId, Person | None] = {LearnerId(one.person_id): one for one in learners}
        return await _begin_all(client, kit, everybody, send_answers=send_answers)


async def _kit(pool: "Pool", program: ProgramId) -> "Kit":
    from domain.kit import Kit
    from store import kits

    published = await kits.latest(pool, program)
    if published:
        return Kit.model_validate_json(published.body)
    there = ", ".join(one.program for one in await kits.programs(pool)) or "none yet"
    raise StartError(
        f"no kit of the program {program!r} is published; there are: {there}. trellis publish FOLDER adds one"
    )


async def _begin_all(
    client: "JourneyClient", kit: "Kit", everybody: "dict[LearnerId, Person | None]", *, send_answers: bool
) -> Started:
    from pydantic import ValidationError
    from temporalio.service import RPCError

    from interfaces.client import NotStarted, Refused

    started = Started()
    at_once = asyncio.Semaphore(_AT_ONCE)
    with _progress(len(everybody)) as advance:

        async def begin(learner: LearnerId, person: "Person | None") -> None:
            journey = journey_id(kit.program_id, learner)
            async with at_once:
                try:
                    await _begin(client, kit, learner, person if send_answers else None, started)
                except (Refused, NotStarted, RPCError, ValidationError) as error:
                    started.failed[journey] = str(error)
            advance()

        async with asyncio.TaskGroup() as tasks:
            for learner, person in everybody.items():
                tasks.create_task(begin(learner, person))
    return started


async def _begin(
    client: "JourneyClient", kit: "Kit", learner: LearnerId, person: "Person | None", started: Started
) -> None:
    from workflows.contract import Begin

    journey = journey_id(kit.program_id, learner)
    is_new = await client.begin(Begin(program=kit.program, learner=learner))
    (started.begun if is_new else started.running).append(journey)
    stage = (await client.status(journey)).stage
    answers = person.attributes["answers"] if person else {}
    if answers and stage == "intake" and not kit.intake.problems_with(answers):
        answer = await client.send(journey, "submit_intake", {"by": f"learner:{learner}", "answers": answers})
        started.answered += [journey] if answer.events else []


@contextmanager
def _progress(total: int) -> "Iterator[Callable[[], None]]":
    columns = (TextColumn("journeys"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err(), transient=True, disable=total == 1) as progress:
        bar = progress.add_task("journeys", total=total)
        yield lambda: progress.advance(bar)


def _say(started: Started) -> None:
    console = out()
    everybody = [*started.begun, *started.running]
    if len(everybody) == 1 and not started.failed:
        said = "has begun" if started.begun else "had begun before"
        console.print(f"[bold]{everybody[0]}[/] {said}; trellis status {everybody[0]} says what comes next")
        return
    answered = f", {len(started.answered)} sent in their answers" if started.answered else ""
    console.print(f"{len(started.begun)} journeys have begun, {len(started.running)} had before{answered}")
    for journey, why in sorted(started.failed.items()):
        complain(f"{journey}: {why}")
