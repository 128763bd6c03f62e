"""`trellis measures`: what a program does and what comes of it, each measure with its interval."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer

from client.api.models import MeasureShown, ProgramMeasures
from domain.words import plain
from interfaces.cli.answers import print_answer
from interfaces.cli.days import plausible
from interfaces.cli.options import Json, Program
from interfaces.cli.quick import Grid, Line, Row, show
from interfaces.cli.reaching import api
from queries.measures.words import figure, interval, trend


class By(StrEnum):
    cohort = "cohort"
    week = "week"
    version = "version"
    pathway = "pathway"
    segment = "segment"


_Day = Annotated[
    datetime | None,
    typer.Option(formats=["%Y-%m-%d"], callback=plausible, help="The first day on which something counts, UTC."),
]
_Until = Annotated[
    datetime | None, typer.Option(formats=["%Y-%m-%d"], callback=plausible, help="The day after the last one.")
]


def measures(
    program: Program,
    *,
    by: Annotated[By | None, typer.Option(help="Also show every measure by this.")] = None,
    measure: Annotated[list[str] | None, typer.Option(help="Only this measure (id). May be repeated.")] = None,
    cohort: Annotated[
        str | None, typer.Option(help="Only this group (id), or those without one who started in this month: 2026-11.")
    ] = None,
    version: Annotated[str | None, typer.Option(help="Only learners who started with this version.")] = None,
    pathway: Annotated[str | None, typer.Option(help="Only this pathway (its id in the kit).")] = None,
    since: _Day = None,
    until: _Until = None,
    json: Json = False,
) -> None:
    """Show the measures of a program: leading ones beside those that are known at the end.

    Each has its interval with a confidence of 95% and the number of cases it is counted from. Also shows where
    learners leave, and how the work is spread over mentors. What each measure counts is in --json and in the
    documentation.
    """
    days = {"since": since.date() if since else None, "until": until.date() if until else None}
    with api() as trellis:
        found = trellis.get_measures(
            program, by=by.value if by else None, cohort=cohort, version=version, pathway=pathway, **days
        )
    chosen = _chosen(found, measure or [])
    if json:
        print_answer(found)
        return
    show(*_lines(found, chosen))


def _chosen(found: ProgramMeasures, wanted: list[str]) -> list[MeasureShown]:
    unknown = sorted(set(wanted) - {one.id for one in found.measures})
    if unknown:
        known = ", ".join(one.id for one in found.measures)
        raise typer.BadParameter(f"There is no measure {unknown[0]!r}. Measures: {known}.", param_hint="--measure")
    return [one for one in found.measures if not wanted or one.id in wanted]


def _lines(found: ProgramMeasures, chosen: list[MeasureShown]) -> Iterator[Line | Grid]:
    yield Line((f"{found.title}: measures as of {found.as_of:%d %b %Y %H:%M} UTC", "bold"))
    for kind, title in (("leading", "While journeys are under way"), ("lagging", "At the end")):
        rows = [one for one in chosen if one.kind == kind]
        if rows:
            yield Line((title, "bold"))
            yield Grid(("measure", "value", "interval (95%)", "cases", "id"), [_row(one) for one in rows])
    if found.by:
        yield from _parts(found.by, chosen)
    if len(chosen) == len(found.measures):
        yield from _engagement(found)
        yield from _drop_off(found)
        yield from _workload(found)


def _row(one: MeasureShown) -> Row:
    whole = one.whole
    value = figure(whole.value, one.unit)
    return Row((one.title, value, interval(whole.low, whole.high, one.unit), str(whole.n), one.id))


def _parts(by: str, chosen: list[MeasureShown]) -> Iterator[Line | Grid]:
    for one in chosen:
        if one.parts:
            yield Line((f"{one.title}, by {by}", "bold"))
            rows = [
                Row(
                    (
                        part.key,
                        figure(part.value.value, one.unit),
                        interval(part.value.low, part.value.high, one.unit),
                        str(part.value.n),
                    )
                )
                for part in one.parts
            ]
            yield Grid((by, "value", "interval (95%)", "cases"), rows)


def _engagement(found: ProgramMeasures) -> Iterator[Line | Grid]:
    recent, before = found.engagement.recent, found.engagement.before
    yield Line(("Engagement", "bold"))
    yield Line(trend(recent.value if recent else None, before.value if before else None))
    rows = [Row((one.key, figure(one.value.value, "share"), str(one.value.n))) for one in found.engagement.weeks]
    if rows:
        yield Grid(("week", "weeks with a sign of the learner", "cases"), rows)


def _drop_off(found: ProgramMeasures) -> Iterator[Line | Grid]:
    left = found.drop_off
    if left.stages:
        yield Line(("Where learners leave", "bold"))
        stages = [Row((plain(one.stage), str(one.entered), str(one.left))) for one in left.stages]
        yield Grid(("stage", "entered", "left here"), stages)
    if left.sessions:
        held = [Row((str(one.sessions), str(one.reached), str(one.left))) for one in left.sessions]
        yield Grid(("sessions held", "learners with so many", "left after these"), held)


def _workload(found: ProgramMeasures) -> Iterator[Line | Grid]:
    load = found.workload
    if load.mentors:
        yield Line((f"Workload: {load.learners} learners, {load.mentors} mentors now", "bold"))
        yield Grid(("learners", "mentors"), [Row((str(one.learners), str(one.mentors))) for one in load.loads])
