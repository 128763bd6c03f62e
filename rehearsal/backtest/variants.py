"""Rules of inactivity as they could be: resting in the breaks of courses, or beside what is usual among the others."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from domain.kit import Escalation
from rehearsal.backtest.crowd import Crowd, Flags, Numbers, Watched
from rehearsal.backtest.history import PastLearner
from rehearsal.backtest.rules import Rung
from rehearsal.backtest.scoring import Score, load, score

SHARE = 0.9
"""A gap beyond that of so many of those who are there in the same course on the same day."""
AFTER_BREAK = 5
"""Days after a break on which it still shows who was away in it."""

Kind = Literal["as it is", "resting in breaks", "beyond nine of ten"]


@dataclass(frozen=True)
class Variant:
    """The first step of a rule of inactivity."""

    rule: str
    kind: Kind
    days: Mapping[int, Score]
    alerts_a_week: float | None
    """For each mentor. None: it was looked at on these days only."""


def variants(crowd: Crowd, rules: Sequence[Escalation], days: Sequence[int]) -> list[Variant]:
    """Empty where no course has a break."""
    found = [rule for rule in rules if rule.when.checks_activity]
    looked_at = sorted({*days, *_around_breaks(crowd)})
    return list(_variants(crowd, found, looked_at)) if found and looked_at != sorted(days) else []


def _around_breaks(crowd: Crowd) -> Iterator[int]:
    """The middle of each break, its last day, and some days later."""
    courses = {row.course.name: row.course for row in crowd.rows}
    for course in courses.values():
        for one in course.breaks:
            first, last = ((day - course.starts_at.date()).days for day in (one.starts_on, one.ends_on))
            yield from (day for day in ((first + last) // 2, last, last + AFTER_BREAK) if 0 <= day < course.days)


def _variants(crowd: Crowd, rules: Sequence[Escalation], days: Sequence[int]) -> Iterator[Variant]:
    as_they_are, resting = crowd.watch(rules), crowd.watch(rules, resting=True)
    for rule in rules:
        yield _variant(as_they_are, rule, "as it is", days)
        yield _variant(resting, rule, "resting in breaks", days)
    beyond = {day: score(crowd, beyond_others(crowd, day), day) for day in days}
    yield Variant("any gap", "beyond nine of ten", beyond, None)


def _variant(watched: Watched, rule: Escalation, kind: Kind, days: Sequence[int]) -> Variant:
    crowd, rung = watched.crowd, Rung(rule.id, 0)
    flags = {day: score(crowd, watched.flagged(rung, day), day) for day in days}
    return Variant(rule.id, kind, flags, load(crowd, watched.spells[rung]).mean)


def beyond_others(crowd: Crowd, day: int) -> Flags:
    """Whose time without activity, at the end of this day, is longer than that of SHARE of their course."""
    gaps, there = _gaps(crowd, day), crowd.there(day)
    flags = np.zeros(len(crowd), dtype=np.bool_)
    for course in crowd.courses:
        of_course = crowd.of_course(course) & there
        if of_course.any():
            flags |= of_course & (gaps > np.quantile(gaps[of_course], SHARE))
    return flags


def _gaps(crowd: Crowd, day: int) -> Numbers:
    return np.array([gap(row.learner, day) for row in crowd.rows], dtype=float)


def gap(learner: PastLearner, day: int) -> int:
    """Days since the last sign of the learner that was known at the end of this day."""
    days = list(learner.active)
    active = days[bisect_right(days, day) - 1 : bisect_right(days, day)]
    done = [work.day for work in learner.work if work.day <= day]
    return day - max([learner.registered, 0, *active, *done[-1:]])
