"""What comparisons share: the least evidence, groups, differences, and how far intervals are widened."""

from dataclasses import dataclass

from analysis import intervals
from analysis.intervals import Interval

LEAST_JOURNEYS = 20
LEAST_MENTORS = 5
"""On either side of a comparison: of learners of few mentors nobody can tell what is the behavior and what the
person."""


@dataclass(frozen=True, slots=True)
class Group:
    n: int
    value: float | None
    """The share or the mean, not adjusted."""


@dataclass(frozen=True, slots=True)
class Adjusted:
    """Adjusted, with an interval that holds for all comparisons at once."""

    estimate: float
    low: float
    high: float

    @property
    def stands_out(self) -> bool:
        return self.low > 0 or self.high < 0


def widened(comparisons: int) -> float:
    """The confidence of each interval with which so many hold at once with 95 % (Bonferroni)."""
    return 1 - (1 - intervals.CONFIDENCE) / max(1, comparisons)


def adjusted(found: Interval | None) -> Adjusted | None:
    return Adjusted(found.estimate, found.low, found.high) if found else None
