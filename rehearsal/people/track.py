"""On which days a learner is active, and when they leave: a walk from day to day.

Whether somebody is active on a day depends on their kind and on how long they have been away: the longer, the less
likely they come back. Whether they leave depends on how long they have been away and on how far the term is. Both are
counted in the Open University data. Draws are keyed by the day, so a learner who is brought back by somebody meets the
same chance on every later day as otherwise.

Not modeled: days of the week, holidays, and what goes on in a course on the same day for all.
"""

from bisect import bisect_right
from dataclasses import dataclass, field

from rehearsal.people.draws import Draws
from rehearsal.people.fitted import GAPS, PERIODS, Fitted, range_of


def kind_of(draws: Draws, fit: Fitted) -> int:
    drawn, kind = draws.uniform("kind"), 0
    for share in fit.kinds[:-1]:
        drawn -= share
        if drawn < 0:
            break
        kind += 1
    return kind


@dataclass(slots=True)
class Track:
    """Days are counted from the day on which the learner begins."""

    draws: Draws
    fit: Fitted
    kind: int
    days: int
    """How many are looked at."""
    active: list[int] = field(default_factory=lambda: [0])
    """In order. Everybody is there on the first day."""
    left: int | None = None
    """The day on which the learner says that they leave. Silent ones are just not active any more."""

    def __post_init__(self) -> None:
        self._go_on(1)

    def _go_on(self, day: int) -> None:
        chances, draws = self.fit.active[self.kind], self.draws
        last = self.active[-1]
        gaps = [range_of(gap, GAPS) for gap in range(self.days + 1)]
        for period, first in enumerate(PERIODS):
            ends = PERIODS[period + 1] if period + 1 < len(PERIODS) else self.days
            leaves = self.fit.leaves[period]
            for today in range(max(day, first), min(ends, self.days)):
                gap = gaps[today - 1 - last]
                if draws.uniform("leaves", today) < leaves[gap]:
                    self.left = today
                    return
                if draws.uniform("active", today) < chances[gap]:
                    self.active.append(today)
                    last = today

    def come_back(self, day: int) -> None:
        """Somebody has brought the learner back: they are active on this day, and go on from there."""
        if day >= self.days or (self.left is not None and self.left <= day):
            return
        del self.active[bisect_right(self.active, day - 1) :]
        self.active.append(day)
        self.left = None
        self._go_on(day + 1)

    def gap(self, day: int) -> int:
        """The days since the last activity, at the end of this day."""
        return day - self.active[max(bisect_right(self.active, day) - 1, 0)]

    def latest(self, day: int) -> int | None:
        """The last day of activity until this one; None: none yet."""
        count = bisect_right(self.active, day)
        return self.active[count - 1] if count else None

    def next(self, day: int) -> int | None:
        """The first day of activity from this one on; None: never again."""
        count = bisect_right(self.active, day - 1)
        return self.active[count] if count < len(self.active) else None

    def is_there(self, day: int) -> bool:
        return self.left is None or day < self.left
