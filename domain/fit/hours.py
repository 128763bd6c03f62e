"""Hours of a week in which two people are both free, in minutes of the week from Monday 00:00 UTC.

Wall time becomes UTC by the offset of the zone at one moment, that of the round: what is compared is the usual week of
both. Times that are offered later are computed for their own days.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from domain.fit.sides import Learner, Mentor
from domain.fit.terms import Terms
from domain.scheduling.week import MINUTES_A_DAY, WEEKDAYS, Week

Free = tuple[tuple[int, int], ...]
"""Sorted, disjoint and not touching, each from its first minute to the one after its last."""
MINUTES_A_WEEK = 7 * MINUTES_A_DAY


@lru_cache(maxsize=10_000)
def zone_of(name: str) -> ZoneInfo | None:
    """None where there is no such time zone."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


@lru_cache(maxsize=100_000)
def offset(zone: str | None, at: datetime) -> int:
    """Minutes east of UTC. A zone that nobody has said, or that does not exist, is UTC."""
    difference = at.astimezone(zone_of(zone or "UTC") or UTC).utcoffset()
    return int((difference or timedelta(0)).total_seconds() // 60)


@lru_cache(maxsize=100_000)
def free(week: Week, east: int) -> Free:
    """These hours of a place so many minutes east of UTC."""
    found = [
        (begin, begin + window.end - window.start)
        for window in week
        for day in window.days
        for begin in [(WEEKDAYS.index(day) * MINUTES_A_DAY + window.start - east) % MINUTES_A_WEEK]
    ]
    return _merged(part for begin, end in found for part in _within_the_week(begin, end))


def _within_the_week(begin: int, end: int) -> Iterable[tuple[int, int]]:
    if end <= MINUTES_A_WEEK:
        return [(begin, end)]
    return [(begin, MINUTES_A_WEEK), (0, end - MINUTES_A_WEEK)]


def _merged(parts: Iterable[tuple[int, int]]) -> Free:
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(parts):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)


def both(one: Free, other: Free) -> Free:
    return tuple(
        (max(begin, start), min(end, stop))
        for begin, end in one
        for start, stop in other
        if max(begin, start) < min(end, stop)
    )


def total(hours: Free) -> int:
    return sum(end - begin for begin, end in hours)


def longest(hours: Free) -> int:
    """The longest stretch without a break. Sunday goes over into Monday."""
    lengths = [end - begin for begin, end in hours]
    if len(hours) > 1 and hours[0][0] == 0 and hours[-1][1] == MINUTES_A_WEEK:
        lengths.append(lengths[0] + lengths[-1])
    return max(lengths, default=0)


def in_hours(minutes: int) -> str:
    """`1 hour`, `2.5 hours`."""
    hours = f"{minutes / 60:.4g}"
    return f"{hours} hour{'' if hours == '1' else 's'}"


def minutes(length: timedelta) -> int:
    """Rounded up, and at least one."""
    return max(-(-int(length.total_seconds()) // 60), 1)


def starts(hours: Free, length: int) -> Sequence[tuple[int, int]]:
    """The first and the last minute of the week at which a stretch of this length can begin, wherever one can.

    Two people have such a stretch in common exactly if there is a minute at which one can begin for both.
    """
    if length > MINUTES_A_WEEK:
        return []
    unrolled = _merged([*hours, *((begin + MINUTES_A_WEEK, end + MINUTES_A_WEEK) for begin, end in hours)])
    return [
        (begin, min(end - length, MINUTES_A_WEEK - 1))
        for begin, end in unrolled
        if begin < MINUTES_A_WEEK and end - begin >= length
    ]


class FreeHours:
    """The values of comparisons of hours: those of the usual week, None where nobody has said."""

    def wanted(self, learner: Learner, terms: Terms) -> Free | None:
        return _free(learner.profile.availability, learner.profile.time_zone, terms.at)

    def offered(self, mentor: Mentor, terms: Terms) -> Free | None:
        return _free(mentor.profile.availability, mentor.profile.time_zone, terms.at)


def _free(week: Week, zone: str | None, at: datetime) -> Free | None:
    return free(week, offset(zone, at)) if week else None
