"""Figures as people read them."""

from analysis.intervals import Interval
from rehearsal.report.figures import Measure


def value(measure: Measure, figure: float | None, *, signed: bool = False) -> str:
    if figure is None:
        return "not known"
    sign = "+" if signed and figure > 0 else ""
    match measure.unit:
        case "share":
            points = " points" if signed else " %"
            return f"{sign}{100 * figure:.1f}{points}"
        case "days":
            return f"{sign}{figure:.1f} days"
        case "hours":
            return f"{sign}{figure:.0f} hours"
        case "count":
            return f"{sign}{figure:.2f}"


def interval(measure: Measure, found: Interval | None, *, signed: bool = False) -> str:
    if found is None:
        return "not known"
    low, high = found.low, found.high
    if not signed:  # nothing that is measured is below 0, whatever the interval of a mean of few says
        low, high = max(low, 0.0), min(high, 1.0) if measure.unit == "share" else high
    return f"{value(measure, low, signed=signed)} to {value(measure, high, signed=signed)}"
