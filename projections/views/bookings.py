"""What is booked with mentors: times for sessions, and seats in office hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.ids import JourneyId, MentorId, ProgramId, SessionId, StreamId
from domain.mentor.bookings import BookingMoved, BookingReleased, TimeBooked
from domain.mentor.office_hours import OfficeHoursCanceled, OfficeHoursOffered, SeatBooked, SeatReleased
from projections.projection import SqlProjection
from projections.reading import View
from projections.sql import query
from store.database import Pool


class Bookings(SqlProjection):
    name = "bookings"
    version = 1
    handles = frozenset(
        one.type
        for one in (
            *(TimeBooked, BookingMoved, BookingReleased),
            *(OfficeHoursOffered, OfficeHoursCanceled, SeatBooked, SeatReleased),
        )
    )
    statements = ("bookings_apply", "office_hours_apply", "office_hours_seats_apply")


@dataclass(frozen=True, slots=True)
class Booking:
    mentor: MentorId
    holder: StreamId
    """The stream of the journey or the group."""
    session: SessionId
    starts_at: datetime
    ends_at: datetime
    as_of: int
    booked_at: datetime


@dataclass(frozen=True, slots=True)
class OfferedHours:
    mentor: MentorId
    office_hours: str
    program: ProgramId
    starts_at: datetime
    ends_at: datetime
    seats: int
    purpose: str
    journeys: list[JourneyId]
    """Of the learners who have a seat, in the order in which they booked."""

    @property
    def left(self) -> int:
        return max(self.seats - len(self.journeys), 0)


_BOOKINGS = View(bookings=1)


async def of_holders(pool: Pool, holders: Iterable[StreamId]) -> list[Booking]:
    """By time; those that are over as well."""
    return [Booking(*row) for row in await _BOOKINGS.fetch(pool, query("bookings_of_holders"), list(holders))]


async def untold(
    pool: Pool, at: datetime, booked_before: datetime, after: Booking | None = None, limit: int = 1000
) -> list[Booking]:
    """Those of journeys that have not moved the session since, and that are not over by `at`; by mentor, holder and
    session. `after`: the last one of the page before."""
    place = (after.mentor, after.holder, after.session) if after else ("", "", "")
    rows = await _BOOKINGS.fetch(pool, query("bookings_untold"), at, booked_before, *place, limit)
    return [Booking(*row) for row in rows]


async def unrecorded_by_groups(pool: Pool, at: datetime, booked_before: datetime, limit: int = 500) -> list[Booking]:
    """Those of groups that have recorded nothing that they were for, and that are not over by `at`."""
    rows = await _BOOKINGS.fetch(pool, query("bookings_unrecorded_by_groups"), at, booked_before, limit)
    return [Booking(*row) for row in rows]


async def office_hours(
    pool: Pool, at: datetime, program: str | None = None, mentor: str | None = None, limit: int = 500
) -> list[OfferedHours]:
    """Those that are not over by `at`, the soonest first."""
    rows = await _BOOKINGS.fetch(pool, query("office_hours_ahead"), program, mentor, at, limit)
    return [OfferedHours(*row) for row in rows]


async def office_hours_of_journeys(pool: Pool, journeys: Iterable[JourneyId]) -> list[OfferedHours]:
    """Those in which one of these journeys has a seat; those that are over as well."""
    rows = await _BOOKINGS.fetch(pool, query("office_hours_of_journeys"), list(journeys))
    return [OfferedHours(*row) for row in rows]
