"""What stands out: never for want of evidence, seldom by chance, and reliably where it is planted."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from analysis.looking import Evidence, adjusted, against_the_rest, false_discovery_rates, stands_out
from analysis.samples import Counted, Summary

# Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289, section 4.
PUBLISHED = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0,
]  # fmt: skip


def test_the_example_of_benjamini_and_hochberg() -> None:
    found = false_discovery_rates(PUBLISHED)
    assert sum(chance is not None and chance <= 0.05 for chance in found) == 4
    assert found == pytest.approx(multipletests(PUBLISHED, method="fdr_bh")[1])


def test_what_was_not_compared_is_not_counted() -> None:
    assert false_discovery_rates([0.04, None, 0.01]) == pytest.approx([0.04, None, 0.02])
    assert false_discovery_rates([]) == []


def test_a_group_with_too_little_evidence_never_stands_out() -> None:
    groups = {"few": Counted(0, 7), "many": Counted(90, 100), "others": Counted(91, 100)}
    found = {one.key: one for one in stands_out(groups, Evidence(least=8))}
    assert not found["few"].enough and not found["few"].stands_out
    assert found["many"].enough
    again = {one.key: one for one in stands_out(groups, Evidence(least=7))}
    assert again["few"].stands_out


def test_the_rest_needs_evidence_too() -> None:
    assert not any(one.enough for one in stands_out({"all": Counted(50, 100)}, Evidence()))
    assert not any(one.enough for one in stands_out({"a": Counted(50, 100), "b": Counted(0, 2)}, Evidence()))
    assert stands_out({}, Evidence()) == []


def test_a_difference_too_small_to_matter_does_not_stand_out() -> None:
    groups = {"a": Counted(50_500, 100_000), "b": Counted(49_500, 100_000)}
    assert all(one.stands_out for one in stands_out(groups, Evidence()))
    assert not any(one.stands_out for one in stands_out(groups, Evidence(least_difference=0.05)))


def test_shares_and_means_do_not_mix() -> None:
    with pytest.raises(ValueError, match="cannot be compared"):
        stands_out({"a": Counted(1, 20), "b": Summary(20, 3.0, 1.0)}, Evidence())


def test_what_is_planted_is_found_and_nothing_else() -> None:
    draw = np.random.default_rng(13)
    groups = {f"mentor-{n}": Summary.of(draw.normal(4.2, 0.7, 25).tolist()) for n in range(19)}
    groups["planted"] = Summary.of(draw.normal(3.2, 0.7, 25).tolist())
    assert [one.key for one in stands_out(groups, Evidence()) if one.stands_out] == ["planted"]


def test_false_alarms_are_as_rare_as_promised() -> None:
    """Where there is nothing, over 400 seeded looks at 12 shares and 12 means together."""
    draw = np.random.default_rng(14)
    alarms = 0
    for _ in range(400):
        shares = {f"s{n}": Counted(int(draw.binomial(20, 0.3)), 20) for n in range(12)}
        means = {
            f"m{n}": Summary.of(draw.choice([1, 2, 3, 4, 5], 15, p=[0.05, 0.05, 0.2, 0.4, 0.3])) for n in range(12)
        }
        looked = against_the_rest(shares, Evidence()) + against_the_rest(means, Evidence())
        alarms += any(one.stands_out for one in adjusted(looked, Evidence()))
    assert alarms <= 400 * 0.05 + 2 * (400 * 0.05 * 0.95) ** 0.5
