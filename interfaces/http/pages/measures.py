"""The page of a program's measures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from pydantic import field_validator

from domain.words import plain
from interfaces.http.pages.charts import Bar, Chart, Seen, bars, chart
from interfaces.http.pages.rendering import exact
from interfaces.http.v1.measures import MeasuresQuery
from queries.listing import Listing
from queries.measures.report import MeasureShown, ProgramMeasures
from queries.measures.words import figure, interval, trend
from queries.titles import Titles

MOST_PARTS = 24


class Form(MeasuresQuery):
    """What the form of the page sends: fields that nobody filled in are empty."""

    @field_validator("*", mode="before")
    @classmethod
    def _filled(cls, value: object) -> object:
        return value or None


BYS = ("cohort", "week", "version", "pathway", "segment")


@dataclass(frozen=True, slots=True)
class Detail:
    """One measure by its parts."""

    id: str
    title: str
    counts: str
    chart: Chart
    listing: Listing


@dataclass(frozen=True, slots=True)
class Bars:
    title: str
    columns: tuple[str, str]
    bars: Sequence[Bar]


@dataclass(frozen=True, slots=True)
class Side:
    listing: Listing
    uncounted: str
    """The measures of which there is no case yet."""


@dataclass(frozen=True, slots=True)
class MeasuresPage:
    program: str
    title: str
    shown: str
    by: str | None
    bys: Sequence[str]
    since: str
    until: str
    sides: Sequence[Side]
    """Leading and lagging, beside each other."""
    details: Sequence[Detail]
    bars: Sequence[Bars]
    trend: str
    engagement: Detail | None
    """By week; None where no journey was under way."""


def measures_page(found: ProgramMeasures, titles: Titles) -> MeasuresPage:
    return MeasuresPage(
        program=found.program,
        title=found.title,
        shown=_shown(found),
        by=found.by,
        bys=BYS,
        since=str(found.since or ""),
        until=str(found.until or ""),
        sides=[
            _side("While journeys are under way (leading)", found, "leading"),
            _side("At the end (lagging)", found, "lagging"),
        ],
        details=list(_details(found)),
        bars=list(_bars(found, titles)),
        trend=_trend(found),
        engagement=_engagement(found),
    )


def _shown(found: ProgramMeasures) -> str:
    period = f"from {found.since} " if found.since else ""
    if found.until:
        period += f"to {found.until - timedelta(days=1)} "
    return f"{period or 'from the beginning '}as of {exact(found.as_of)}"


def _side(title: str, found: ProgramMeasures, kind: str) -> Side:
    of_kind = [one for one in found.measures if one.kind == kind]
    rows = [
        (
            one.title,
            figure(one.whole.value, one.unit),
            interval(one.whole.low, one.whole.high, one.unit),
            one.whole.n,
        )
        for one in of_kind
        if one.whole.n
    ]
    listing = Listing(title, ("Measure", "Value", "Interval (95%)", "Cases"), rows)
    return Side(listing, ", ".join(one.title for one in of_kind if not one.whole.n))


def _trend(found: ProgramMeasures) -> str:
    recent, before = found.engagement.recent, found.engagement.before
    return trend(recent.value if recent else None, before.value if before else None)


def _engagement(found: ProgramMeasures) -> Detail | None:
    weeks = found.engagement.weeks
    seen = [
        Seen(one.key, one.value.value, one.value.low, one.value.high) for one in weeks if one.value.value is not None
    ]
    if not seen:
        return None
    title = "Weeks with a sign of the learner, by week"
    rows = [
        (one.key, figure(one.value.value, "share"), interval(one.value.low, one.value.high, "share"), one.value.n)
        for one in weeks
    ]
    return Detail(
        id="engagement",
        title=title,
        counts="Of the last twelve whole weeks. The measure is active_weeks.",
        chart=chart(f"{title}. {_trend(found)}", seen, share=True, joined=True),
        listing=Listing(f"{title}: figures", ("Week", "Value", "Interval (95%)", "Cases"), rows),
    )


def _details(found: ProgramMeasures) -> Iterator[Detail]:
    for whole in found.measures:
        one, remark = _bounded(whole, found.by or "")
        seen = [
            Seen(part.key, part.value.value, part.value.low, part.value.high)
            for part in one.parts
            if part.value.value is not None
        ]
        if seen:
            title = f"{one.title}, by {found.by}"
            yield Detail(
                id=one.id,
                title=title,
                counts=f"Counted: {one.numerator}. Of: {one.denominator}. By {one.window}.{remark}",
                chart=chart(_said(title, one), seen, share=one.unit == "share", joined=found.by == "week"),
                listing=_parts(found.by or "", one),
            )


def _bounded(one: MeasureShown, by: str) -> tuple[MeasureShown, str]:
    """With as many parts as a page can show, and a sentence about the others."""
    many = len(one.parts)
    if many <= MOST_PARTS:
        return one, ""
    if by == "week":
        return replace(one, parts=one.parts[-MOST_PARTS:]), f" The last {MOST_PARTS} of {many:,} weeks."
    largest = {part.key for part in sorted(one.parts, key=lambda part: -part.value.n)[:MOST_PARTS]}
    shown = replace(one, parts=[part for part in one.parts if part.key in largest])
    return shown, f" The {MOST_PARTS} with most cases, of {many:,}; choose one to see another."


def _said(title: str, one: MeasureShown) -> str:
    known = [part for part in one.parts if part.value.value is not None]
    first, last = known[0], known[-1]
    said = f"{title}: {figure(first.value.value, one.unit)} in {first.key}"
    return said if first is last else f"{said}, {figure(last.value.value, one.unit)} in {last.key}"


def _parts(by: str, one: MeasureShown) -> Listing:
    rows = [
        (
            part.key,
            figure(part.value.value, one.unit),
            interval(part.value.low, part.value.high, one.unit),
            part.value.n,
        )
        for part in one.parts
    ]
    return Listing(f"{one.title}: figures", (plain(by), "Value", "Interval (95%)", "Cases"), rows)


def _bars(found: ProgramMeasures, titles: Titles) -> Iterator[Bars]:
    left, load = found.drop_off, found.workload
    if left.stages:
        rows = [(plain(one.stage), one.left, f"{one.left} of {one.entered}") for one in left.stages]
        yield _bars_of("Where learners leave, by stage", ("Stage", "Left here"), rows)
    if left.sessions:
        held = [
            (f"after {one.sessions}", one.left, f"{one.left} of {one.reached}") for one in left.sessions if one.reached
        ]
        yield _bars_of("Where learners leave, by sessions held", ("Sessions held", "Left"), held)
    if left.questions:
        asked = [
            (
                titles.named("question", one.question) if one.question else "all answered, not sent",
                one.abandoned,
                f"{one.abandoned} of {one.asked or one.abandoned}",
            )
            for one in left.questions
            if one.question or one.abandoned
        ]
        yield _bars_of("Where learners stop in the intake", ("Question", "Gave up here"), asked)
    if load.loads:
        mentors = [(_many(one.learners, "learner"), one.mentors, str(one.mentors)) for one in load.loads]
        title = f"Workload: {_many(load.learners, 'learner')} with {_many(load.mentors, 'mentor')} now"
        yield _bars_of(title, ("Learners", "Mentors"), mentors)
    if load.weeks:
        weeks = [(str(one.week), one.meetings, f"{one.meetings} by {one.mentors}") for one in load.weeks]
        yield _bars_of("Meetings held, by week", ("Week of", "Meetings, by how many mentors"), weeks)


def _many(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _bars_of(title: str, columns: tuple[str, str], rows: Sequence[tuple[str, int, str]]) -> Bars:
    return Bars(title, columns, bars(rows))
