"""Differences of two groups and the samples they take, against published figures, scipy and statsmodels."""

import math

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.power import TTestIndPower
from statsmodels.stats.proportion import confint_proportions_2indep
from statsmodels.stats.weightstats import CompareMeans

from analysis import comparing
from analysis.samples import Counted, Summary


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        (Counted(56, 70), Counted(48, 80), 0.0524, 0.3339),
        (Counted(9, 10), Counted(3, 10), 0.1705, 0.8090),
        (Counted(5, 56), Counted(0, 29), -0.0381, 0.1926),
        (Counted(10, 10), Counted(0, 10), 0.6075, 1.0),
    ],
)
def test_shares_as_newcombe_published_them(a: Counted, b: Counted, low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 873, table II, method 10."""
    found = comparing.proportions(a, b)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)
    expected = confint_proportions_2indep(a.count, a.of, b.count, b.of, method="newcomb")
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-9)


def test_means_as_scipy_has_them() -> None:
    a, b = [4.0, 5.0, 5.0, 3.0, 4.0], [2.0, 5.0, 1.0, 3.0, 2.0, 4.0, 1.0]
    welch = stats.ttest_ind(a, b, equal_var=False)
    found = comparing.means(a, b, 0.9)
    assert found is not None
    assert (found.low, found.high) == pytest.approx(tuple(welch.confidence_interval(0.9)))
    student = stats.ttest_ind(a, b)
    alike = comparing.means_alike(Summary.of(a), Summary.of(b))
    assert alike is not None
    assert (alike.low, alike.high) == pytest.approx(tuple(student.confidence_interval(0.95)))
    assert comparing.chance_of_means(Summary.of(a), Summary.of(b)) == pytest.approx(student.pvalue)
    assert (found.low, found.high) == pytest.approx(CompareMeans.from_data(a, b).tconfint_diff(0.1, usevar="unequal"))


def test_the_lady_who_tasted_tea() -> None:
    """Fisher's own example: three of four cups told right. Two-sided, 34 of 70."""
    assert comparing.chance_of_proportions(Counted(3, 4), Counted(1, 4)) == pytest.approx(34 / 70)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (Counted(0, 0), Counted(2, 4)),
        (Counted(0, 5), Counted(0, 9)),
        (Counted(1, 8), Counted(40, 90)),
        (Counted(150, 400), Counted(5_000, 12_000)),
        (Counted(21_000, 50_000), Counted(400_000, 950_000)),
    ],
)
def test_the_chance_of_two_shares_as_scipy_has_it(a: Counted, b: Counted) -> None:
    expected = stats.fisher_exact([[a.count, a.of - a.count], [b.count, b.of - b.count]]).pvalue
    assert comparing.chance_of_proportions(a, b) == pytest.approx(expected, rel=1e-5)


def test_what_differs_without_spread_is_as_unlikely_as_the_dealing() -> None:
    """Eight of one value and two of another, parted exactly: 2 of the 45 ways to draw two of ten."""
    eight, two = Summary.of([4.0] * 8), Summary.of([3.0] * 2)
    assert comparing.chance_of_means(eight, two) == pytest.approx(2 / math.comb(10, 2))
    assert comparing.chance_of_means(eight, eight) == 1
    assert comparing.chance_of_means(Summary.of([4.0]), Summary.of([3.0])) == 1


def test_samples_as_r_documents_them() -> None:
    """R's help pages: power.prop.test(p1 = .50, p2 = .75, power = .90) takes 76.7, and
    power.t.test(power = .90, delta = 1) takes 22.02.
    """
    assert comparing.sample_for_proportions(0.50, 0.75, power=0.9) == 77
    assert comparing.sample_for_means(1, 1, power=0.9) == 23


@pytest.mark.parametrize("effect", [0.05, 0.31, 0.8, 3.0])
def test_samples_of_means_as_statsmodels_has_them(effect: float) -> None:
    expected = TTestIndPower().solve_power(effect_size=effect, alpha=0.05, power=0.8)
    assert comparing.sample_for_means(effect * 2, 2.0) == max(2, math.ceil(np.atleast_1d(expected)[0]))


def test_no_sample_shows_what_is_not_there() -> None:
    assert comparing.sample_for_proportions(0.4, 0.4) is None
    assert comparing.sample_for_means(0, 1) is None
    assert comparing.sample_for_means(1, 0) == 2
    assert comparing.sample_for_means(1e-9, 1) == comparing.LARGEST_SAMPLE
    assert comparing.proportions(Counted(0, 0), Counted(1, 2)) is None
    assert comparing.means([1.0], [2.0, 3.0]) is None
