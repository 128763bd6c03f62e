"""A difference of means where cases come in clusters, such as learners of one mentor: adjusted by strata.

Cases of one cluster are alike for reasons of their own, so a hundred learners of two mentors say little about mentors.
The interval is by the jackknife over clusters (CR3), which treats each cluster as one observation and errs on the wide
side. An association is not a cause.
"""

import math
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from analysis.intervals import CONFIDENCE, Interval
from analysis.quantiles import two_sided_t
from analysis.samples import ANY, Scale


@dataclass(frozen=True, slots=True)
class Cell:
    """Cases that are alike in cluster and stratum, and that all have or all lack what is looked at."""

    cluster: Hashable
    stratum: Hashable
    having: bool
    n: int
    total: float
    """Of their outcome, summed up."""


@dataclass(slots=True)
class _Sums:
    """Of one stratum."""

    n1: int = 0
    n0: int = 0
    y1: float = 0.0
    y0: float = 0.0

    def add(self, cell: Cell, sign: int = 1) -> None:
        if cell.having:
            self.n1 += sign * cell.n
            self.y1 += sign * cell.total
        else:
            self.n0 += sign * cell.n
            self.y0 += sign * cell.total

    @property
    def weight(self) -> float:
        return self.n1 * self.n0 / (self.n1 + self.n0) if self.n1 and self.n0 else 0.0

    @property
    def weighted(self) -> float:
        """The weight times the difference of the means."""
        return self.weight * (self.y1 / self.n1 - self.y0 / self.n0) if self.n1 and self.n0 else 0.0


def difference(cells: Iterable[Cell], confidence: float = CONFIDENCE, scale: Scale = ANY) -> Interval | None:
    """The mean of those having, less that of those lacking, within the strata taken together: the coefficient of a
    linear model with an intercept for each stratum. None where a single cluster decides whether there is any.
    `scale`: of the outcomes.
    """
    by_cluster: dict[Hashable, list[Cell]] = defaultdict(list)
    strata: dict[Hashable, _Sums] = defaultdict(_Sums)
    for cell in cells:
        by_cluster[cell.cluster].append(cell)
        strata[cell.stratum].add(cell)
    weight = math.fsum(one.weight for one in strata.values())
    weighted = math.fsum(one.weighted for one in strata.values())
    if len(by_cluster) < 3 or not weight:
        return None
    apart = weighted / weight
    squares = 0.0
    for left_out in by_cluster.values():
        without = _without(left_out, strata, weight, weighted)
        if without is None:
            return None
        squares += (without - apart) ** 2
    clusters = len(by_cluster)
    reach = two_sided_t(confidence, clusters - 1) * math.sqrt((clusters - 1) / clusters * squares)
    return Interval(apart, apart - reach, apart + reach).within(scale.less(scale))


def _without(cluster: Iterable[Cell], strata: dict[Hashable, _Sums], weight: float, weighted: float) -> float | None:
    """The difference without this cluster; None where there is none then."""
    changed: dict[Hashable, _Sums] = {}
    for cell in cluster:
        before = strata[cell.stratum]
        now = changed.setdefault(cell.stratum, _Sums(before.n1, before.n0, before.y1, before.y0))
        now.add(cell, -1)
    for stratum, now in changed.items():
        weight += now.weight - strata[stratum].weight
        weighted += now.weighted - strata[stratum].weighted
    return weighted / weight if weight > 1e-9 else None
