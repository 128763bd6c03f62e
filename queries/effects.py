"""The measures of two groups of learners beside each other: what a change did, with intervals, or that it is too early.

A group is named by the version of the kit that its learners began with, by a cohort, and by the time in which they
began. Each learner is one observation: where somebody had many sessions, the share of these is theirs.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis import comparing, intervals
from analysis.intervals import Interval
from analysis.samples import Counted, Summary
from domain.effects import Effect, Estimate, Kind, Unit, verdict_of
from domain.words import plain
from projections.reading import View
from projections.sql import query
from store.database import Pool

_VIEW = View(delivered=3, cohorts=1)

Sample = Counted | Summary


@dataclass(frozen=True, slots=True)
class Learners:
    """Those of a program who began with this version, in this cohort, and in this time; None: any."""

    program: str
    kit: str | None = None
    """The digest of the version."""
    cohort: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    """The first moment after the last at which they began."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A measure by which groups are compared. More of each is better."""

    id: str
    title: str
    kind: Kind
    unit: Unit = "share"


_MEASURES = (
    Compared("attendance", "Sessions held, of those not canceled", "leading"),
    Compared("follow_up_in_time", "Follow-ups sent in time", "leading"),
    Compared("milestones_on_time", "Milestones handed in on time", "leading"),
    Compared("completion", "Learners who completed the program", "lagging"),
    Compared("retention", "Learners who neither left nor were ended early", "lagging"),
    Compared("promise_kept", "Learners for whom the promise was kept", "lagging"),
)
_BY_ID = {one.id: one for one in _MEASURES}
OUTCOME = "outcome:"
"""Before the kind of an outcome: the share of learners with one of that kind."""


def measure_of(name: str) -> Compared | None:
    """None for a name that no measure has."""
    if name.startswith(OUTCOME) and name != OUTCOME:
        kind = name.removeprefix(OUTCOME)
        return Compared(name, f"Learners with the outcome {plain(kind)}", "lagging")
    return _BY_ID.get(name)


def measure_names() -> Sequence[str]:
    return [*_BY_ID, f"{OUTCOME}KIND"]


@dataclass(frozen=True, slots=True)
class Group:
    """What is known of a group of learners."""

    began: int
    samples: Mapping[str, Sample]
    """By the id of the measure."""


async def group_of(pool: Pool, whom: Learners, through: datetime) -> Group:
    """`through`: who began by then is long enough in the program to have completed it.

    Raises BeingRebuilt.
    """
    where = (whom.program, whom.kit, whom.cohort, whom.since, whom.until)
    learners = await _VIEW.fetchrow(pool, query("compared_learners"), *where, through)
    work = await _VIEW.fetch(pool, query("compared_work"), *where)
    outcomes = await _VIEW.fetch(pool, query("compared_outcomes"), *where, through)
    many = learners["through"]
    return Group(
        learners["began"],
        {
            **{row["measure"]: Summary.measured(row["n"], row["mean"], row["variance"]) for row in work},
            "completion": Counted(learners["completed"], many),
            "retention": Counted(many - learners["lost"], many),
            "promise_kept": Counted(learners["fulfilled"], learners["judged"]),
            **{f"{OUTCOME}{row['kind']}": Counted(row["learners"], many) for row in outcomes},
        },
    )


def effects(before: Group, after: Group, least: int, confidence: float) -> tuple[Effect, ...]:
    """Of every measure that either group has, in their order; of outcomes by kind."""
    names = [one.id for one in _MEASURES]
    names += sorted(name for name in {*before.samples, *after.samples} if name.startswith(OUTCOME))
    return tuple(effect(name, _in(before, name), _in(after, name), least, confidence) for name in names)


def _in(group: Group, name: str) -> Sample:
    """An outcome that nobody in a group had, is had by none of its learners."""
    found = group.samples.get(name)
    if found is not None:
        return found
    through = group.samples.get("completion")
    return Counted(0, through.of) if isinstance(through, Counted) else Counted(0, 0)


