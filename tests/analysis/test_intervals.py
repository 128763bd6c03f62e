"""Shares, means and rates against published tables and statsmodels."""

import numpy as np
import pytest
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson
from statsmodels.stats.weightstats import DescrStatsW

from analysis import intervals
from analysis.intervals import Interval
from analysis.samples import Counted, Summary


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_shares_as_newcombe_published_them(successes: int, n: int, low: float, high: float) -> None:
    """Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3."""
    found = intervals.proportion(successes, n)
    assert found is not None
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
@pytest.mark.parametrize(("successes", "n"), [(0, 1), (1, 1), (3, 7), (50, 100), (999, 1000), (1_000_000, 3_000_000)])
def test_shares_as_statsmodels_has_them(successes: int, n: int, confidence: float) -> None:
    found = intervals.proportion(successes, n, confidence)
    assert found is not None
    expected = proportion_confint(successes, n, alpha=1 - confidence, method="wilson")
    assert (found.low, found.high) == pytest.approx(expected, abs=1e-12)
    assert 0 <= found.low <= found.estimate <= found.high <= 1


def test_means_as_statsmodels_has_them() -> None:
    values = [3.0, 4.0, 4.0, 5.0, 1.0, 2.0]
    found = intervals.mean(values, 0.9)
    assert found is not None
    assert (found.low, found.high) == pytest.approx(DescrStatsW(values).tconfint_mean(alpha=0.1))
    measured = Summary.measured(6, float(np.mean(values)), float(np.var(values, ddof=1)))
    again = intervals.mean(measured, 0.9)
    assert again is not None
    assert (again.low, again.high) == pytest.approx((found.low, found.high))


@pytest.mark.parametrize(("events", "exposure"), [(0, 4.0), (1, 1.0), (10, 1.0), (137, 52.0)])
def test_rates_as_statsmodels_has_them(events: int, exposure: float) -> None:
    found = intervals.rate(events, exposure)
    assert found is not None
    expected = confint_poisson(events, exposure, method="exact-c")
    assert (found.low, found.high) == pytest.approx((max(0.0, np.nan_to_num(expected[0])), expected[1]))


def test_nothing_is_said_of_nothing() -> None:
    assert intervals.proportion(0, 0) is None
    assert intervals.mean([]) is None
    assert intervals.mean([4.0]) is None
    assert intervals.rate(0, 0) is None
    assert intervals.mean([4.0, 4.0]) == Interval(4.0, 4.0, 4.0)


@pytest.mark.parametrize(("successes", "n"), [(-1, 3), (4, 3), (0, -1)])
def test_a_share_that_cannot_be_is_refused(successes: int, n: int) -> None:
    with pytest.raises(ValueError, match="is not a share"):
        intervals.proportion(successes, n)


@pytest.mark.parametrize("confidence", [0, 1, 95, -0.1])
def test_a_confidence_in_percent_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        intervals.proportion(1, 2, confidence)


def test_samples_are_taken_apart_and_put_together() -> None:
    ours, theirs = [1.0, 2.0, 2.0], [5.0, 3.0, 4.0, 4.0]
    both = Summary.of(ours + theirs)
    for found, values in ((both.without(Summary.of(ours)), theirs), (both.without(Summary.of(theirs)), ours)):
        assert (found.n, found.mean, found.variance) == pytest.approx(
            (len(values), np.mean(values), np.var(values, ddof=1))
        )
    joined = Summary.of(ours).joined(Summary.of(theirs))
    assert (joined.n, joined.mean, joined.squares) == pytest.approx((both.n, both.mean, both.squares))
    assert both.without(both).n == 0
    assert Counted(3, 9).without(Counted(1, 4)) == Counted(2, 5)
