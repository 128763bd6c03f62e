"""Books times for sessions: first with the mentor, whose stream decides, then with the journey.

The two are different streams, so a process that is killed in between leaves a booking that the journey does not know.
Booking the same time again completes it, and so does a sweep: the command to the journey has an id that follows from
the booking alone, so it is carried out once. Where the journey refuses, the booking is released.

A session that is moved without a booking is followed: the mentor's stream has what the journey says.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from temporalio.service import RPCError

from client.journeys import JourneyClient, NoSuchJourney, NotAnswering, Refused
from domain.ids import JourneyId, MentorId, SessionId, journey_stream
from domain.journey.duty import pathway_of
from domain.journey.events import MentorMatched, SessionRescheduled
from domain.mentor import MENTOR, mentor_stream
from domain.mentor.bookings import BookTime, Dated, FollowSessions, ReleaseReason, ReleaseTime, key_of
from domain.mentor.office_hours import FreeSeats
from domain.mentor.state import Booked
from domain.refusal import Rejected
from projections.views import bookings
from queries.availability import Appointment, appointment, dating_of, length_of
from queries.journey_record import JourneyRecord, read_record
from runtime.fan_out import fan_out
from store.database import Pool
from store.errors import StoreError
from store.transact import given, read, transact
from workflows.contract import Begin

log = structlog.get_logger(__name__)

_GRACE = timedelta(minutes=2)
"""How long whoever books a time may take to tell the journey; then the sweep does."""
_PAGE = 500
_AT_ONCE = 8
_PATIENCE_SECONDS = 10.0
"""How long the sweep waits for the answer of one journey."""


@dataclass(frozen=True, slots=True)
class BookedTime:
    journey: JourneyId
    session: SessionId
    title: str
    mentor: MentorId
    starts_at: datetime
    ends_at: datetime
    new: bool
    """False: it was booked before."""


async def book(
    pool: Pool, journeys: JourneyClient, journey: JourneyId, session: SessionId, starts_at: datetime, *, by: str = "ops"
) -> BookedTime:
    """Books the time with the journey's mentor, and moves the session there.

    Raises:
        Rejected: when the time is taken or does not suit, or the journey refuses it. Then nothing is booked.
        NoSuchJourney: when the log has no such journey.
    """
    wanted = await appointment(pool, journey, session)
    await _enter(pool, _following(wanted.record, wanted.mentor))
    booked, new = await reserve(pool, wanted, starts_at, by)
    try:
        await _tell(journeys, booked, wanted.record, by)
    except Refused as refused:
        await _release(pool, wanted.mentor, booked)
        raise Rejected(refused.code, str(refused), refused.data) from refused
    return BookedTime(journey, session, wanted.title, wanted.mentor, booked.starts_at, booked.ends_at, new)


async def reserve(pool: Pool, wanted: Appointment, starts_at: datetime, by: str) -> tuple[Booked, bool]:
    """The booking in the mentor's stream, and whether it is new. Everything is checked again by the append.

    Raises Rejected.
    """
    command = BookTime(
        mentor=wanted.mentor,
        holder=wanted.holder,
        session=wanted.session.session,
        as_of=wanted.version,
        starts_at=starts_at,
        terms=wanted.terms,
        around=wanted.around,
        others=(wanted.learner,),
        by=by,
    )
    stream = mentor_stream(wanted.mentor)
    done = await transact(pool, stream, MENTOR, command, datetime.now(UTC), meta=given(command), known=wanted.known)
    return done.after.state.booked[key_of(wanted.holder, wanted.session.session)], bool(done.events)


async def _tell(journeys: JourneyClient, booked: Booked, record: JourneyRecord, by: str) -> None:
    """Moves the session of the journey. Raises Refused when it does not take the time."""
    payload = {"session": booked.session, "starts_at": booked.starts_at.isoformat(), "by": by}
    command_id = f"booking:{booked.session}@{booked.starts_at:%Y%m%dT%H%MZ}#{booked.as_of}"
    await _send(journeys, record, payload, command_id)


async def _send(journeys: JourneyClient, record: JourneyRecord, payload: Mapping[str, Any], command_id: str) -> None:
    try:
        await journeys.send(record.journey, "reschedule_session", payload, command_id=command_id)
    except NoSuchJourney:  # Temporal lost it, or it is closed: it is continued from the log, and answers
        begin = Begin(program=record.state.program, learner=record.state.learner)
        await journeys.begin_and_send(begin, "reschedule_session", payload, record.journey, command_id=command_id)


async def _release(pool: Pool, mentor: MentorId, booked: Booked) -> None:
    command = ReleaseTime(mentor, booked.holder, booked.session)
    await transact(pool, mentor_stream(mentor), MENTOR, command, datetime.now(UTC), meta=given(command))


# What journeys record by themselves


async def follow(pool: Pool, journey: JourneyId) -> None:
    """Enters what the journey says about its sessions with the streams of its mentors: moves and releases bookings, and
    books what somebody moved without a booking. Doing so again changes nothing.

    Raises NoSuchJourney; BeingRebuilt; NotDecodable, NotFoldable, MissingKit.
    """
    record = await read_record(pool, journey)
    if any(isinstance(one, SessionRescheduled) for one in record.events):
        for mentor in _mentors_of(record):
            await _enter(pool, _following(record, mentor))
    if record.state.closing:
        for hours in await bookings.office_hours_of_journeys(pool, [journey]):
            await _enter(pool, FreeSeats(hours.mentor, journey))


async def _enter(pool: Pool, command: FollowSessions | FreeSeats) -> None:
    await transact(pool, mentor_stream(command.mentor), MENTOR, command, datetime.now(UTC), meta=given(command))


def _mentors_of(record: JourneyRecord) -> list[MentorId]:
    """Everybody who has been its mentor, in the order in which they came."""
    return list(dict.fromkeys(one.mentor for one in record.events if isinstance(one, MentorMatched)))


def _following(record: JourneyRecord, mentor: MentorId) -> FollowSessions:
    state = record.state
    sessions: dict[SessionId, Dated] = {}
    because: ReleaseReason = "session_over"
    if state.closing:
        because = "closed"
    elif state.mentor != mentor:
        because = "mentor_left"
    else:
        sessions = _to_be_held(record)
        because = "paused" if state.pause else because
    return FollowSessions(mentor, journey_stream(record.journey), record.recorded[-1].version, sessions, because)


def _to_be_held(record: JourneyRecord) -> dict[SessionId, Dated]:
    """Without the sessions of a group, which books its times itself. In a pause, only what lay before it: the rest
    moves when the journey resumes."""
    state, pathway = record.state, pathway_of(record.kit, record.state)
    dating, of_group = dating_of(record), state.cohort.times if state.cohort else {}
    return {
        one.session: Dated(
            starts_at=one.starts_at,
            ends_at=one.starts_at + length_of(pathway, one.session),
            version=dating[one.session].version,
            chosen=dating[one.session].chosen,
        )
        for one in state.sessions
        if not one.attendance
        and one.session not in of_group
        and not (state.pause and one.starts_at >= state.pause.since)
    }


async def sweep(pool: Pool, journeys: JourneyClient, grace: timedelta = _GRACE) -> int:
    """Completes bookings of which the journey was not told because a process was killed in between. Returns how many.

    Raises BeingRebuilt while the view is not there.
    """
    at, completed = datetime.now(UTC), 0
    page = await bookings.untold(pool, at, at - grace, None, _PAGE)
    while page:
        completed += sum(await fan_out(lambda one: _completed(pool, journeys, one), page, _AT_ONCE))
        page = await bookings.untold(pool, at, at - grace, page[-1], _PAGE) if len(page) == _PAGE else []
    return completed


async def _completed(pool: Pool, journeys: JourneyClient, one: bookings.Booking) -> bool:
    """Whether there was something to complete, and it is done. What cannot be done now is done by a later sweep."""
    try:
        return await _complete(pool, journeys, one)
    except StoreError as error:
        log.warning("booking_not_completed", session=one.session, because=repr(error))
        return False


async def _complete(pool: Pool, journeys: JourneyClient, one: bookings.Booking) -> bool:
    """Raises NotDecodable, NotFoldable, MissingKit, TooManyConflicts."""
    record = await read_record(pool, JourneyId(one.holder.removeprefix("journey-")))
    dated = _to_be_held(record).get(one.session)
    if record.state.closing or record.state.mentor != one.mentor or dated is None:
        await _enter(pool, _following(record, one.mentor))
        return True
    if dated.version > one.as_of or dated.starts_at == one.starts_at:
        return False
    kept = await _kept(pool, one)
    return kept is not None and await _told(pool, journeys, kept, record)


async def _told(pool: Pool, journeys: JourneyClient, kept: Booked, record: JourneyRecord) -> bool:
    assert record.state.mentor, "only a journey with a mentor is told of a booking"
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            await _tell(journeys, kept, record, "system")
    except Refused as refused:
        await _release(pool, record.state.mentor, kept)
        log.info("booking_released", session=kept.session, because=refused.code)
    except (TimeoutError, NotAnswering, RPCError) as error:
        log.warning("booking_not_completed", session=kept.session, because=repr(error))
        return False
    return True


async def _kept(pool: Pool, one: bookings.Booking) -> Booked | None:
    """The booking as the mentor's stream has it now, if it is still the same."""
    known = await read(pool, mentor_stream(one.mentor), MENTOR)
    kept = known.state.booked.get(key_of(one.holder, one.session))
    return kept if kept and (kept.starts_at, kept.as_of) == (one.starts_at, one.as_of) else None
