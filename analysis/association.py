"""Whether something goes with something else among those who are alike otherwise: adjusted by strata.

An association is not a cause: the strata take out what they know of, and nothing else. None where no stratum has both
kinds of people, or where there are too few of them for an interval.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

from analysis.intervals import CONFIDENCE, Interval
from analysis.quantiles import two_sided, two_sided_t
from analysis.samples import SHARES, Counted, Scale, Summary


@dataclass(frozen=True, slots=True)
class Shares:
    """One stratum: how many had the outcome, with and without what is looked at."""

    having: Counted
    lacking: Counted


@dataclass(frozen=True, slots=True)
class Means:
    """One stratum: the outcome as a measured value."""

    having: Summary
    lacking: Summary


def stratified(strata: Sequence[Shares] | Sequence[Means], confidence: float = CONFIDENCE) -> Interval | None:
    """The difference of shares or of means, having less lacking, within the strata taken together."""
    shares = [one for one in strata if isinstance(one, Shares)]
    means = [one for one in strata if isinstance(one, Means)]
    if shares and means:
        raise ValueError("The strata of one outcome are all shares, or all means.")
    return risk_difference(shares, confidence) if shares else mean_difference(means, confidence)


def risk_difference(strata: Sequence[Shares], confidence: float = CONFIDENCE) -> Interval | None:
    """Mantel and Haenszel's, with Sato's variance, which holds for a few large strata and for many small ones."""
    weight = weighted = sparse = paired = 0.0
    for one in strata:
        a, n1, b, n0 = one.having.count, one.having.of, one.lacking.count, one.lacking.of
        if not n1 or not n0:
            continue
        n = n1 + n0
        weight += n1 * n0 / n
        weighted += (a * n0 - b * n1) / n
        sparse += (n1**2 * b - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / n**2
        paired += (a * (n0 - b) + b * (n1 - a)) / (2 * n)
    if not weight:
        return None
    apart = weighted / weight
    reach = two_sided(confidence) * math.sqrt(max(0.0, apart * sparse + paired)) / weight
    return Interval(apart, apart - reach, apart + reach).within(SHARES.less(SHARES))


def mean_difference(strata: Sequence[Means], confidence: float = CONFIDENCE) -> Interval | None:
    """The coefficient of a linear model with an intercept for each stratum, by ordinary least squares."""
    both = [one for one in strata if one.having.n and one.lacking.n]
    weights = [one.having.n * one.lacking.n / (one.having.n + one.lacking.n) for one in both]
    everybody = sum(one.having.n + one.lacking.n for one in strata)
    degrees = everybody - sum(1 for one in strata if one.having.n or one.lacking.n) - 1
    if not both or degrees < 1:
        return None
    differences = [one.having.mean - one.lacking.mean for one in both]
    apart = math.fsum(map(math.prod, zip(weights, differences, strict=True))) / sum(weights)
    left = math.fsum(one.having.squares + one.lacking.squares for one in strata)
    left += math.fsum(w * (one - apart) ** 2 for w, one in zip(weights, differences, strict=True))
    reach = two_sided_t(confidence, degrees) * math.sqrt(left / degrees / sum(weights))
    having = reduce(Scale.joined, (one.having.scale for one in both))
    lacking = reduce(Scale.joined, (one.lacking.scale for one in both))
    return Interval(apart, apart - reach, apart + reach).within(having.less(lacking))
