"""The measures of a program as they are shown: leading beside lagging, by cohort, week or version, with drop-off points
and the workload of mentors. No person is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from domain.ids import ProgramId
from kits.lookup import newest_published
from projections import leaving
from projections.leaving import HeldLeft, LearnersEach, MeetingWeek, StageLeft, Whose
from projections.views import intake
from projections.views.intake import Asked
from queries.measures.definitions import MEASURES, Kind, Measure, Unit
from queries.measures.engagement import Trend, engagement
from queries.measures.figures import By, Figure, Figures, Selection, figures
from store import kits
from store.database import Pool

WEEKS = 12
"""How many weeks are shown where nothing else is said."""
_EVER = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown. Each that is None restricts nothing."""

    by: By | None = None
    since: date | None = None
    until: date | None = None
    """Exclusive. Both are of the day by which something counts, UTC. By week, without `since`: twelve weeks."""
    cohort: str | None = None
    version: str | None = None
    pathway: str | None = None


@dataclass(frozen=True, slots=True)
class Value:
    n: int
    """How many rows there are to count, see the denominator."""
    count: int | None
    """Of a share: how many are in the numerator."""
    value: float | None
    """The share, from 0 to 1, or the mean, in the unit; null where there is nothing to count."""
    low: float | None
    high: float | None
    """The ends of the interval with a confidence of 95 %; null where there is too little for one."""


@dataclass(frozen=True, slots=True)
class PartValue:
    key: str
    """The cohort, the Monday of the week, the version, the pathway, or the id of the segment."""
    value: Value


@dataclass(frozen=True, slots=True)
class MeasureShown:
    id: str
    title: str
    kind: Kind
    unit: Unit
    better: str
    """`high` or `low`."""
    numerator: str
    denominator: str
    window: str
    events: Sequence[str]
    whole: Value
    parts: Sequence[PartValue]
    """By key, in order."""


@dataclass(frozen=True, slots=True)
class DropOff:
    stages: Sequence[StageLeft]
    sessions: Sequence[HeldLeft]
    questions: Sequence[Asked]
    """Of the intake; of all versions and cohorts."""


@dataclass(frozen=True, slots=True)
class Workload:
    mentors: int
    """That have a learner now."""
    learners: int
    loads: Sequence[LearnersEach]
    weeks: Sequence[MeetingWeek]
    """The last twelve."""


@dataclass(frozen=True, slots=True)
class Engagement:
    """The share of weeks with a sign of the learner, of whole weeks alone: whether learners are more or less active."""

    weeks: Sequence[PartValue]
    """The last twelve, by Monday; those without a journey under way are left out."""
    recent: Value | None
    """Of the last four weeks. Null: no journey was under way."""
    before: Value | None
    """Of the four weeks before."""


@dataclass(frozen=True, slots=True)
class ProgramMeasures:
    program: str
    title: str
    as_of: datetime
    by: By | None
    since: date | None
    until: date | None
    measures: Sequence[MeasureShown]
    drop_off: DropOff
    workload: Workload
    engagement: Engagement


async def program_measures(
    pool: Pool, program: ProgramId, wanted: Filter | None = None, as_of: datetime | None = None
) -> ProgramMeasures:
    """Raises NoSuchProgram, BeingRebuilt."""
    published = await newest_published(pool, program)
    as_of, wanted = as_of or datetime.now(UTC), wanted or Filter()
    since = wanted.since or (_weeks_before(as_of) if wanted.by == "week" else None)
    selection = Selection(
        since=_midnight(since),
        until=_midnight(wanted.until),
        cohort=wanted.cohort,
        version=wanted.version,
        pathway=wanted.pathway,
    )
    found = await figures(pool, program, by=wanted.by, selection=selection, as_of=as_of)
    return ProgramMeasures(
        program=program,
        title=kits.read(published).title,
        as_of=as_of,
        by=wanted.by,
        since=since,
        until=wanted.until,
        measures=[_shown(one, found) for one in MEASURES.values()],
        drop_off=await _drop_off(pool, program, wanted),
        workload=await _workload(pool, program, as_of),
        engagement=_engagement(await engagement(pool, program, selection, as_of)),
    )


async def _drop_off(pool: Pool, program: str, wanted: Filter) -> DropOff:
    """Where those left who began in the period: what they did later counts too."""
    whose = Whose(_midnight(wanted.since), _midnight(wanted.until), wanted.cohort, wanted.version, wanted.pathway)
    period = (wanted.since or _EVER, wanted.until or date.max)
    return DropOff(
        stages=await leaving.stages(pool, program, whose),
        sessions=await leaving.sessions_held(pool, program, whose),
        questions=await intake.questions(pool, *period, program),
    )


async def _workload(pool: Pool, program: str, as_of: datetime) -> Workload:
    loads = await leaving.workload(pool, program)
    since = _midnight(_weeks_before(as_of))
    assert since
    return Workload(
        mentors=sum(one.mentors for one in loads),
        learners=sum(one.learners * one.mentors for one in loads),
        loads=loads,
        weeks=await leaving.meetings(pool, program, since, as_of),
    )


def _engagement(trend: Trend) -> Engagement:
    return Engagement(
        weeks=[PartValue(key, _value(one)) for key, one in trend.weeks],
        recent=_value(trend.recent) if trend.recent else None,
        before=_value(trend.before) if trend.before else None,
    )


def _shown(one: Measure, found: Figures) -> MeasureShown:
    return MeasureShown(
        id=one.id,
        title=one.title,
        kind=one.kind,
        unit=one.unit,
        better=one.good,
        numerator=one.numerator,
        denominator=one.denominator,
        window=one.window,
        events=one.events,
        whole=_value(found.whole[one.id]),
        parts=[PartValue(key, _value(part[one.id])) for key, part in found.parts.items() if one.id in part],
    )


def _value(one: Figure) -> Value:
    interval = one.interval()
    return Value(
        n=one.n,
        count=one.count,
        value=one.value,
        low=interval.low if interval else None,
        high=interval.high if interval else None,
    )


def _weeks_before(as_of: datetime) -> date:
    """The Monday from which on it is twelve weeks, with the present one."""
    return as_of.date() - timedelta(days=as_of.weekday(), weeks=WEEKS - 1)


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None
