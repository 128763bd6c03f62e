"""When a mentor can meet, as far as their stream says so: their hours, their leave, and what is booked."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from domain.mentor.state import MentorState
from domain.scheduling.free import Calendar, Quiet
from domain.scheduling.intervals import Interval


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What matters besides the mentor's stream."""

    time_zone: str = "UTC"
    """Of the mentor, where the profile names none."""
    holidays: frozenset[date] = field(default_factory=frozenset)
    quiet: Quiet | None = None


def calendar_of(state: MentorState, around: Surroundings, without: str = "") -> Calendar:
    """`without`: the key of a booking, a holder with all of its bookings, or the id of office hours, left out because
    that is what is to be moved."""
    return Calendar(
        zone=zone(state.profile.time_zone, around.time_zone),
        week=state.profile.availability,
        holidays=around.holidays,
        quiet=around.quiet,
        leave=[Interval(one.starts_at, one.ends_at) for one in state.leave],
        booked=sorted(_booked(state, without)),
    )


def zone(*names: str | None) -> ZoneInfo:
    """The first that exists; otherwise UTC."""
    for name in names:
        try:
            if name:
                return ZoneInfo(name)
        except (KeyError, ValueError, OSError):
            continue
    return ZoneInfo("UTC")


def _booked(state: MentorState, without: str) -> Iterator[Interval]:
    for key, one in state.booked.items():
        if without not in (key, one.holder):
            yield Interval(one.starts_at, one.ends_at)
    for name, hours in state.office_hours.items():
        if name != without:
            yield Interval(hours.starts_at, hours.ends_at)
