"""The measures of two groups of learners beside each other: what a change did, with intervals, or that it is too early.

A group is named by the version of the kit that its learners began with, by its cohort, and by the time in which they
began. The measures are those of queries/measures.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from analysis import comparing, intervals
from analysis.intervals import Interval
from analysis.samples import Counted, Summary
from domain.effects import Effect, Estimate, Unit, verdict_of
from domain.ids import ProgramId
from domain.words import plain, signed
from projections.reading import View
from projections.sql import query
from queries.measures.definitions import MEASURES
from queries.measures.figures import Sample, Selection, figures
from store.database import Pool

_VIEW = View(measured=2)
_LAGGING = tuple(one.id for one in MEASURES.values() if one.kind == "lagging")
_LEADING = tuple(one.id for one in MEASURES.values() if one.kind == "leading")


@dataclass(frozen=True, slots=True)
class Group:
    """What is known of a group of learners."""

    began: int
    samples: Mapping[str, Sample]
    """By the id of the measure."""

    def of(self, measure: str) -> "Seen":
        return Seen(self.samples[measure], self.began)


async def group_of(pool: Pool, program: ProgramId, whom: Selection, through: datetime, as_of: datetime) -> Group:
    """Lagging measures are asked of those who began by `through`: long enough ago to have ended. Otherwise only those
    who ended early would count, of a group that is still under way.

    Raises BeingRebuilt.
    """
    where = (program, whom.kit, whom.cohort, whom.began_since, whom.began_until)
    began = await _VIEW.fetchrow(pool, query("learners_begun"), *where)
    ripe = replace(whom, began_until=min(through, whom.began_until) if whom.began_until else through)
    leading = await figures(pool, program, selection=whom, only=_LEADING, as_of=as_of)
    lagging = await figures(pool, program, selection=ripe, only=_LAGGING, as_of=as_of)
    found = {**leading.whole, **lagging.whole}
    return Group(began[0], {name: one.sample for name, one in found.items()})


def effects(before: Group, after: Group, least: int, confidence: float) -> tuple[Effect, ...]:
    """Of every measure of which either group has anything, in their order."""
    names = [one for one in MEASURES if _many(before.samples[one]) or _many(after.samples[one])]
    return tuple(effect(one, before.of(one), after.of(one), least, confidence) for one in names)


@dataclass(frozen=True, slots=True)
class Seen:
    """A sample, and how many learners it can come from at most: one learner has many sessions."""

    sample: Sample
    learners: int

    @property
    def many(self) -> int:
        return min(_many(self.sample), self.learners)


def effect(name: str, before: Seen, after: Seen, least: int, confidence: float) -> Effect:
    """A difference is told with the least number of learners on each side."""
    measure = MEASURES[name]
    enough = min(before.many, after.many) >= least
    found = _difference(after.sample, before.sample, confidence) if enough else None
    return Effect(
        measure=measure.id,
        title=measure.title,
        kind=measure.kind,
        unit=measure.unit,
        before=estimate(before.sample, confidence),
        after=estimate(after.sample, confidence),
        difference=_bounds(found, _many(before.sample) + _many(after.sample)) if found else None,
        verdict=verdict_of(found.low, found.high, more_is_better=measure.good == "high") if found else "too_early",
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


def _needed(before: Seen, after: Seen, least: int, found: Interval | None, confidence: float) -> int | None:
    """How many more with the change: learners, up to the least number; then observations, to see a difference as large
    as there is now."""
    if found is None:
        return max(least - after.many, 1) if before.many >= least else None
    if not found.holds(0):
        return None
    wanted = _sample(before.sample, after.sample, confidence)
    return max(wanted - _many(after.sample), 1) if wanted else None


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
    return f"{value:.0%}" if unit == "share" else f"{value:,.1f} {unit}"


def estimate_in_words(found: Estimate, unit: Unit) -> str:
    """`62% (54% to 69%) of 130`."""
    if found.value is None:
        return "not known" if not found.n else f"not known, of {found.n:,}"
    bounds = "" if found.low is None else f" ({_bare(found.low, unit)} to {_bare(found.high, unit)})"
    return f"{told(found.value, unit)}{bounds} of {found.n:,}"


def _bare(value: float | None, unit: Unit) -> str:
    return told(value, unit).removesuffix(f" {unit}")


def difference_in_words(one: Effect) -> str:
    if one.difference is None:
        more = f"; {one.needed:,} more learners needed" if one.needed else ""
        return f"too early to say{more}"
    if one.unit == "share":
        points = [signed(100 * (bound or 0)) for bound in _three(one.difference)]
        says = f"{points[0]} points ({points[1]} to {points[2]})"
    else:
        bounds = "{} ({} to {})".format(*(signed(bound or 0, 1) for bound in _three(one.difference)))
        says = f"{bounds} {one.unit}"
    more = f"; about {one.needed:,} more would show one of this size" if one.needed else ""
    return f"{says}: {plain(one.verdict)}{more}"


def _three(found: Estimate) -> Iterator[float | None]:
    yield from (found.value, found.low, found.high)
