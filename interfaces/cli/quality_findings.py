"""`trellis findings`: what detectors found in notes and follow-ups, and what people make of it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from client.api.models import Coaching, DetectorRecord, Drift, FindingRecord, FindingRow
from domain.values import counted
from domain.words import distance
from interfaces.cli import completing
from interfaces.cli.answers import print_answer
from interfaces.cli.options import Json, Program, Reason
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.reaching import api

app = typer.Typer(help="Judge what detectors found in notes, and see how often they are right.", no_args_is_help=True)


class Standing(StrEnum):
    open = "open"
    confirmed = "confirmed"
    dismissed = "dismissed"


_Finding = Annotated[str, typer.Argument(help="The finding's id, as `trellis findings list` shows it.")]
_By = Annotated[str | None, typer.Option(help="Who does this, such as ops:ana. It is recorded.")]
_Days = Annotated[int, typer.Option(min=7, max=366, help="How many days back the sessions reach.")]
_Remark = Annotated[str, typer.Option("--reason", help="A remark. Needed when it was judged otherwise before.")]


@app.command("list")
def list_(
    *,
    program: Annotated[
        str | None, typer.Option(help="Only of this program.", autocompletion=completing.programs)
    ] = None,
    standing: Annotated[Standing | None, typer.Option(help="Only those that stand so.")] = None,
    detector: Annotated[str | None, typer.Option(help="Only of this detector, such as vague_step.")] = None,
    mentor: Annotated[str | None, typer.Option(help="Only in sessions of this mentor (id).")] = None,
    journey: Annotated[str | None, typer.Option(help="Only of this journey (id).")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="The maximum number of rows.")] = 50,
    json: Json = False,
) -> None:
    """List findings, the latest first."""
    with api() as trellis:
        found = trellis.list_findings(
            program=program,
            standing=standing.value if standing else None,
            detector=detector,
            mentor=mentor,
            journey=journey,
            limit=limit,
        ).rows
    print_answer(found) if json else show(*_listed(found))


@app.command("show")
def show_(finding: _Finding, *, json: Json = False) -> None:
    """Show a finding: why, and what it was found in."""
    with api() as trellis:
        found = trellis.get_finding(finding)
    print_answer(found) if json else show(*_shown(found))


@app.command()
def confirm(finding: _Finding, *, reason: _Remark = "", by: _By = None, json: Json = False) -> None:
    """Say that the detector is right. The mentor reads it from then on, with the kind words of the kit."""
    with api() as trellis:
        found = trellis.confirm_finding(finding, reason=reason, by=by)
    print_answer(found) if json else show(Line(f"Finding {finding} is confirmed. The mentor reads it from now on."))


@app.command()
def dismiss(finding: _Finding, *, reason: Reason, by: _By = None, json: Json = False) -> None:
    """Say that the detector is wrong here, or that it helps nobody. The mentor never sees it."""
    with api() as trellis:
        found = trellis.dismiss_finding(finding, reason=reason, by=by)
    print_answer(found) if json else show(Line(f"Finding {finding} is dismissed."))


@app.command()
def look(program: Program, *, days: _Days = 35, json: Json = False) -> None:
    """Let the detectors look now, besides the looks of the program's schedule."""
    with api() as trellis:
        looked = trellis.look_for_findings(program, days=days)
    if json:
        print_answer(looked)
        return
    show(Line(f"{counted(looked.journeys, 'journey')} looked at: {counted(looked.raised, 'new finding')}."))


@app.command()
def detectors(program: Program, *, json: Json = False) -> None:
    """Show the detectors of a program, and how often people found each of them right."""
    with api() as trellis:
        found = trellis.list_detectors(program)
    print_answer(found) if json else show(*_detectors(found))


@app.command()
def coaching(
    mentor: Annotated[str, typer.Argument(help="The mentor's id.")],
    *,
    program: Annotated[
        str | None, typer.Option(help="Only of this program.", autocompletion=completing.programs)
    ] = None,
    json: Json = False,
) -> None:
    """Show what a mentor reads: what was confirmed in their own sessions, with the kind words of the kit."""
    with api() as trellis:
        found = trellis.get_coaching(mentor, program=program)
    print_answer(found) if json else show(*_coached(found))


@app.command()
def drift(
    program: Program,
    *,
    days: _Days = 91,
    json: Json = False,
) -> None:
    """Name mentors whose figures lie outside of what chance explains. A reason to talk with them, and no ranking."""
    with api() as trellis:
        found = trellis.get_drift(program, days=days)
    print_answer(found) if json else show(*_drifted(found))


def _listed(rows: Sequence[FindingRow]) -> Iterator[Line | Grid]:
    if not rows:
        yield Line("No findings match. `trellis findings detectors PROGRAM` shows what is looked for.")
        return
    now = datetime.now(UTC)
    yield Grid(
        ("finding", "standing", "raised", "session", "mentor"),
        [
            Row((one.id, one.standing, distance(one.raised_at, now), f"{one.journey} {one.session}", one.mentor or "-"))
            for one in rows
        ],
    )


def _shown(found: FindingRecord) -> Iterator[Line | Grid]:
    one, now = found.finding, datetime.now(UTC)
    yield Line((found.because, "bold"))
    yield Line(f"{one.detector} looks for {found.detects}")
    who = f", held by {one.mentor}" if one.mentor else ""
    yield Line(f"Session {one.session} of {one.journey}{who}; raised {distance(one.raised_at, now)}")
    for quote in found.quotes:
        yield Line(f"  > {quote}")
    if one.decided_at:
        reason = f": {found.reason}" if found.reason else ""
        yield Line(f"{one.standing} {distance(one.decided_at, now)} by {one.decided_by}{reason}")
    else:
        yield Line(f"Judge it: trellis findings confirm {one.id}, or dismiss {one.id} --reason REASON")


def _detectors(found: Sequence[DetectorRecord]) -> Iterator[Line | Grid]:
    if not found:
        yield Line("The newest kit names no detectors, and none has found anything.")
        return
    yield Grid(
        ("detector", "in use", "raised", "confirmed", "dismissed", "right in", "looks for"),
        [
            Row(
                (
                    *(f"{one.detector} v{one.version}", "yes" if one.in_use else "no", str(one.raised)),
                    *(str(one.confirmed), str(one.dismissed), _right(one), one.detects),
                )
            )
            for one in found
        ],
    )


def _right(one: DetectorRecord) -> str:
    if one.precision is None:
        return "not judged"
    share = one.precision
    return f"{share.estimate:.0%} ({share.low:.0%} to {share.high:.0%})"


def _coached(found: Sequence[Coaching]) -> Iterator[Line | Grid]:
    if not found:
        yield Line("Nothing was confirmed.")
    for one in found:
        yield Line((one.words, "bold"))
        yield Line(f"Session {one.session} of {one.journey}: {one.because}")
        for quote in one.quotes:
            yield Line(f"  > {quote}")


def _drifted(found: Sequence[Drift]) -> Iterator[Line | Grid]:
    if not found:
        yield Line("Chance explains the figures of every mentor.")
        return
    names = {"findings": "sessions with a confirmed finding", "marks": "mean mark of sessions"}
    yield Grid(
        ("mentor", "measure", "sessions", "value", "chance explains"),
        [
            Row(
                (
                    *(one.mentor, names.get(one.measure, one.measure), str(one.sessions), f"{one.value:.2f}"),
                    f"{one.low:.2f} to {one.high:.2f}",
                )
            )
            for one in found
        ],
    )
