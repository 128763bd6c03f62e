"""Random people in real time zones, and a second opinion on when they can meet: minute by minute, by their clocks."""

import random
import zoneinfo
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.scheduling.clocks import Change, changes
from domain.scheduling.free import Calendar, Quiet
from domain.scheduling.intervals import Interval
from domain.scheduling.slots import Terms
from domain.scheduling.week import WEEKDAYS, Week, Window

FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
_LEGACY = {"Factory", "localtime", "posixrules"}


def zones() -> list[str]:
    """Every zone of tzdata, links included."""
    return sorted(zoneinfo.available_timezones() - _LEGACY)


def all_changes() -> Iterator[tuple[str, Change]]:
    """Every change of clocks from 2020 to 2030, in every zone."""
    return ((name, change) for name in zones() for change in changes_of(name))


def changes_of(zone: str) -> list[Change]:
    return changes(ZoneInfo(zone), FIRST, LAST)


def a_week(chance: random.Random) -> Week:
    """Windows of one to eight hours, at any time of the day, and sometimes none at all."""
    windows = []
    for _ in range(chance.choice((0, 1, 2, 3))):
        start = chance.randrange(0, 23 * 60, chance.choice((1, 15, 30)))
        end = min(start + chance.randrange(60, 8 * 60), 24 * 60)
        days = tuple(day for day in WEEKDAYS if chance.random() < 0.7) or WEEKDAYS
        windows.append(Window(days=days, start=start, end=end))
    return tuple(windows)


def a_calendar(chance: random.Random, zone: str, around: datetime) -> Calendar:
    quiet = Quiet(chance.randrange(19 * 60, 24 * 60), chance.randrange(0, 9 * 60)) if chance.random() < 0.5 else None
    return Calendar(
        zone=ZoneInfo(zone),
        week=a_week(chance),
        holidays=frozenset(
            {(around + timedelta(days=chance.randrange(-1, 3))).date()} if chance.random() < 0.3 else ()
        ),
        quiet=quiet,
        leave=_some(chance, around, 600),
        booked=_some(chance, around, 90),
    )


def _some(chance: random.Random, around: datetime, longest: int) -> tuple[Interval, ...]:
    starts = [around + chance.randrange(-1_500, 2_900) * MINUTE for _ in range(chance.choice((0, 0, 1, 2)))]
    return tuple(Interval(one, one + chance.randrange(20, longest) * MINUTE) for one in starts)


def terms(chance: random.Random) -> Terms:
    return Terms(
        length=chance.choice((15, 30, 45, 60, 90)) * MINUTE,
        notice=chance.choice((0, 90, 24 * 60)) * MINUTE,
        horizon=timedelta(days=2),
        buffer=chance.choice((0, 10, 30)) * MINUTE,
        step=chance.choice((15, 20, 30, 60)) * MINUTE,
    )


def can_meet(one: Calendar, at: datetime) -> bool:
    """Whether nothing keeps this person away in the minute that begins at `at`, but for what is booked."""
    local = at.astimezone(one.zone)
    minute, day = local.hour * 60 + local.minute, WEEKDAYS[local.weekday()]
    if local.fold or local.date() in one.holidays or any(away.start <= at < away.end for away in one.leave):
        return False
    if one.quiet and _is_quiet(one.quiet, minute):
        return False
    return not one.week or any(day in window.days and window.start <= minute < window.end for window in one.week)


def _is_quiet(quiet: Quiet, minute: int) -> bool:
    if quiet.after < quiet.until:
        return quiet.after <= minute < quiet.until
    return minute >= quiet.after or minute < quiet.until


def suits(mentor: Calendar, learner: Calendar, terms: Terms, now: datetime, start: datetime) -> bool:
    """Whether a meeting at this time keeps to everything that either of them, or the program, has said."""
    end = start + terms.length
    local = start.astimezone(mentor.zone)
    if not now + terms.notice <= start <= now + terms.horizon:
        return False
    if (local.hour * 60 + local.minute) % (terms.step // MINUTE) or local.second:
        return False
    if any(start < one.end + terms.buffer and one.start - terms.buffer < end for one in mentor.booked):
        return False
    if any(start < one.end and one.start < end for one in learner.booked):
        return False
    minutes = [start + nth * MINUTE for nth in range(terms.length // MINUTE)]
    return all(can_meet(mentor, one) and can_meet(learner, one) for one in minutes)


def expected(mentor: Calendar, learner: Calendar, terms: Terms, now: datetime) -> list[datetime]:
    """Every time that suits, found by trying each multiple of five minutes."""
    begin = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
    many = (terms.horizon + timedelta(minutes=5)) // timedelta(minutes=5)
    candidates: Sequence[datetime] = [begin + nth * timedelta(minutes=5) for nth in range(many + 1)]
    return [one for one in candidates if suits(mentor, learner, terms, now, one)]


SAMPLE = (
    *("Africa/Casablanca", "Africa/Cairo", "America/New_York", "America/Nuuk", "America/Asuncion", "Antarctica/Troll"),
    *("Asia/Beirut", "Asia/Kathmandu", "Australia/Lord_Howe", "Europe/Berlin", "Pacific/Chatham", "Pacific/Apia"),
)
"""Zones whose clocks are changed in unusual ways or not at all, and two usual ones."""


def assert_all_changes_are_found(zone: str, step: timedelta) -> None:
    """At a change the offset differs, and between two changes never, looked at in these steps."""
    known = ZoneInfo(zone)
    found = changes(known, FIRST, LAST)
    for one in found:
        assert _offset(known, one.at - timedelta(seconds=1)) == one.before
        assert _offset(known, one.at) == one.after
    looks = [FIRST + nth * step for nth in range((LAST - FIRST) // step + 1)]
    offsets = [_offset(known, one) for one in looks]
    differing = [nth for nth in range(1, len(looks)) if offsets[nth] != offsets[nth - 1]]
    between = [looks[nth - 1] < one.at <= looks[nth] for nth, one in zip(differing, found, strict=True)]
    assert all(between)


def _offset(zone: ZoneInfo, at: datetime) -> timedelta | None:
    return at.astimezone(zone).utcoffset()
