"""Figures of measures in words, as the terminal, pages and the review show them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from queries.measures.definitions import Unit

NOTHING = "\u2013"


def figure(value: float | None, unit: Unit) -> str:
    """As `83 %`, `26.5 hours`; a dash where there is nothing to count."""
    if value is None:
        return NOTHING
    if unit == "share":
        return f"{value:.0%}".replace("%", " %")
    return f"{value:.1f} {unit}"


def interval(low: float | None, high: float | None, unit: Unit) -> str:
    """As `74 % to 89 %`; a dash where there is too little for one."""
    if low is None or high is None:
        return NOTHING
    if unit == "share":
        return f"{figure(low, unit)} to {figure(high, unit)}"
    return f"{low:.1f} to {high:.1f}"
