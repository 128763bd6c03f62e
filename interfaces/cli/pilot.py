"""`trellis pilot`: try a change with some learners, beside a baseline without it."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from client.api.models import Imported, PilotReport, Whom
from interfaces.cli.answers import print_answer, write
from interfaces.cli.inputs import json_of
from interfaces.cli.options import Json, Program
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.reaching import api

app = typer.Typer(help="Try a change with some learners, beside a baseline without it.")

_Pilot = Annotated[str, typer.Argument(help="The name of the pilot, as `trellis pilot list` shows it.")]
_By = Annotated[str | None, typer.Option(help="Who does this, such as ops:ana. It is recorded.")]
_MOMENT = "with an offset, such as 2027-03-02T00:00Z."


class Verdict(StrEnum):
    kept = "kept"
    dropped = "dropped"
    undecided = "undecided"


class Source(StrEnum):
    imported = "imported"
    rehearsal = "rehearsal"


@app.command("list")
def listed(program: Program, *, json: Json = False) -> None:
    """List the pilots of a program, the latest first."""
    with api() as trellis:
        found = trellis.list_pilots(program)
    if json:
        print_answer(found)
        return
    rows = [
        Row(
            (
                *(one.pilot, one.title, one.measure, f"{one.begun_at:%d %b %Y}"),
                f"{one.verdict}, {one.ended_at:%d %b %Y}" if one.ended_at else "under way",
                "BROKEN" if one.broken else "yes",
            )
        )
        for one in found
    ]
    columns = ("pilot", "title", "measure", "begun", "ended", "one change")
    show(Grid(columns, rows) if rows else Line("No pilot has begun yet."))


@app.command()
def begin(
    program: Program,
    name: Annotated[str, typer.Argument(help="A name within the program, such as short-intake.")],
    *,
    change: Annotated[str, typer.Option(help="What is different for the learners of the pilot: one thing.")],
    measure: Annotated[str, typer.Option(help="The id of the measure that judges it, such as completion.")],
    title: Annotated[str | None, typer.Option(help="A title. Default: the change.")] = None,
    cohort: Annotated[
        str | None, typer.Option(help="The learners of the pilot: this group, or month (2026-11).")
    ] = None,
    version: Annotated[str | None, typer.Option(help="The learners who began with this version of the kit.")] = None,
    since: Annotated[str | None, typer.Option(help=f"The learners who began from then on, {_MOMENT}")] = None,
    until: Annotated[str | None, typer.Option(help=f"The learners who began before then, {_MOMENT}")] = None,
    baseline_cohort: Annotated[str | None, typer.Option(help="The baseline: this group, or month.")] = None,
    baseline_version: Annotated[str | None, typer.Option(help="The baseline: who began with this version.")] = None,
    baseline_since: Annotated[str | None, typer.Option(help=f"The baseline: who began from then on, {_MOMENT}")] = None,
    baseline_until: Annotated[str | None, typer.Option(help=f"The baseline: who began before then, {_MOMENT}")] = None,
    figures: Annotated[
        Path | None, typer.Option(help="The baseline: a JSON file of figures, as `trellis pilot figures` prints it.")
    ] = None,
    least_difference: Annotated[
        float | None, typer.Option(help="The smallest difference that matters, such as 0.1 for 10 points of a share.")
    ] = None,
    several: Annotated[bool, typer.Option("--several", help="Begin although more than one thing changes.")] = False,
    by: _By = None,
    json: Json = False,
) -> None:
    """Begin to compare learners who have a change with a baseline without it.

    The baseline is other learners of the program, or a file of figures: of a time before Trellis, or of a rehearsal.
    Where more than one thing changes it is refused, unless --several says that this is meant.
    """
    baseline = _read(figures) if figures else _whom(baseline_cohort, baseline_version, baseline_since, baseline_until)
    with api() as trellis:
        found = trellis.begin_pilot(
            program,
            name=name,
            title=title or change,
            change=change,
            measure=measure,
            whom=_whom(cohort, version, since, until),
            baseline=baseline,
            least_difference=least_difference,
            several=several,
            by=by,
        )
    _say(found, json=json)


@app.command("show")
def shown(program: Program, pilot: _Pilot, *, json: Json = False) -> None:
    """Show a pilot beside its baseline: each difference, and how many learners it still takes."""
    with api() as trellis:
        _say(trellis.get_pilot(program, pilot), json=json)


@app.command()
def change(
    program: Program,
    pilot: _Pilot,
    *,
    what: Annotated[str, typer.Option(help="What else was changed while the pilot ran.")],
    by: _By = None,
    json: Json = False,
) -> None:
    """Record that something else was changed while a pilot ran."""
    with api() as trellis:
        _say(trellis.record_change_in_pilot(program, pilot, what=what, by=by), json=json)


@app.command()
def end(
    program: Program,
    pilot: _Pilot,
    *,
    verdict: Annotated[Verdict, typer.Option(help="What becomes of the change.")],
    conclusion: Annotated[str, typer.Option(help="What you make of it. It is recorded with the figures of today.")],
    by: _By = None,
    json: Json = False,
) -> None:
    """End a pilot, with what people make of it."""
    with api() as trellis:
        found = trellis.end_pilot(program, pilot, verdict=verdict.value, conclusion=conclusion, by=by)
        _say(found, json=json)


@app.command()
def figures(
    program: Program,
    *,
    cohort: Annotated[str | None, typer.Option(help="Only this group, or month (2026-11).")] = None,
    name: Annotated[str, typer.Option(help="What the figures are of.")] = "figures",
    source: Annotated[Source, typer.Option(help="Whether they are of a rehearsal.")] = Source.imported,
) -> None:
    """Print the measures of a program as a baseline for a pilot elsewhere, as JSON."""
    with api() as trellis:
        print_answer(trellis.get_baseline_figures(program, cohort=cohort, name=name, source=source.value))


def _whom(cohort: str | None, version: str | None, since: str | None, until: str | None) -> Whom:
    return Whom(cohort=cohort, version=version, since=_moment(since), until=_moment(until))


def _moment(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text) if text else None
    except ValueError:
        found = None
    if text and (found is None or found.tzinfo is None):
        raise typer.BadParameter(f"{text!r} is no moment with an offset; write it as 2027-03-02T00:00Z")
    return found


def _read(file: Path) -> Imported:
    content = json_of(file)
    if not isinstance(content, dict) or not isinstance(content.get("figures"), dict):
        says = f"{file} has no `figures`; `trellis pilot figures` prints a file in the right form"
        raise typer.BadParameter(says, param_hint="--figures")
    return Imported(
        source=content.get("source", "imported"), name=str(content.get("name", file.stem)), figures=content["figures"]
    )


def _say(found: PilotReport, *, json: bool) -> None:
    if json:
        print_answer(found)
    else:
        write(found.text)
