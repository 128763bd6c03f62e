"""Differences over clusters, against statsmodels and by simulation."""

import math
import random
from collections.abc import Sequence

import numpy as np
import pytest
from statsmodels.regression.linear_model import OLS

from analysis.clustered import Cell, difference

Case = tuple[int, int, bool, float]
"""Cluster, stratum, having, outcome."""


def drawn(seed: int, *, clusters: int = 14, each: int = 9, effect: float = 0.0) -> list[Case]:
    """Cases of clusters that differ among themselves, half of which have it nearly always."""
    source = random.Random(seed)  # noqa: S311
    cases: list[Case] = []
    for cluster in range(clusters):
        own, often = source.gauss(0, 0.7), 0.9 if cluster % 2 else 0.1
        for _ in range(1 + source.randrange(2 * each)):
            stratum, having = source.randrange(3), source.random() < often
            cases.append((cluster, stratum, having, stratum + own + effect * having + source.gauss(0, 1)))
    return cases


def cells(cases: Sequence[Case]) -> list[Cell]:
    return [Cell(cluster, stratum, having, 1, y) for cluster, stratum, having, y in cases]


def by_statsmodels(cases: Sequence[Case]) -> float:
    strata = sorted({one[1] for one in cases})
    design = np.array([[having, *(stratum == one for one in strata)] for _, stratum, having, _ in cases], dtype=float)
    return float(OLS(np.array([one[3] for one in cases]), design).fit().params[0])


@pytest.mark.parametrize("seed", range(5))
def test_it_is_a_linear_model_and_its_jackknife(seed: int) -> None:
    cases = drawn(seed, effect=0.4)
    found = difference(cells(cases))
    assert found
    assert found.estimate == pytest.approx(by_statsmodels(cases))
    clusters = sorted({one[0] for one in cases})
    without = [by_statsmodels([one for one in cases if one[0] != cluster]) for cluster in clusters]
    g = len(clusters)
    error = math.sqrt((g - 1) / g * sum((one - found.estimate) ** 2 for one in without))
    assert found.half_width == pytest.approx(2.160369 * error), "Student's t with 13 degrees of freedom"


def test_cases_may_be_summed_up_before() -> None:
    cases = drawn(3)
    summed: dict[tuple[int, int, bool], list[float]] = {}
    for cluster, stratum, having, y in cases:
        summed.setdefault((cluster, stratum, having), []).append(y)
    found = difference([Cell(*key, len(ys), math.fsum(ys)) for key, ys in summed.items()])
    alone = difference(cells(cases))
    assert found
    assert alone
    assert found.estimate == pytest.approx(alone.estimate)
    assert found.low == pytest.approx(alone.low)


def test_it_says_nothing_where_one_cluster_decides() -> None:
    one_has_it = [Cell(cluster, 0, cluster == 0, 5, 3.0) for cluster in range(10)]
    assert difference(one_has_it) is None
    assert difference([]) is None
    assert difference(cells(drawn(1, clusters=2))) is None


def test_the_interval_covers_what_it_says() -> None:
    """Of 600 draws with an effect of 0.5 about 95 % of the intervals hold it; ignoring clusters far fewer would."""
    held = sum(bool((found := difference(cells(drawn(seed, effect=0.5)))) and found.holds(0.5)) for seed in range(600))
    assert 0.93 <= held / 600 <= 0.99
