"""How differences are said."""

import pytest

from domain.words import signed


@pytest.mark.parametrize(
    ("value", "digits", "said"),
    [(2.5, 1, "+2.5"), (-0.04, 1, "0.0"), (0.04, 1, "0.0"), (-12.4, 0, "-12"), (-0.4, 0, "0"), (0, 2, "0.00")],
)
def test_what_rounds_to_zero_has_no_sign(value: float, digits: int, said: str) -> None:
    assert signed(value, digits) == said
