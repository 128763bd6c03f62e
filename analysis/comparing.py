"""Two groups against each other: the difference, first less second, with its interval; how many it takes to see one.

A difference is None where one of the two has too little to be estimated from.
"""

import math
from collections.abc import Iterable

from analysis import intervals
from analysis.intervals import CONFIDENCE, Interval
from analysis.quantiles import beyond_t, checked, normal, two_sided_t
from analysis.samples import Counted, Summary

POWER = 0.8
"""The chance of seeing a difference that is there, when a sample is planned."""
LARGEST_SAMPLE = 10_000_000


def proportions(a: Counted, b: Counted, confidence: float = CONFIDENCE) -> Interval | None:
    """Newcombe's hybrid score interval (his method 10), made of the Wilson intervals of the two: never beyond 1."""
    first = intervals.proportion(a.count, a.of, confidence)
    second = intervals.proportion(b.count, b.of, confidence)
    if first is None or second is None:
        return None
    apart = first.estimate - second.estimate
    down = math.hypot(first.estimate - first.low, second.high - second.estimate)
    up = math.hypot(first.high - first.estimate, second.estimate - second.low)
    return Interval(apart, apart - down, apart + up)


def means(
    a: Iterable[float] | Summary, b: Iterable[float] | Summary, confidence: float = CONFIDENCE
) -> Interval | None:
    """Welch's interval: the two need not spread alike. Values that are all equal in both make it one point."""
    first, second = (x if isinstance(x, Summary) else Summary.of(x) for x in (a, b))
    if first.n < 2 or second.n < 2:
        return None
    one, other = first.variance / first.n, second.variance / second.n
    apart = first.mean - second.mean
    if one + other == 0:
        return Interval(apart, apart, apart)
    degrees = (one + other) ** 2 / (one**2 / (first.n - 1) + other**2 / (second.n - 1))
    reach = two_sided_t(confidence, degrees) * math.sqrt(one + other)
    return Interval(apart, apart - reach, apart + reach).within(first.scale.less(second.scale))


def means_alike(a: Summary, b: Summary, confidence: float = CONFIDENCE) -> Interval | None:
    """Student's interval, for two that spread alike: a few equal values do not pass for certainty, as in Welch's."""
    if not _comparable(a, b):
        return None
    apart, reach = a.mean - b.mean, two_sided_t(confidence, a.n + b.n - 2) * _pooled_error(a, b)
    return Interval(apart, apart - reach, apart + reach).within(a.scale.less(b.scale))


def chance_of_means(a: Summary, b: Summary) -> float:
    """The probability of a difference at least as large if the two are alike (Student's t test, two-sided).

    1 where either has too little to be compared.
    """
    if not _comparable(a, b) or a.mean == b.mean:
        return 1.0
    error = _pooled_error(a, b)
    return beyond_t((a.mean - b.mean) / error, a.n + b.n - 2) if error else _chance_of_parting(a.n, b.n)


def _comparable(a: Summary, b: Summary) -> bool:
    return a.n > 0 and b.n > 0 and a.n + b.n > 2


def _pooled_error(a: Summary, b: Summary) -> float:
    return math.sqrt((a.squares + b.squares) / (a.n + b.n - 2) * (1 / a.n + 1 / b.n))


def _chance_of_parting(n: int, m: int) -> float:
    """That two kinds of equal values part into these two groups exactly, one way or the other."""
    ways = math.lgamma(n + m + 1) - math.lgamma(n + 1) - math.lgamma(m + 1)
    return min(1.0, 2 * math.exp(-ways))


def chance_of_proportions(a: Counted, b: Counted) -> float:
    """The probability of two shares at least as unlikely if the two are alike (Fisher's exact test, two-sided)."""
    import numpy as np
    from scipy.special import gammaln

    successes, total = a.count + b.count, a.of + b.of
    counts = np.arange(max(0, successes - b.of), min(a.of, successes) + 1, dtype=np.float64)
    logs = -(
        gammaln(counts + 1)
        + gammaln(a.of - counts + 1)
        + gammaln(successes - counts + 1)
        + gammaln(total - a.of - successes + counts + 1)
    )
    odds = np.exp(logs - logs.max())
    seen = odds[a.count - int(counts[0])]
    # What is equally likely counts too, although rounding makes it differ in the last places.
    return min(1.0, float(odds[odds <= seen * (1 + 1e-7)].sum() / odds.sum()))


def sample_for_proportions(
    one: float, other: float, *, power: float = POWER, confidence: float = CONFIDENCE
) -> int | None:
    """How many it takes in each of two groups to see the difference of two shares; None where there is none.

    The usual formula for two shares (Fleiss), without the correction for continuity.
    """
    for share in (one, other):
        if not 0 <= share <= 1:
            raise ValueError(f"A share lies between 0 and 1; {share} does not.")
    if one == other:
        return None
    middle = (one + other) / 2
    z = normal(1 - (1 - checked(confidence)) / 2) * math.sqrt(2 * middle * (1 - middle))
    more = normal(checked(power)) * math.sqrt(one * (1 - one) + other * (1 - other))
    return _whole(((z + more) / (one - other)) ** 2)


def sample_for_means(
    difference: float, deviation: float, *, power: float = POWER, confidence: float = CONFIDENCE
) -> int | None:
    """How many it takes in each of two groups to see a difference of means; None where there is none.

    `deviation` is the standard deviation within a group. By the power of the two-sided t test.
    """
    if difference == 0 or deviation < 0:
        return None
    if deviation == 0:
        return 2
    effect = abs(difference) / deviation
    low, high = 2, 4
    while high < LARGEST_SAMPLE and _power_of_t(effect, high, confidence) < power:
        low, high = high, high * 2
    while low < high:
        half = (low + high) // 2
        low, high = (low, half) if _power_of_t(effect, half, confidence) >= power else (half + 1, high)
    return _whole(high)


def _power_of_t(effect: float, each: int, confidence: float) -> float:
    from scipy.special import nctdtr

    degrees = 2 * each - 2
    edge, shift = two_sided_t(confidence, degrees), effect * math.sqrt(each / 2)
    return float(1 - nctdtr(degrees, shift, edge))


def _whole(n: float) -> int:
    return min(LARGEST_SAMPLE, max(2, math.ceil(n - 1e-9)))
