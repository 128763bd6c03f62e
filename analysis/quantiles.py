"""Quantiles and tails of the distributions that the calculations use.

The normal ones come from the standard library; scipy is loaded by whoever needs another, since it takes a third of a
second.
"""

from functools import lru_cache
from statistics import NormalDist

_NORMAL = NormalDist()


def two_sided(confidence: float) -> float:
    """The z that leaves half of what is lacking to certainty on either side."""
    return _NORMAL.inv_cdf(0.5 + checked(confidence) / 2)


def normal(probability: float) -> float:
    return _NORMAL.inv_cdf(probability)


def beyond(z: float) -> float:
    """The probability of being at least as far from 0 as z, on either side."""
    return 2 * _NORMAL.cdf(-abs(z))


@lru_cache(maxsize=4096)
def two_sided_t(confidence: float, degrees: float) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + checked(confidence) / 2))


def beyond_t(t: float, degrees: float) -> float:
    from scipy.special import stdtr

    return float(2 * stdtr(degrees, -abs(t)))


def checked(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"A confidence lies between 0 and 1; {confidence} does not. 0.95 is usual.")
    return confidence