def effect(name: str, before: Sample, after: Sample, least: int, confidence: float) -> Effect:
    measure = measure_of(name)
    assert measure, "only known measures are compared"
    found = _difference(after, before, confidence) if min(_many(before), _many(after)) >= least else None
    return Effect(
        measure=measure.id,
        title=measure.title,
        kind=measure.kind,
        unit=measure.unit,
        before=estimate(before, confidence),
        after=estimate(after, confidence),
        difference=_bounds(found, _many(before) + _many(after)) if found else None,
        verdict=verdict_of(found.low, found.high) if found else "too_early",
        needed=_needed(before, after, least, found, confidence),
    )


def estimate(sample: Sample, confidence: float) -> Estimate:
    if isinstance(sample, Counted):
        found = intervals.proportion(sample.count, sample.of, confidence)
    else:
        found = intervals.mean(sample, confidence)
    if found:
        return _bounds(found, _many(sample))
    alone = sample.mean if isinstance(sample, Summary) and sample.n else None
    return Estimate(n=_many(sample), value=alone)


def _bounds(found: Interval, many: int) -> Estimate:
    return Estimate(n=many, value=found.estimate, low=found.low, high=found.high)


def _many(sample: Sample) -> int:
    return sample.of if isinstance(sample, Counted) else sample.n


def _difference(one: Sample, other: Sample, confidence: float) -> Interval | None:
    if isinstance(one, Counted) and isinstance(other, Counted):
        return comparing.proportions(one, other, confidence)
    if isinstance(one, Summary) and isinstance(other, Summary):
        return comparing.means(one, other, confidence)
    return None


def _needed(before: Sample, after: Sample, least: int, found: Interval | None, confidence: float) -> int | None:
    """How many more learners with the change: to the least number, or to see a difference as large as there is now."""
    if found is None:
        return max(least - _many(after), 1) if _many(before) >= least else None
    if not found.holds(0):
        return None
    wanted = _sample(before, after, confidence)
    return max(wanted - _many(after), 1) if wanted else None


def _sample(before: Sample, after: Sample, confidence: float) -> int | None:
    if isinstance(before, Counted) and isinstance(after, Counted):
        return comparing.sample_for_proportions(before.share, after.share, confidence=confidence)
    if isinstance(before, Summary) and isinstance(after, Summary):
        spread = (before.squares + after.squares) / (before.n + after.n - 2)
        return comparing.sample_for_means(after.mean - before.mean, spread**0.5, confidence=confidence)
    return None


# In words


def told(value: float | None, unit: Unit) -> str:
    if value is None:
        return "not known"
    return f"{value:.0%}" if unit == "share" else f"{value:,.1f}"


def estimate_in_words(found: Estimate, unit: Unit) -> str:
    """`62% (54% to 69%) of 130`."""
    if found.value is None:
        return "not known" if not found.n else f"not known, of {found.n:,}"
    bounds = "" if found.low is None else f" ({told(found.low, unit)} to {told(found.high, unit)})"
    return f"{told(found.value, unit)}{bounds} of {found.n:,}"


def difference_in_words(one: Effect) -> str:
    if one.difference is None:
        more = f"; {one.needed:,} more learners needed" if one.needed else ""
        return f"too early to say{more}"
    if one.unit == "share":
        points = [f"{100 * (bound or 0):+.0f}" for bound in _three(one.difference)]
        says = f"{points[0]} points ({points[1]} to {points[2]})"
    else:
        says = "{:+.1f} ({:+.1f} to {:+.1f})".format(*(bound or 0 for bound in _three(one.difference)))
    more = f"; about {one.needed:,} more learners would show one of this size" if one.needed else ""
    return f"{says}: {plain(one.verdict)}{more}"


def _three(found: Estimate) -> Iterator[float | None]:
    yield from (found.value, found.low, found.high)
