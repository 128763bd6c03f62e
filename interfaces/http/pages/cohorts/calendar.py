"""When groups meet, as planned or moved since, as weeks of days on the clocks of the reader."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from projections.views.cohorts import GroupMeeting
from queries.titles import Titles

WEEKS = 4
_WEEK = timedelta(weeks=1)
MOST = 500
"""Meetings that are shown; a calendar with more says so."""


@dataclass(frozen=True, slots=True)
class Met:
    cohort: str
    group: str
    """What the kit calls it, with its number."""
    title: str
    """Of the session."""
    at: str
    """On the clocks of the reader."""
    iso: str
    mentors: str
    standing: str
    """In words: whether it was held, or nobody has said; empty for what is still to come."""


@dataclass(frozen=True, slots=True)
class Day:
    label: str
    today: bool
    past: bool
    meetings: Sequence[Met]


@dataclass(frozen=True, slots=True)
class Week:
    label: str
    days: Sequence[Day]


@dataclass(frozen=True, slots=True)
class Calendar:
    title: str
    weeks: Sequence[Week]
    meetings: int
    more: bool
    """Whether there are more meetings than are shown."""
    before: str
    """The Monday with which the calendar before this one begins."""
    after: str


def first_day(day: date | None, now: datetime, zone: ZoneInfo) -> date:
    """The Monday of the week of that day, or of today."""
    chosen = day or now.astimezone(zone).date()
    return chosen - timedelta(days=chosen.weekday())


def span(first: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the first moment of the calendar to the one after its last."""
    return datetime.combine(first, time(), zone), datetime.combine(first + WEEKS * _WEEK, time(), zone)


def calendar(
    found: Sequence[GroupMeeting],
    first: date,
    now: datetime,
    zone: ZoneInfo,
    *,
    titles: Mapping[str, Titles],
    names: Mapping[str, str],
) -> Calendar:
    """`titles`: by program; `names`: of mentors."""
    by_day: dict[date, list[Met]] = {}
    for one in found[:MOST]:
        local = one.starts_at.astimezone(zone)
        met = Met(
            cohort=one.cohort,
            group=f"{titles[one.program].group} {one.number}",
            title=titles[one.program].of_session(one.pathway, one.session),
            at=f"{local:%H:%M}",
            iso=one.starts_at.isoformat(),
            mentors=", ".join(names.get(mentor, mentor) for mentor in one.mentors),
            standing=_standing(one, now),
        )
        by_day.setdefault(local.date(), []).append(met)
    today = now.astimezone(zone).date()
    return Calendar(
        title=f"When groups meet, from {first:%d %b %Y}, in {zone.key}",
        weeks=[_week(first + nth * _WEEK, today, by_day) for nth in range(WEEKS)],
        meetings=min(len(found), MOST),
        more=len(found) > MOST,
        before=f"{first - WEEKS * _WEEK}",
        after=f"{first + WEEKS * _WEEK}",
    )


def _standing(one: GroupMeeting, now: datetime) -> str:
    if one.called_off:
        return "called off"
    if one.settled:
        return "recorded"
    return "attendance to be recorded" if one.starts_at <= now else ""


def _week(monday: date, today: date, by_day: Mapping[date, Sequence[Met]]) -> Week:
    days = [monday + timedelta(days=nth) for nth in range(7)]
    shown = [Day(f"{one:%d %b}", one == today, one < today, by_day.get(one, ())) for one in days]
    return Week(f"{monday:%d %b}", shown)
