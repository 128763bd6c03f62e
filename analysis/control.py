"""What a total may be by chance alone: control limits that are exact, so that few values have the wide ones they need.

The total of n values lies outside its limits with at most the probability that is allowed, however small n is: nothing
is taken to be normal. With very few values there may be no total outside at all.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

FALSE_ALARMS = 0.0027
"""As rare as three standard deviations are for normal values, on both sides together."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The least and the largest total that chance explains."""

    expected: float
    low: float
    high: float

    def hold(self, total: float) -> bool:
        # The totals are sums of values that may not be exact in binary, such as a third.
        return self.low - 1e-9 <= total <= self.high + 1e-9


def limits(usual: Mapping[float, int], n: int, false_alarms: float = FALSE_ALARMS) -> Limits:
    """Of the total of n values that come from those that are usual: each value with how often it was seen.

    Yes and no are 1 and 0, and their total is the count of yes. Exact for values on a grid, such as those of a scale:
    the distribution of the total is worked out, not approximated.

    Raises ValueError if nothing is usual, or if n is below 1.
    """
    seen = {value: times for value, times in usual.items() if times > 0}
    if not seen or n < 1:
        raise ValueError("Limits need at least one usual value and at least one value to be judged.")
    values = sorted(seen)
    step = _step(values)
    chances = [0.0] * (round((values[-1] - values[0]) / step) + 1)
    for value, times in seen.items():
        chances[round((value - values[0]) / step)] += times / sum(seen.values())
    low, high = _between(_repeated(chances, n), false_alarms / 2)
    expected = n * sum(value * times for value, times in seen.items()) / sum(seen.values())
    return Limits(expected, n * values[0] + low * step, n * values[0] + high * step)


def count_limits(rate: float, exposure: float, false_alarms: float = FALSE_ALARMS) -> Limits:
    """Of a count of events at a usual rate for each unit of exposure (Poisson)."""
    from scipy.special import pdtr

    expected = rate * exposure
    tail = false_alarms / 2
    low = 0
    while pdtr(low, expected) <= tail:
        low += 1
    high = max(low, math.floor(expected))
    while 1 - pdtr(high, expected) > tail:
        high += 1
    return Limits(expected, low, high)


def _step(values: list[float]) -> float:
    """The width of the finest grid that has all of the values; of a single value any will do."""
    distances = [round((value - values[0]) * _FINEST) for value in values]
    return (math.gcd(*distances) or _FINEST) / _FINEST


_FINEST = 1000
"""Values are told apart to a thousandth."""


def _repeated(chances: list[float], n: int) -> list[float]:
    """The distribution of the sum of n draws, by repeated squaring."""
    import numpy as np

    total, power = np.ones(1), np.array(chances)
    while n:
        if n & 1:
            total = np.convolve(total, power)
        n >>= 1
        if n:
            power = np.convolve(power, power)
    return [float(chance) for chance in total]


def _between(chances: list[float], tail: float) -> tuple[int, int]:
    """The first and the last place outside of which there is no more than the tail on either side."""
    return _first_beyond(chances, tail), len(chances) - 1 - _first_beyond(chances[::-1], tail)


def _first_beyond(chances: list[float], tail: float) -> int:
    below = 0.0
    for place, chance in enumerate(chances):
        below += chance
        if below > tail:
            return place
    return len(chances) - 1
