"""Agreement of judges against the published examples of Krippendorff and Cohen, and statsmodels."""

import numpy as np
import pytest
from statsmodels.stats.inter_rater import cohens_kappa

from analysis import agreement
from analysis.agreement import Level

# Krippendorff, "Computing Krippendorff's alpha-reliability" (2011), section C: four observers, twelve units.
_: float | None = None
OBSERVED: dict[str, list[float | None]] = {
    "A": [1, 2, 3, 3, 2, 1, 4, 1, 2, _, _, _],
    "B": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, _, 3],
    "C": [_, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, _],
    "D": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, _],
}
UNITS = [{judge: given for judge, values in OBSERVED.items() if (given := values[n]) is not None} for n in range(12)]


@pytest.mark.parametrize(("level", "expected"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_alpha_as_krippendorff_published_it(level: Level, expected: float) -> None:
    found = agreement.alpha(UNITS, level)
    assert found is not None
    assert round(found, 3) == expected


def test_kappa_of_fifty_proposals() -> None:
    """20 both yes, 15 both no, 5 and 10 apart: (0.7 - 0.5) / (1 - 0.5)."""
    pairs = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    found = agreement.kappa(pairs)
    assert found == pytest.approx(0.4)
    assert found == pytest.approx(float(cohens_kappa(np.array([[20, 5], [10, 15]])).kappa))


def test_nothing_is_said_where_nothing_can_be() -> None:
    assert agreement.alpha([], "ordinal") is None
    assert agreement.alpha([{"ada": 1.0}, {"ben": 2.0}], "ordinal") is None
    assert agreement.alpha([{"ada": 3.0, "ben": 3.0}] * 5, "ordinal") is None
    assert agreement.kappa([]) is None
    assert agreement.kappa([("yes", "yes")] * 5) is None
