"""Where learners of the past come from: a reader for each kind of data."""

from collections.abc import Callable, Mapping
from pathlib import Path

from rehearsal.backtest import oulad
from rehearsal.backtest.history import History

SOURCES: Mapping[str, Callable[[Path, int], History]] = {"oulad": oulad.read}
"""By name. Each takes its folder, and after how many days a score is known."""

MARKED_AFTER = 14
"""Days: the Open University asks its tutors to return work within ten working days."""
