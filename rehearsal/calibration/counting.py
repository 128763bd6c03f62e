"""What the models of learners need, counted in a course of the past: numbers that can be added up over courses."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from rehearsal.backtest.history import Course, PastLearner
from rehearsal.people.fitted import GAPS, PERIODS, Fitted, range_of
from rehearsal.people.handing_in import LOOKED_AT

KINDS = 3
"""A third of all learners each, by the share of days on which they are active."""
_KNOWN_BY = 28
"""The days by which the kind of a learner is told; those who leave before count by the days that they were there."""
_TENTHS = np.linspace(0, 1, 11)

Counts = NDArray[np.int64]


def _zeros(*shape: int) -> Counts:
    return np.zeros(shape, dtype=np.int64)


@dataclass
class Counted:
    courses: list[str] = field(default_factory=list)
    kinds: Counts = field(default_factory=lambda: _zeros(KINDS))
    days: Counts = field(default_factory=lambda: _zeros(KINDS, len(GAPS)))
    active: Counts = field(default_factory=lambda: _zeros(KINDS, len(GAPS)))
    at_risk: Counts = field(default_factory=lambda: _zeros(len(PERIODS), len(GAPS)))
    left: Counts = field(default_factory=lambda: _zeros(len(PERIODS), len(GAPS)))
    due: Counts = field(default_factory=lambda: _zeros(len(GAPS)))
    handed_in: Counts = field(default_factory=lambda: _zeros(len(GAPS)))
    ahead: list[int] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    marked: Counts = field(default_factory=lambda: _zeros(KINDS))
    passed: Counts = field(default_factory=lambda: _zeros(KINDS))

    def __add__(self, other: "Counted") -> "Counted":
        ours, theirs = vars(self), vars(other)
        return Counted(**{name: ours[name] + theirs[name] for name in ours})

    def fit(self, source: str) -> Fitted:
        """Half an event is added to every chance, so that none is 0 for want of data."""
        return Fitted(
            source=source,
            courses=self.courses,
            kinds=_listed(self.kinds / max(int(self.kinds.sum()), 1)),
            active=_rows((self.active + 0.5) / (self.days + 1)),
            leaves=_rows((self.left + 0.5) / (self.at_risk + 500)),
            hands_in=_listed((self.handed_in + 0.5) / (self.due + 1)),
            late=round(len(self.late) / max(len(self.late) + len(self.ahead), 1), 4),
            days_ahead=[round(one) for one in np.quantile(self.ahead or [0], _TENTHS)],
            days_late=[round(one) for one in np.quantile(self.late or [1], _TENTHS)],
            passes=_listed((self.passed + 0.5) / (self.marked + 1)),
        )


def _listed(values: NDArray[np.float64]) -> list[float]:
    return [round(float(one), 6) for one in values]


def _rows(table: NDArray[np.float64]) -> list[list[float]]:
    return [_listed(row) for row in table]


def counted(courses: Iterable[Course]) -> Counted:
    return reduce(Counted.__add__, (_of_course(one) for one in courses), Counted())


def _of_course(course: Course) -> Counted:
    """Of those who were there on the first day, so that all walks are of the same length."""
    found = Counted([course.name])
    there = [one for one in course.learners if one.is_there(0)]
    shares = [_share(course, one) for one in there]
    bounds = np.quantile(shares or [0.0], [nth / KINDS for nth in range(1, KINDS)])
    for one, share in zip(there, shares, strict=True):
        kind = int(np.searchsorted(bounds, share, side="right"))
        found.kinds[kind] += 1
        _walk(found, course, one, kind)
        _work(found, course, one, kind)
    return found


def days_of(course: Course, one: PastLearner) -> list[int]:
    """On which they did anything, from the first day on, as a running program would see it."""
    days = {*one.active, *(work.day for work in one.work)}
    return sorted({0, *(day for day in days if 0 <= day < course.days and (one.left is None or day < one.left))})


def _share(course: Course, one: PastLearner) -> float:
    there = min(_KNOWN_BY, one.left if one.left is not None else _KNOWN_BY)
    return sum(day <= there for day in days_of(course, one)) / max(there, 1)


def _walk(found: Counted, course: Course, one: PastLearner, kind: int) -> None:
    days, last = set(days_of(course, one)), 0
    for day in range(1, course.days):
        gap, period = range_of(day - 1 - last, GAPS), range_of(day, PERIODS)
        found.at_risk[period, gap] += 1
        if one.left is not None and day >= one.left:
            found.left[period, gap] += 1
            return
        found.days[kind, gap] += 1
        if day in days:
            found.active[kind, gap] += 1
            last = day


def _work(found: Counted, course: Course, one: PastLearner, kind: int) -> None:
    (pathway,) = course.kit.pathways
    days, work = days_of(course, one), {each.milestone: each for each in one.work}
    for milestone in pathway.milestones:
        due = milestone.due.days - 1
        if due <= 0 or not one.is_there(due):
            continue
        before = max(due - LOOKED_AT, 0)
        gap = range_of(before - max((day for day in days if day <= before), default=0), GAPS)
        found.due[gap] += 1
        if (done := work.get(milestone.id)) is None:
            continue
        found.handed_in[gap] += 1
        (found.late if done.day > due else found.ahead).append(abs(done.day - due))
        if done.score is not None:
            found.marked[kind] += 1
            found.passed[kind] += done.score >= course.pass_mark


def summed(those: Sequence[Counted]) -> Counted:
    return reduce(Counted.__add__, those, Counted())
