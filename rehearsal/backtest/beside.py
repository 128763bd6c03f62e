"""Two ways to flag the same people on the same day, told apart only where they really differ."""

import math
from dataclasses import dataclass
from typing import Literal

from analysis.intervals import Interval
from analysis.quantiles import two_sided
from rehearsal.backtest.crowd import Flags

_CONFIDENCE = 0.95
FEWEST = 30
"""With fewer who are flagged by one and not by the other, nothing is said."""

Verdict = Literal["tie", "first", "second", "too few"]


@dataclass(frozen=True)
class Paired:
    """The first less the second, on the same people."""

    precision: Interval | None
    recall: Interval | None
    verdict: Verdict
    """By the precision where both flag as many, and by the recall otherwise."""


def paired(first: Flags, second: Flags, troubled: Flags) -> Paired:
    """Both among those who are there. Whoever is flagged by both counts for neither."""
    if int((first ^ second).sum()) < FEWEST:
        return Paired(None, None, "too few" if (first ^ second).any() else "tie")
    precision, recall = _precision(first, second, troubled), _recall(first, second, troubled)
    return Paired(precision, recall, _verdict(precision if first.sum() == second.sum() else recall))


def _precision(first: Flags, second: Flags, troubled: Flags) -> Interval | None:
    """By the delta method: each person adds to both ratios, so their errors go together."""
    n, m = int(first.sum()), int(second.sum())
    if not n or not m:
        return None
    p, q = float((first & troubled).sum() / n), float((second & troubled).sum() / m)
    parts = first * (troubled - p) / n - second * (troubled - q) / m
    return _interval(p - q, float((parts**2).sum()))


def _recall(first: Flags, second: Flags, troubled: Flags) -> Interval | None:
    """As McNemar: only those count whom one found and the other did not."""
    n = int(troubled.sum())
    if not n:
        return None
    only_first, only_second = int((first & ~second & troubled).sum()), int((second & ~first & troubled).sum())
    apart = (only_first - only_second) / n
    return _interval(apart, (only_first + only_second) / n**2 - apart**2 / n)


def _interval(apart: float, variance: float) -> Interval:
    reach = two_sided(_CONFIDENCE) * math.sqrt(max(variance, 0.0))
    return Interval(apart, apart - reach, apart + reach)


def _verdict(interval: Interval | None) -> Verdict:
    if interval is None:
        return "too few"
    if interval.holds(0):
        return "tie"
    return "first" if interval.low > 0 else "second"
