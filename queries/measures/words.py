"""Figures of measures in words, as the terminal, pages and the review show them."""

from domain.words import signed

NOTHING = "\u2013"


def figure(value: float | None, unit: str) -> str:
    """As `83%`, `26.5 hours`; a dash where there is nothing to count."""
    if value is None:
        return NOTHING
    if unit == "share":
        return f"{value:.0%}"
    return f"{_plain(value)} {unit}"


def interval(low: float | None, high: float | None, unit: str) -> str:
    """As `74% to 89%`; a dash where there is too little for one."""
    if low is None or high is None:
        return NOTHING
    if unit == "share":
        return f"{figure(low, unit)} to {figure(high, unit)}"
    return f"{_plain(low)} to {_plain(high)}"


def _plain(value: float) -> str:
    """With one digit after the point; what rounds to zero has no sign."""
    return f"{round(value, 1) + 0:.1f}"


def trend(recent: float | None, before: float | None) -> str:
    """Of the share of weeks with a sign of the learner, in a sentence."""
    if recent is None:
        return "No journey was under way in the last four whole weeks."
    said = f"In the last four whole weeks there was a sign of the learner in {figure(recent, 'share')} of weeks"
    return f"{said}, after {figure(before, 'share')} in the four before." if before is not None else f"{said}."


def difference(estimate: float, low: float, high: float, unit: str) -> str:
    """As `+9 points (+2 to +16)`; shares differ by percentage points."""
    if unit == "share":
        return f"{signed(100 * estimate)} points ({signed(100 * low)} to {signed(100 * high)})"
    return f"{signed(estimate, 1)} {unit} ({signed(low, 1)} to {signed(high, 1)})"
