"""What became of a measure in one group of learners beside another: figures with their intervals, and what they say."""

from typing import Literal

from domain.values import Frozen

Kind = Literal["leading", "lagging"]
Unit = str
"""`share`, and otherwise what a value is a number of, such as `hours`."""
Verdict = Literal["better", "worse", "no_clear_difference", "too_early"]


class Estimate(Frozen):
    """A figure, from how many it comes, and the bounds of its interval."""

    n: int
    value: float | None = None
    """None: there is nothing to take it of."""
    low: float | None = None
    high: float | None = None


class Effect(Frozen):
    """A measure of two groups, and how they differ."""

    measure: str
    title: str
    kind: Kind
    unit: Unit
    before: Estimate
    """Of the learners without the change."""
    after: Estimate
    difference: Estimate | None = None
    """After less before. None: it is too early to say."""
    verdict: Verdict
    needed: int | None = None
    """How many more with the change it takes to say: learners where it is too early, otherwise observations. None: that
    is not known, or nothing more is needed."""


def verdict_of(low: float, high: float, *, more_is_better: bool = True) -> Verdict:
    """What an interval of a difference says."""
    if low <= 0 <= high:
        return "no_clear_difference"
    return "better" if (low > 0) == more_is_better else "worse"
