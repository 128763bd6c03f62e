"""How often each interval holds the truth, by simulation: about as often as it says."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.random import Generator

from analysis import association, comparing, intervals
from analysis.association import Means, Shares
from analysis.intervals import Interval
from analysis.samples import Counted, Summary

RUNS = 1500


def share(draw: Generator) -> tuple[float, Interval | None]:
    truth, n = draw.uniform(0.05, 0.95), int(draw.integers(5, 60))
    return truth, intervals.proportion(int(draw.binomial(n, truth)), n)


def mean(draw: Generator) -> tuple[float, Interval | None]:
    return 3.5, intervals.mean(draw.normal(3.5, 1.2, int(draw.integers(2, 20))).tolist())


def answers_on_a_scale(draw: Generator) -> tuple[float, Interval | None]:
    chances = [0.05, 0.1, 0.2, 0.4, 0.25]
    return 3.7, intervals.mean(draw.choice([1.0, 2.0, 3.0, 4.0, 5.0], 20, p=chances).tolist())


def difference_of_shares(draw: Generator) -> tuple[float, Interval | None]:
    p, q = draw.uniform(0.05, 0.95, 2)
    n, m = (int(x) for x in draw.integers(8, 60, 2))
    return p - q, comparing.proportions(Counted(int(draw.binomial(n, p)), n), Counted(int(draw.binomial(m, q)), m))


def difference_of_means(draw: Generator) -> tuple[float, Interval | None]:
    return 0.5, comparing.means(draw.normal(3.5, 0.4, 9).tolist(), draw.normal(3.0, 1.2, 25).tolist())


def difference_of_means_alike(draw: Generator) -> tuple[float, Interval | None]:
    one, other = Summary.of(draw.normal(3.5, 1, 4).tolist()), Summary.of(draw.normal(3.0, 1, 30).tolist())
    return 0.5, comparing.means_alike(one, other)


def difference_of_shares_by_few_large_strata(draw: Generator) -> tuple[float, Interval | None]:
    return 0.1, association.stratified([_shares(draw, base, 40, 60) for base in (0.1, 0.4, 0.7)])


def difference_of_shares_by_many_small_strata(draw: Generator) -> tuple[float, Interval | None]:
    return 0.1, association.stratified([_shares(draw, base, 2, 3) for base in np.linspace(0.1, 0.8, 40)])


def _shares(draw: Generator, base: float, n: int, m: int) -> Shares:
    return Shares(Counted(int(draw.binomial(n, base + 0.1)), n), Counted(int(draw.binomial(m, base)), m))


def difference_of_means_by_strata(draw: Generator) -> tuple[float, Interval | None]:
    strata = [
        Means(Summary.of(draw.normal(base + 0.5, 1, 5).tolist()), Summary.of(draw.normal(base, 1, 8).tolist()))
        for base in (1.0, 2.0, 4.0)
    ]
    return 0.5, association.stratified(strata)


@pytest.mark.parametrize(
    "drawn",
    [
        share,
        mean,
        answers_on_a_scale,
        difference_of_shares,
        difference_of_means,
        difference_of_means_alike,
        difference_of_shares_by_few_large_strata,
        difference_of_shares_by_many_small_strata,
        difference_of_means_by_strata,
    ],
)
def test_an_interval_holds_the_truth_as_often_as_it_says(
    drawn: Callable[[Generator], tuple[float, Interval | None]],
) -> None:
    assert 0.93 <= held(drawn) <= 0.975


def test_the_exact_interval_of_a_rate_holds_it_at_least_as_often() -> None:
    def rate(draw: Generator) -> tuple[float, Interval | None]:
        truth, weeks = draw.uniform(0.05, 2), float(draw.uniform(1, 30))
        return truth, intervals.rate(int(draw.poisson(truth * weeks)), weeks)

    assert held(rate) >= 0.94


def held(drawn: Callable[[Generator], tuple[float, Interval | None]]) -> float:
    draw = np.random.default_rng(20261128)
    found = [(truth, interval) for truth, interval in (drawn(draw) for _ in range(RUNS)) if interval is not None]
    assert len(found) > RUNS * 0.95
    return sum(interval.holds(truth) for truth, interval in found) / len(found)
