"""Associations adjusted by strata, against a published example and the linear models of statsmodels."""

import numpy as np
import pytest
from statsmodels.api import OLS

from analysis.association import Means, Shares, stratified
from analysis.samples import Counted, Summary


def test_the_deaths_under_tolbutamide() -> None:
    """Rothman, Greenland and Lash, Modern Epidemiology (2008), table 15-1: by age, at 90 %, by metafor."""
    strata = [Shares(Counted(8, 106), Counted(5, 120)), Shares(Counted(22, 98), Counted(16, 85))]
    found = stratified(strata, 0.9)
    assert found is not None
    assert [round(x, 4) for x in (found.estimate, found.low, found.high)] == [0.0349, -0.0176, 0.0874]


def test_the_kidney_stones_of_simpsons_paradox() -> None:
    """Charig and others, British Medical Journal 292 (1986) 879: what looks worse is better in each stratum."""
    small, large = Shares(Counted(81, 87), Counted(234, 270)), Shares(Counted(192, 263), Counted(55, 80))
    together = stratified([Shares(Counted(273, 350), Counted(289, 350))])
    adjusted = stratified([small, large])
    assert together is not None and adjusted is not None
    assert together.estimate < 0 < adjusted.estimate


def test_means_as_a_linear_model_with_an_intercept_for_each_stratum() -> None:
    draw = np.random.default_rng(3)
    stratum, having = draw.integers(0, 4, 60), draw.integers(0, 2, 60)
    having[stratum == 3] = 1
    value = draw.normal(3 + stratum * 0.5 + having * 0.3, 0.8)
    strata = [
        Means(*(Summary.of(value[(stratum == n) & (having == side)].tolist()) for side in (1, 0))) for n in range(4)
    ]
    found = stratified(strata, 0.9)
    assert found is not None
    model = OLS(value, np.column_stack([having, *(stratum == n for n in range(4))]).astype(float)).fit()
    assert found.estimate == pytest.approx(model.params[0])
    assert (found.low, found.high) == pytest.approx(tuple(model.conf_int(0.1)[0]))


def test_strata_of_one_kind_alone_say_nothing() -> None:
    assert stratified([Shares(Counted(1, 4), Counted(0, 0))]) is None
    assert stratified([Means(Summary.of([1.0, 2.0]), Summary.of([]))]) is None
    assert stratified([Means(Summary.of([1.0]), Summary.of([2.0]))]) is None
    assert stratified([]) is None
    with pytest.raises(ValueError, match="all shares, or all means"):
        stratified([Shares(Counted(1, 4), Counted(0, 2)), Means(Summary.of([1.0]), Summary.of([2.0]))])  # type: ignore[arg-type]
