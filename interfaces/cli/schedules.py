"""`trellis schedules`: what a program does at intervals."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from pydantic import TypeAdapter

from client.api.models import ScheduleShown
from domain.values import say_duration
from domain.words import distance
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Json, Program
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.reaching import api

app = typer.Typer(help="Show what a program does at intervals; pause it, or run it now.", no_args_is_help=True)

_DURATION: TypeAdapter[timedelta] = TypeAdapter(timedelta)
_Name = Annotated[str, typer.Argument(help="The schedule's name, as `trellis schedules list` shows it.")]


@app.command("list")
def list_(program: Program, *, json: Json = False) -> None:
    """List what the newest kit of a program wants at intervals, and when it happens next."""
    with api() as trellis:
        found = trellis.list_schedules(program)
    print_answer(found) if json else show(*_listed(found))


@app.command()
def pause(program: Program, schedule: _Name, *, json: Json = False) -> None:
    """Let it not happen until it is resumed, whatever the kit says."""
    with api() as trellis:
        found = trellis.pause_schedule(program, schedule)
    print_answer(found) if json else show(Line(f"{found.name} of {program} is paused."))


@app.command()
def resume(program: Program, schedule: _Name, *, json: Json = False) -> None:
    """Let it happen again from its next time on. What was due meanwhile is not made up for."""
    with api() as trellis:
        found = trellis.resume_schedule(program, schedule)
    print_answer(found) if json else show(Line(f"{found.name} of {program} {_standing(found)}."))


@app.command()
def run(program: Program, schedule: _Name, *, json: Json = False) -> None:
    """Let it happen once now, beside its times. While it is under way, nothing more is begun."""
    with api() as trellis:
        found = trellis.run_schedule(program, schedule)
    print_answer(found) if json else show(Line(f"{found.name} of {program} is run now. {found.does}"))


def _listed(found: Sequence[ScheduleShown]) -> Iterator[Line | Grid]:
    if not found:
        yield Line("The newest kit wants nothing at intervals.")
        return
    yield Grid(
        ("schedule", "what it does", "every", "standing", "last"),
        [Row((one.name, one.does, _every(one), _standing(one), _ago(one.last))) for one in found],
    )


def _every(one: ScheduleShown) -> str:
    return say_duration(_DURATION.validate_python(one.every)) if one.every else one.monthly or "-"


def _standing(one: ScheduleShown) -> str:
    if one.standing == "missing":
        return "not kept yet: it is from the first journey on"
    return f"runs {distance(one.next[0], datetime.now(UTC))}" if one.next else one.standing


def _ago(at: datetime | None) -> str:
    return distance(at, datetime.now(UTC)) if at else "never"
