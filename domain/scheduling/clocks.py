"""What the clocks of a time zone show: wall time to instants, right where clocks are changed.

A wall time that clocks skip is no instant. One that they show twice means the first of the two, as in calendars
(RFC 5545, 3.3.5); of the second pass nothing is ever offered, so that no time can be misread.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import NamedTuple

from domain.scheduling.intervals import Interval, merged

Minutes = Sequence[tuple[int, int]]
"""Parts of a day on the clock, each from and until so many minutes after midnight."""
WHOLE_DAY: Minutes = ((0, 24 * 60),)

_DAY = timedelta(days=1)
_LONGEST_REPEAT = timedelta(days=2)
"""Longer than any hour that was ever shown twice: zones that changed sides of the date line repeated a day."""


class Change(NamedTuple):
    """Clocks are changed at this instant, from one offset from UTC to another."""

    at: datetime
    before: timedelta
    after: timedelta


class _Stretch(NamedTuple):
    """Between two changes: what the clocks show is UTC and the offset."""

    start: datetime
    end: datetime
    offset: timedelta


def changes(zone: tzinfo, begin: datetime, end: datetime) -> list[Change]:
    """Those from `begin` until before `end`, in order."""
    found = (one for year in range(begin.year, end.year + 1) for one in _changes_of_year(zone, year))
    return [one for one in found if begin <= one.at < end]


def instant(zone: tzinfo, day: date, minute: int) -> datetime | None:
    """When the clocks show so many minutes after midnight of this day, UTC; the first time, where they show it twice.
    None: they never do."""
    wall = datetime.combine(day, time(*divmod(minute, 60)))
    found = wall.replace(tzinfo=zone).astimezone(UTC)
    return found if found.astimezone(zone).replace(tzinfo=None) == wall else None


def on_the_clock(zone: tzinfo, begin: datetime, end: datetime, parts_of: Callable[[date], Minutes]) -> list[Interval]:
    """The times from `begin` until `end` at which the clocks show one of these parts of a day."""
    return merged(_on_the_clock(zone, begin, end, parts_of))


def shown_once(zone: tzinfo, begin: datetime, end: datetime) -> list[Interval]:
    """The times from `begin` until `end` without those at which the clocks show what they have shown before."""
    return merged(_shown_once(zone, begin, end))


def _on_the_clock(
    zone: tzinfo, begin: datetime, end: datetime, parts_of: Callable[[date], Minutes]
) -> Iterator[Interval]:
    for stretch in _stretches(zone, begin, end):
        first = (stretch.start + stretch.offset).replace(tzinfo=None)
        last = (stretch.end + stretch.offset).replace(tzinfo=None)
        for nth in range((last.date() - first.date()).days + 1):
            day = first.date() + nth * _DAY
            midnight = datetime.combine(day, time())
            for start, until in parts_of(day):
                begins = max(midnight + timedelta(minutes=start), first)
                ends = min(midnight + timedelta(minutes=until), last)
                if begins < ends:
                    yield Interval(_utc(begins, stretch.offset), _utc(ends, stretch.offset))


def _utc(wall: datetime, offset: timedelta) -> datetime:
    return (wall - offset).replace(tzinfo=UTC)


def _shown_once(zone: tzinfo, begin: datetime, end: datetime) -> Iterator[Interval]:
    position = begin
    for change in changes(zone, begin - _LONGEST_REPEAT, end):
        if change.after < change.before:
            if position < change.at:
                yield Interval(position, change.at)
            position = max(position, change.at + (change.before - change.after))
    if position < end:
        yield Interval(position, end)


def _stretches(zone: tzinfo, begin: datetime, end: datetime) -> Iterator[_Stretch]:
    start = begin
    for change in changes(zone, begin, end):
        if start < change.at:
            yield _Stretch(start, change.at, change.before)
        start = change.at
    if start < end:
        yield _Stretch(start, end, _offset(zone, start))


@lru_cache(maxsize=4_096)
def _changes_of_year(zone: tzinfo, year: int) -> tuple[Change, ...]:
    """Looks at every day: no zone has changed its clocks and changed them back within one."""
    first = datetime(year, 1, 1, tzinfo=UTC)
    days = (datetime(year + 1, 1, 1, tzinfo=UTC) - first).days
    found = (_change_between(zone, first + (nth - 1) * _DAY, first + nth * _DAY) for nth in range(days + 1))
    return tuple(one for one in found if one and one.at.year == year)


def _change_between(zone: tzinfo, low: datetime, high: datetime) -> Change | None:
    """After `low`, until `high`."""
    before, after = _offset(zone, low), _offset(zone, high)
    if before == after:
        return None
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return Change(high, before, after)


def _offset(zone: tzinfo, at: datetime) -> timedelta:
    offset = at.astimezone(zone).utcoffset()
    assert offset is not None, "every time zone has an offset"
    return offset
