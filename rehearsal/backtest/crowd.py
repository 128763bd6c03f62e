"""Many learners of the past beside the same rules: who was there on a day, and whom the rules had flagged by then."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.kit import Escalation
from rehearsal.backtest.history import Course, PastLearner
from rehearsal.backtest.others import CourseSilences
from rehearsal.backtest.rules import Rung, rungs
from rehearsal.backtest.watching import NEVER, Rules, Watch

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float64]

_DAY = timedelta(days=1)


class Row(NamedTuple):
    course: Course
    learner: PastLearner


class Spells(NamedTuple):
    """When a step had been taken and its reason was there, for many learners; in days from the start of the term."""

    rows: NDArray[np.int64]
    since: Numbers
    until: Numbers

    def hold_at(self, moment: float, size: int) -> Flags:
        """Whose reason is there at this moment."""
        flags = np.zeros(size, dtype=np.bool_)
        flags[self.rows[(self.since <= moment) & (self.until > moment)]] = True
        return flags

    def first(self, size: int) -> Numbers:
        """When the step was taken first; infinite for those for whom it never was."""
        found = np.full(size, np.inf)
        np.minimum.at(found, self.rows, self.since)
        return found


@dataclass(frozen=True)
class Crowd:
    """Learners of some courses, in order."""

    rows: Sequence[Row]

    @staticmethod
    def of(courses: Iterable[Course], without: frozenset[str] = frozenset()) -> "Crowd":
        """Without the learners of these ids: nobody stands on both sides of a split."""
        return Crowd([Row(course, one) for course in courses for one in course.learners if one.learner not in without])

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def ids(self) -> frozenset[str]:
        return frozenset(row.learner.learner for row in self.rows)

    @cached_property
    def troubled(self) -> Flags:
        """Who failed or left in the end. No rule knows it."""
        return np.array([not row.learner.succeeded for row in self.rows], dtype=np.bool_)

    @cached_property
    def left(self) -> Numbers:
        """The day of leaving; infinite for those who stayed."""
        return np.array([np.inf if row.learner.left is None else row.learner.left for row in self.rows], dtype=float)

    @cached_property
    def _registered(self) -> Numbers:
        return np.array([row.learner.registered for row in self.rows], dtype=float)

    @cached_property
    def _over(self) -> Numbers:
        return np.array([row.course.days for row in self.rows], dtype=float)

    def there(self, day: int) -> Flags:
        """Who is registered at the end of this day, in a course that is still running."""
        return (self._registered <= day) & (self.left > day) & (self._over > day)

    def of_course(self, name: str) -> Flags:
        return np.array([row.course.name == name for row in self.rows], dtype=np.bool_)

    @property
    def courses(self) -> list[str]:
        return list(dict.fromkeys(row.course.name for row in self.rows))

    @cached_property
    def _watches(self) -> Sequence[Watch]:
        return [Watch(*row, others=self._others[row.course.name].before) for row in self.rows]

    @cached_property
    def _resting(self) -> Sequence[Watch]:
        return [Watch(*row, row.course.breaks, self._others[row.course.name].before) for row in self.rows]

    @cached_property
    def _others(self) -> Mapping[str, CourseSilences]:
        learners: dict[str, list[PastLearner]] = {}
        for row in self.rows:
            learners.setdefault(row.course.name, []).append(row.learner)
        courses = {row.course.name: row.course for row in self.rows}
        return {name: CourseSilences(courses[name], those) for name, those in learners.items()}

    def watch(
        self, rules: Sequence[Escalation], progress: Callable[[int], None] = lambda _: None, *, resting: bool = False
    ) -> "Watched":
        """What these rules did; with `resting`, if their clocks had rested in the breaks of each course. `progress` is
        told of each thousand learners that were gone through."""
        found: dict[Rung, list[tuple[int, float, float]]] = {rung: [] for rung in rungs(rules)}
        sorted_rules = Rules.of(rules)
        for nth, watch in enumerate(self._resting if resting else self._watches):
            for alert in watch.alerts(sorted_rules):
                since = (alert.at - watch.course.starts_at) / _DAY
                until = np.inf if alert.until == NEVER else (alert.until - watch.course.starts_at) / _DAY
                found[alert.rung].append((nth, since, until))
            if nth % 1_000 == 999:
                progress(1_000)
        progress(len(self.rows) % 1_000)
        return Watched(self, {rung: _spells(those) for rung, those in found.items()})


def _spells(those: Sequence[tuple[int, float, float]]) -> Spells:
    rows, since, until = zip(*those, strict=True) if those else ((), (), ())
    return Spells(np.array(rows, dtype=np.int64), np.array(since, dtype=float), np.array(until, dtype=float))


@dataclass(frozen=True)
class Watched:
    crowd: Crowd
    spells: Mapping[Rung, Spells]

    def flagged(self, rung: Rung, day: int) -> Flags:
        """For whom the step has been taken and its reason is there at the end of this day."""
        return self.spells[rung].hold_at(day + 1, len(self.crowd))
