"""Office hours of mentors: offered for learners of a program, with seats that cannot be overbooked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from domain.ids import JourneyId, MentorId, ProgramId
from domain.journey.refusing import Code
from domain.kit import Kit
from domain.mentor import MENTOR, mentor_stream
from domain.mentor.hours import calendar_of
from domain.mentor.office_hours import BookSeat, CancelOfficeHours, OfferOfficeHours, ReleaseSeat
from domain.refusal import Rejected
from domain.scheduling.clocks import instant
from kits.lookup import newest
from queries.availability import surroundings, terms_of
from queries.journey_record import read_record
from queries.mentors import NoSuchMentor
from store import people
from store.database import Pool
from store.transact import Transaction, given, read, transact

WEEKS_AT_MOST = 52


@dataclass(frozen=True, slots=True)
class Wanted:
    """Office hours as somebody offers them."""

    mentor: MentorId
    program: ProgramId
    starts_at: datetime
    length: timedelta = timedelta(hours=1)
    seats: int | None = None
    """None: as many as the kit says."""
    weeks: int = 1
    """So many times, each a week after the one before, at the same time on the mentor's clocks."""
    purpose: str = ""
    any_hours: bool = False
    by: str = "ops"


@dataclass(frozen=True, slots=True)
class Offered:
    office_hours: str
    starts_at: datetime
    ends_at: datetime
    seats: int


async def offer(pool: Pool, wanted: Wanted) -> list[Offered]:
    """Returns those that are new.

    Raises:
        NoSuchProgram: when no kit of it is published.
        NoSuchMentor: when mentors are known, and this is none of them.
        Rejected: when one of the times does not suit the mentor. Then none is offered.
    """
    kit = await newest(pool, wanted.program)
    if not await people.may_be_mentor(pool, wanted.mentor):
        raise NoSuchMentor(wanted.mentor)
    command = await _offering(pool, kit, wanted)
    done = await transact(pool, mentor_stream(wanted.mentor), MENTOR, command, datetime.now(UTC), meta=given(command))
    state = done.after.state.office_hours
    new = [str(one.model_dump()["office_hours"]) for one in done.events]
    return [Offered(one, state[one].starts_at, state[one].ends_at, state[one].seats) for one in new]


async def _offering(pool: Pool, kit: Kit, wanted: Wanted) -> OfferOfficeHours:
    around = surroundings(kit, await people.get(pool, wanted.mentor), datetime.now(UTC))
    known = await read(pool, mentor_stream(wanted.mentor), MENTOR)
    zone = calendar_of(known.state, around).zone
    local = wanted.starts_at.astimezone(zone)
    minute = local.hour * 60 + local.minute
    days = [local.date() + timedelta(weeks=nth) for nth in range(wanted.weeks)]
    later = (instant(zone, day, minute) for day in days[1:])
    return OfferOfficeHours(
        mentor=wanted.mentor,
        program=wanted.program,
        starts=(wanted.starts_at, *(one for one in later if one)),
        seats=wanted.seats or kit.meeting.office_hours_seats,
        terms=terms_of(kit, wanted.length),
        around=around,
        purpose=wanted.purpose,
        any_hours=wanted.any_hours,
        by=wanted.by,
    )


async def book_seat(pool: Pool, mentor: MentorId, office_hours: str, journey: JourneyId, *, by: str = "ops") -> bool:
    """Returns False where the learner had a seat already.

    Raises:
        NoSuchJourney: when the log has no such journey.
        Rejected: when no seat is left, or the journey is closed or paused.
    """
    state = (await read_record(pool, journey)).state
    if state.closing:
        says = f"the journey has closed: {state.closing.ending.replace('_', ' ')}"
        raise Rejected(Code.CLOSED, says, {"ending": state.closing.ending})
    if state.pause:
        raise Rejected(Code.PAUSED, "the journey is paused; resume it first")
    command = BookSeat(
        mentor=mentor,
        office_hours=office_hours,
        program=state.program,
        journey=journey,
        learner=state.learner,
        by=by,
    )
    return bool((await _carried_out(pool, mentor, command)).events)


async def release_seat(pool: Pool, mentor: MentorId, office_hours: str, journey: JourneyId, *, by: str = "ops") -> bool:
    """Returns False where the learner had no seat. Raises Rejected when there are no such office hours."""
    command = ReleaseSeat(mentor=mentor, office_hours=office_hours, journey=journey, by=by)
    return bool((await _carried_out(pool, mentor, command)).events)


async def cancel(
    pool: Pool, mentor: MentorId, office_hours: str, reason: str = "", *, by: str = "ops"
) -> Sequence[JourneyId]:
    """Returns the journeys of those who had a seat. Raises Rejected when there are no such office hours."""
    command = CancelOfficeHours(mentor=mentor, office_hours=office_hours, reason=reason, by=by)
    done = await _carried_out(pool, mentor, command)
    return [seat.journey for seat in done.before.state.office_hours[office_hours].taken]


async def _carried_out(
    pool: Pool, mentor: MentorId, command: BookSeat | ReleaseSeat | CancelOfficeHours
) -> Transaction:  # type: ignore[type-arg]
    return await transact(pool, mentor_stream(mentor), MENTOR, command, datetime.now(UTC), meta=given(command))
