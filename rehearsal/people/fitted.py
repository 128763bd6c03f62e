"""What the models of learners are fitted to: shares and chances counted in real data, kept in fitted.json beside this.

`trellis calibrate --to FILE` counts them again, and shows how far the models are from data that they have not seen.
"""

import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

GAPS = (0, 1, 2, 3, 5, 7, 10, 14, 21, 28, 42)
"""Days since a learner was last active, each the first of a range; the last has no end."""
PERIODS = (0, 14, 28, 56, 112)
"""Days since the beginning, each the first of a range."""

_FILE = Path(__file__).with_name("fitted.json")


def range_of(value: int, firsts: Sequence[int]) -> int:
    return max(bisect_right(firsts, value) - 1, 0)


@dataclass(frozen=True)
class Fitted:
    source: str
    courses: Sequence[str]
    kinds: Sequence[float]
    """The shares of learners of each kind, by how often they are active, the rarest first."""
    active: Sequence[Sequence[float]]
    """The chance to be active on a day, by kind and by the days since the last activity (GAPS)."""
    leaves: Sequence[Sequence[float]]
    """The chance to leave on a day, by period (PERIODS) and by the days since the last activity (GAPS)."""
    hands_in: Sequence[float]
    """The chance that work is handed in at all, by the days since the last activity (GAPS), a week before it is due."""
    late: float
    """The share of what is handed in that comes after its day."""
    days_ahead: Sequence[int]
    """By how many days work comes before it is due, in steps of a tenth from the least to the most."""
    days_late: Sequence[int]
    """By how many days late work comes after it was due, in the same steps."""
    passes: Sequence[float]
    """The share of work that is passed, by kind of learner."""

    def written(self) -> str:
        return json.dumps(asdict(self), indent=1) + "\n"


@cache
def fitted(file: Path = _FILE) -> Fitted:
    """Raises OSError and ValueError when the file cannot be read."""
    content: dict[str, Any] = json.loads(file.read_text())
    return Fitted(**content)
