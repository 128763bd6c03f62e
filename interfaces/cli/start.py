"""`trellis start`: set learners out on a program."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from domain.ids import LearnerId, ProgramId
from domain.values import counted
from interfaces.cli.screen import complain, err, out, print_json
from interfaces.exits import Exit
from settings import Settings, load

if TYPE_CHECKING:
    from collections.abc import Callable

    from domain.kit import Kit
    from interfaces.beginning import Started
    from interfaces.client import JourneyClient
    from store.people import Person

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
) -> "Started":
    from interfaces.cli.connected import database, journeys
    from interfaces.naming_kits import newest
    from interfaces.people_csv import read_learners
    from store import people as known

    async with database(settings) as pool:
        kit = await newest(pool, program)
        client = await journeys(settings)
        if people is None:
            return await _begin_all(client, kit, {LearnerId(str(learner)): None})
        learners = read_learners(people, kit)
        await known.upsert_many(pool, learners)
        return await _begin_all(
            client, kit, {LearnerId(one.person_id): one if send_answers else None for one in learners}
        )


async def _begin_all(client: "JourneyClient", kit: "Kit", everybody: "dict[LearnerId, Person | None]") -> "Started":
    from interfaces.beginning import begin_all

    with journeys_bar(len(everybody)) as advance:
        return await begin_all(client, kit, everybody, advance)


@contextmanager
def journeys_bar(total: int) -> "Iterator[Callable[[], None]]":
    """A bar on stderr, for more than one; call what it hands out for each journey that is done."""
    columns = (TextColumn("journeys"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err(), transient=True, disable=total == 1) as progress:
        bar = progress.add_task("journeys", total=total)
        yield lambda: progress.advance(bar)


def _say(started: "Started") -> None:
    console = out()
    everybody = [*started.begun, *started.running]
    if len(everybody) == 1 and not started.failed:
        said = "has begun" if started.begun else "had begun before"
        console.print(f"[bold]{everybody[0]}[/] {said}; trellis status {everybody[0]} says what comes next")
        return
    answered = f", {len(started.answered)} sent in their answers" if started.answered else ""
    console.print(f"{_begun(len(started.begun))}, {len(started.running)} had before{answered}")
    for journey, why in sorted(started.failed.items()):
        complain(f"{journey}: {why}")


def _begun(many: int) -> str:
    return f"{counted(many, 'journey')} {'has' if many == 1 else 'have'} begun"
