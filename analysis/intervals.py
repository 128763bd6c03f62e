"""Single figures with their intervals: a share, a mean, a rate.

Each is None where there is nothing to estimate it from: a share of none, a mean of fewer than two values, a rate of no
time at all.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from analysis.quantiles import checked, two_sided, two_sided_t
from analysis.samples import Counted, Scale, Summary

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate, and the values that go with what was seen at the confidence that was asked for."""

    estimate: float
    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high

    def within(self, scale: Scale) -> "Interval":
        """Cut off where the scale ends: nothing that was estimated can lie beyond, so that it holds as often as before.
        The estimate stays in it."""
        low, high = max(self.low, scale.least), min(self.high, scale.most)
        return Interval(self.estimate, min(low, self.estimate), max(high, self.estimate))

    @property
    def half_width(self) -> float:
        return (self.high - self.low) / 2


def proportion(successes: int, n: int, confidence: float = CONFIDENCE) -> Interval | None:
    """Wilson's score interval: never below 0 or above 1, and of use with few.

    Raises ValueError unless 0 ≤ successes ≤ n.
    """
    p = Counted(successes, n).share
    if n == 0:
        return None
    z = two_sided(confidence)
    scale = 1 + z * z / n
    middle = (p + z * z / (2 * n)) / scale
    reach = z / scale * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Interval(p, 0.0 if successes == 0 else middle - reach, 1.0 if successes == n else middle + reach)


def mean(values: Iterable[float] | Summary, confidence: float = CONFIDENCE) -> Interval | None:
    """By Student's t, within the scale of the values. Right for values that are roughly normal, or for many of them.

    Values that are all equal say nothing of how far others may lie: their interval is the one point.
    """
    seen = values if isinstance(values, Summary) else Summary.of(values)
    if seen.n < 2:
        return None
    reach = two_sided_t(confidence, seen.n - 1) * math.sqrt(seen.variance / seen.n)
    return Interval(seen.mean, seen.mean - reach, seen.mean + reach).within(seen.scale)


def rate(events: int, exposure: float, confidence: float = CONFIDENCE) -> Interval | None:
    """Events for each unit of exposure, such as cases for each journey and week; exact for Poisson counts (Garwood)."""
    from scipy.special import gammaincinv

    if events < 0 or exposure < 0:
        raise ValueError(f"{events} events in {exposure} cannot be: neither is below 0.")
    if exposure == 0:
        return None
    tail = (1 - checked(confidence)) / 2
    low = float(gammaincinv(events, tail)) if events else 0.0
    high = float(gammaincinv(events + 1, 1 - tail))
    return Interval(events / exposure, low / exposure, high / exposure)
