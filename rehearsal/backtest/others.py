"""How long the learners of a course had been quiet on each day, as running programs measure it (domain/silences.py)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from domain.silences import LEAST_LEARNERS, OthersSeen, places
from rehearsal.backtest.history import Course, PastLearner

MEASURED_AT = timedelta(hours=6)
"""Of each day, UTC."""
_DAY = timedelta(days=1)
_HOUR = 1 / 24
_MATCHED, _SEEN, _LEAVES = 11 * _HOUR, 12 * _HOUR, 20 * _HOUR
"""As in watching.py, in days."""


class CourseSilences:
    """Of one course. Each day is measured when it is first asked for."""

    def __init__(self, course: Course, learners: Sequence[PastLearner]) -> None:
        self._course, self._learners = course, learners
        self._known: dict[int, OthersSeen | None] = {}

    def before(self, at: datetime) -> OthersSeen | None:
        """As it was measured last; None: too few were there."""
        day = (at - self._course.starts_at - MEASURED_AT) // _DAY
        if day not in self._known:
            self._known[day] = self._measured(day)
        return self._known[day]

    def _measured(self, day: int) -> OthersSeen | None:
        if not 0 <= day < self._course.days:
            return None
        moment = day + MEASURED_AT / _DAY
        begins, ends, seen = self._tables
        there = (begins <= moment) & (ends > moment)
        if (count := int(there.sum())) < LEAST_LEARNERS:
            return None
        since = np.sort(np.maximum(seen[there, day], begins[there]))[::-1]
        starts_at = self._course.starts_at
        moments = tuple(starts_at + timedelta(days=float(since[place])) for place in places(count))
        return OthersSeen(measured_at=starts_at + timedelta(days=moment), learners=count, seen_since=moments)

    @cached_property
    def _tables(self) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float32]]:
        """From when until when each learner is there, and when they were seen last before each day's measurement, in
        days from the start of the course."""
        days = self._course.days
        seen = np.full((len(self._learners), days), -1.0, dtype=np.float32)
        for nth, one in enumerate(self._learners):
            signs = np.array([*one.active, *(work.day for work in one.work)], dtype=np.int64)
            signs = signs[(signs >= 0) & (signs < days - 1)]
            seen[nth, signs + 1] = signs + _SEEN  # what is done at noon is known on the next morning
        np.maximum.accumulate(seen, axis=1, out=seen)
        begins = np.array([max(0.0, one.registered + _MATCHED) for one in self._learners])
        ends = np.array([days if one.left is None else min(days, one.left + _LEAVES) for one in self._learners])
        return begins, ends.astype(float), seen
