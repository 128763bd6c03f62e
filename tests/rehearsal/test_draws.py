"""Draws depend on their key alone."""

from statistics import fmean, pstdev

import pytest

from rehearsal.people.draws import Draws


def test_the_same_key_gives_the_same_draw_in_any_order() -> None:
    one, other = Draws(7, 0, "l-1"), Draws(7, 0, "l-1")
    ahead = [one.uniform("attends", n) for n in range(5)]
    assert [other.uniform("attends", n) for n in reversed(range(5))] == ahead[::-1]


def test_draws_are_pinned() -> None:
    """A report can be made again by another version only while these stay."""
    assert Draws(7, 0, "l-1").uniform("attends", 1) == pytest.approx(0.21786887506136365, abs=1e-15)


@pytest.mark.parametrize("other", [Draws(8, 0, "l-1"), Draws(7, 1, "l-1"), Draws(7, 0, "l-2")])
def test_every_part_of_the_key_counts(other: Draws) -> None:
    assert other.uniform("attends", 1) != Draws(7, 0, "l-1").uniform("attends", 1)


def test_draws_are_distributed_as_they_say() -> None:
    draws = Draws(1, 0, "anybody")
    assert fmean(draws.uniform("u", n) for n in range(4_000)) == pytest.approx(0.5, abs=0.02)
    assert fmean(draws.exponential(3.0, "e", n) for n in range(4_000)) == pytest.approx(3, abs=0.2)
    normals = [draws.normal("n", n) for n in range(4_000)]
    assert (fmean(normals), pstdev(normals)) == pytest.approx((0, 1), abs=0.05)
