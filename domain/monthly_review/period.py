"""Calendar months in a time zone."""

from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Period(NamedTuple):
    """From `since` until just before `until`, both in UTC."""

    since: datetime
    until: datetime


def period(month: str, zone: str) -> Period:
    """`month` as `2026-11`."""
    year, number = map(int, month.split("-"))
    where = ZoneInfo(zone)
    first = datetime(year, number, 1, tzinfo=where)
    following = datetime(year + number // 12, number % 12 + 1, 1, tzinfo=where)
    return Period(first.astimezone(UTC), following.astimezone(UTC))


def month_of(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m}"


def month_before(month: str) -> str:
    year, number = map(int, month.split("-"))
    return f"{year - (number == 1):04}-{(number - 2) % 12 + 1:02}"


def last_whole_month(at: datetime, zone: str) -> str:
    """The month before the one in which this moment lies."""
    return month_before(month_of(at, zone))


def in_words(month: str) -> str:
    """`November 2026`."""
    return f"{datetime.strptime(month, '%Y-%m').replace(tzinfo=UTC):%B %Y}"
