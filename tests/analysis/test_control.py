"""Control limits against scipy's distributions, and against all that can be drawn."""

from itertools import product
from math import prod

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, poisson

from analysis.control import FALSE_ALARMS, count_limits, limits


@pytest.mark.parametrize("n", [1, 2, 5, 30, 400])
@pytest.mark.parametrize(("yes", "no"), [(1, 9), (17, 13), (99, 1)])
def test_yes_and_no_have_the_limits_of_the_binomial(yes: int, no: int, n: int) -> None:
    found = limits({1: yes, 0: no}, n)
    share = yes / (yes + no)
    assert (found.low, found.high) == (
        binom.ppf(FALSE_ALARMS / 2, n, share),
        n - binom.ppf(FALSE_ALARMS / 2, n, 1 - share),
    )
    assert found.expected == pytest.approx(n * share)


@pytest.mark.parametrize(("rate", "exposure"), [(0.0, 4.0), (0.2, 3.0), (1.0, 9.0), (7.5, 40.0)])
def test_counts_have_the_limits_of_poisson(rate: float, exposure: float) -> None:
    found = count_limits(rate, exposure)
    expected = rate * exposure
    tail = FALSE_ALARMS / 2
    assert poisson.cdf(found.low - 1, expected) <= tail < poisson.cdf(found.low, expected)
    assert poisson.sf(found.high, expected) <= tail


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from([1.0, 2.0, 3.0, 4.5, 5.0]), st.integers(1, 9), min_size=1), st.integers(1, 4))
def test_a_scale_has_the_limits_of_all_that_can_be_drawn(usual: dict[float, int], n: int) -> None:
    found = limits(usual, n, false_alarms=0.1)
    outside = {False: 0.0, True: 0.0}
    for drawn in product(usual, repeat=n):
        chance = prod(usual[value] / sum(usual.values()) for value in drawn)
        if not found.hold(sum(drawn)):
            outside[sum(drawn) > found.expected] += chance
    assert max(outside.values()) <= 0.05 + 1e-9


def test_few_values_have_wide_limits() -> None:
    """One low score of somebody new is no drift, and neither are three; twelve of them are."""
    usual = {1.0: 2, 2.0: 6, 3.0: 22, 4.0: 40, 5.0: 30}
    assert limits(usual, 1).hold(1.0)
    assert limits(usual, 3).hold(6.0)
    assert not limits(usual, 12).hold(24.0)


def test_limits_of_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        limits({}, 3)
    with pytest.raises(ValueError, match="at least one"):
        limits({1.0: 4}, 0)
    assert limits({1.0: 4}, 3).hold(3.0)
