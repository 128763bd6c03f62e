"""Office hours that are ahead: when, how many seats are left, and which suit a learner. Names are personal data."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.ids import JourneyId, MentorId, ProgramId
from domain.scheduling.free import free
from domain.scheduling.intervals import Interval, fits
from projections.views import bookings
from projections.views.bookings import OfferedHours
from queries.availability import learners_calendar
from queries.journey_record import read_record
from queries.listing import Listing
from store import people
from store.database import Pool


@dataclass(frozen=True, slots=True)
class OfficeHoursAhead:
    office_hours: str
    mentor: MentorId
    name: str
    """Of the mentor."""
    program: ProgramId
    purpose: str
    starts_at: datetime
    ends_at: datetime
    there: datetime
    """The start on the clocks of the learner who was asked for, otherwise of the mentor."""
    seats: int
    left: int
    learners: list[JourneyId]
    """The journeys that have a seat, in the order in which they booked."""
    has_seat: bool
    """Whether the learner who was asked for has one."""
    suits: bool | None
    """Whether it lies in the hours of the learner who was asked for. None: nobody was, or they have said no hours."""


async def office_hours_ahead(
    pool: Pool, program: str | None = None, mentor: str | None = None, journey: JourneyId | None = None
) -> list[OfficeHoursAhead]:
    """Of a program, a mentor, or for the learner of a journey: then of its program. The soonest first, at most 500.

    Raises NoSuchJourney; BeingRebuilt.
    """
    at = datetime.now(UTC)
    record = await read_record(pool, journey) if journey else None
    program = record.state.program if record else program
    found = await bookings.office_hours(pool, at, program, mentor)
    known = await people.by_ids(pool, [one.mentor for one in found])
    calendar = None
    if record:
        calendar = learners_calendar(record, await people.get(pool, record.state.learner))
    suitable = free(calendar, at, _until(found, at)) if calendar and calendar.week else None
    return [
        OfficeHoursAhead(
            office_hours=one.office_hours,
            mentor=one.mentor,
            name=known[one.mentor].name if one.mentor in known else one.mentor,
            program=one.program,
            purpose=one.purpose,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            there=one.starts_at.astimezone(calendar.zone if calendar else people.zone_of(known.get(one.mentor))),
            seats=one.seats,
            left=one.left,
            learners=one.journeys,
            has_seat=journey in one.journeys,
            suits=fits(suitable, Interval(one.starts_at, one.ends_at)) if suitable is not None else None,
        )
        for one in found
    ]


def _until(found: list[OfferedHours], at: datetime) -> datetime:
    return max((one.ends_at for one in found), default=at + timedelta(days=1))


def listing(found: list[OfficeHoursAhead]) -> Listing:
    columns = ("office hours", "mentor", "program", "when", "seats left", "purpose", "suits")
    return Listing("Office hours", columns, [_row(one) for one in found])


def _row(one: OfficeHoursAhead) -> tuple[str, ...]:
    minutes = (one.ends_at - one.starts_at) // timedelta(minutes=1)
    when = f"{one.there:%a %d %b %Y %H:%M} (UTC{one.there:%z}), {minutes} minutes"
    suits = {None: "", True: "yes", False: "no"}[one.suits]
    return (
        *(one.office_hours, f"{one.name} ({one.mentor})", one.program, when, f"{one.left} of {one.seats}"),
        *(one.purpose, "has a seat" if one.has_seat else suits),
    )
