"""How names and moments are said to people, in the terminal and on pages alike."""

from datetime import datetime, timedelta


def plain(name: str) -> str:
    """`milestone_review` as people write it."""
    return name.replace("wrap_up", "wrap-up").replace("follow_up", "follow-up").replace("_", " ")


def by_role(role: str | None) -> str:
    """`the mentor`, `the learner`; and `ops`, who are several."""
    return "ops" if role == "ops" else f"the {role}"


def sentence(text: str) -> str:
    """With its first letter large."""
    return f"{text[:1].upper()}{text[1:]}"


def signed(value: float, digits: int = 0) -> str:
    """With so many digits after the point and its sign; what rounds to zero has none."""
    rounded = round(value, digits)
    return f"{rounded:+.{digits}f}" if rounded else f"{0:.{digits}f}"


def distance(at: datetime, now: datetime) -> str:
    """`in 3 days`, `2 hours ago`: in the largest unit of which there are two, rounded down; `now` within 2 minutes."""
    ahead = at - now
    seconds = abs(ahead.total_seconds())
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= 2 * length:
            said = f"{int(seconds // length)} {unit}s"
            return f"in {said}" if ahead > timedelta(0) else f"{said} ago"
    return "now"
