"""Times that are booked with a mentor for sessions of journeys and meetings of groups.

A time is booked before its holder records it, and whatever the holder records afterwards is followed: the booking is
moved or released. Only a new booking can be refused; what a journey has recorded is entered, whatever it overlaps.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import ClassVar, Final, Literal, NamedTuple, assert_never

from pydantic import AwareDatetime

from domain.ids import MentorId, SessionId, StreamId
from domain.mentor.hours import Surroundings, calendar_of
from domain.mentor.state import Booked, MentorState
from domain.refusal import RefusalCode, Rejected
from domain.scheduling.free import Calendar
from domain.scheduling.slots import Name, Terms, problems
from domain.scheduling.wording import in_words
from domain.values import Actor, Event, changed, together

ReleaseReason = Literal["refused", "session_over", "planned_anew", "mentor_left", "paused", "closed"]
BOOKINGS_AT_MOST = 2_000


class TimeBooked(Event):
    """The mentor keeps this time for a session. Unless the journey has said so itself, it records the time next, or the
    booking is released."""

    type: ClassVar[str] = "mentor.time_booked"
    holder: StreamId
    session: SessionId
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    as_of: int
    """The version of the holder's stream on which this was decided."""
    followed: bool = False
    """Whether the holder had recorded it already. Then nothing was checked."""


class BookingMoved(Event):
    """The session has another time; the one before is free again."""

    type: ClassVar[str] = "mentor.booking_moved"
    holder: StreamId
    session: SessionId
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    as_of: int
    followed: bool = False


class BookingReleased(Event):
    """The time is free again."""

    type: ClassVar[str] = "mentor.booking_released"
    holder: StreamId
    session: SessionId
    as_of: int
    reason: ReleaseReason


BookingEvent = TimeBooked | BookingMoved | BookingReleased


@dataclass(frozen=True, slots=True)
class BookTime:
    """Keep a time for a session if it suits the mentor, everybody else who comes, and the rules of the program."""

    mentor: MentorId
    holder: StreamId
    session: SessionId
    as_of: int
    starts_at: datetime
    terms: Terms
    around: Surroundings
    others: Sequence[Calendar]
    """Of the learner, or of all members of a group."""
    only_taken: bool = False
    """Refuse only what is booked already, and leave. A group that meets each week is warned of everything else when it
    is planned."""
    by: Actor = "ops"


@dataclass(frozen=True, slots=True)
class ReleaseTime:
    """Free the time of a session whose holder did not take it."""

    mentor: MentorId
    holder: StreamId
    session: SessionId
    by: Actor = "system"


class Dated(NamedTuple):
    """What a holder has recorded about the time of a session."""

    starts_at: datetime
    ends_at: datetime
    version: int
    """Of the event that gave it this time."""
    chosen: bool
    """Whether somebody chose this time. Otherwise it follows from the plan, and nothing is booked."""


@dataclass(frozen=True, slots=True)
class FollowSessions:
    """Enter the times that a holder has recorded for its sessions with this mentor. Never refused."""

    mentor: MentorId
    holder: StreamId
    as_of: int
    """The version up to which its stream was read."""
    sessions: Mapping[SessionId, Dated] = field(default_factory=dict)
    """Those that are still to be held."""
    because: ReleaseReason = "session_over"
    """Why any others are released."""
    by: Actor = "system"


BookingCommand = BookTime | ReleaseTime | FollowSessions


class Code(RefusalCode):
    """Why a time cannot be booked."""

    TIME_TAKEN = "time_taken"
    TIME_UNSUITABLE = "time_unsuitable"
    """`rules`: those that exclude it, each with whose it is, such as `mentor.hours`."""
    TOO_MANY_BOOKINGS = "too_many_bookings"
    """`most`: how many a mentor can have ahead."""


def key_of(holder: StreamId, session: SessionId) -> str:
    return f"{holder}/{session}"


def decide(state: MentorState, command: BookingCommand, at: datetime) -> Sequence[BookingEvent]:
    """Returns no events for what is so already.

    Raises:
        Rejected: when the time is taken, or does not suit; with the rules that exclude it.
    """
    match command:
        case BookTime():
            return _book(state, command, at)
        case ReleaseTime():
            one = state.booked.get(key_of(command.holder, command.session))
            return [_released(one, one.as_of, "refused", at)] if one else []
        case FollowSessions():
            return _follow(state, command, at)
        case _:
            assert_never(command)


def _book(state: MentorState, command: BookTime, at: datetime) -> Sequence[BookingEvent]:
    key = key_of(command.holder, command.session)
    before = state.booked.get(key)
    if before and before.starts_at == command.starts_at and before.ends_at == command.starts_at + command.terms.length:
        return []
    _require_suitable(state, command, at)
    if before is None and len(state.booked) >= BOOKINGS_AT_MOST:
        says = f"{BOOKINGS_AT_MOST} times are booked with this mentor; release some of them first"
        raise Rejected(Code.TOO_MANY_BOOKINGS, says, {"most": BOOKINGS_AT_MOST})
    return [
        (BookingMoved if before else TimeBooked)(
            at=at,
            holder=command.holder,
            session=command.session,
            starts_at=command.starts_at.astimezone(UTC),
            ends_at=(command.starts_at + command.terms.length).astimezone(UTC),
            as_of=command.as_of,
        )
    ]


_TAKEN: Final[frozenset[Name]] = frozenset({("mentor", "booked"), ("mentor", "leave")})


def _require_suitable(state: MentorState, command: BookTime, at: datetime) -> None:
    mentor = calendar_of(state, command.around, key_of(command.holder, command.session))
    against: dict[Name, None] = {}
    for other in command.others or (None,):
        against.update(dict.fromkeys(problems(mentor, other, command.terms, at, command.starts_at)))
    if command.only_taken:
        against = {name: None for name in against if name in _TAKEN}
    if not against:
        return
    because = together(in_words(one, command.terms) for one in against)
    says = f"{command.starts_at:%d %B %Y %H:%M} UTC does not suit: {because}; choose another time"
    code = Code.TIME_TAKEN if list(against) == [("mentor", "booked")] else Code.TIME_UNSUITABLE
    raise Rejected(code, says, {"rules": [f"{side}.{rule}" for side, rule in against]})


def _follow(state: MentorState, command: FollowSessions, at: datetime) -> Sequence[BookingEvent]:
    events: list[BookingEvent] = []
    mine = {one.session: one for one in state.booked.values() if one.holder == command.holder}
    for session, one in mine.items():
        dated = command.sessions.get(session)
        if one.as_of > command.as_of or (dated and one.as_of >= dated.version):
            continue  # the holder has recorded nothing about it yet, or what was read is older than the booking
        if dated is None:
            events.append(_released(one, command.as_of, command.because, at))
        elif not dated.chosen:
            events.append(_released(one, command.as_of, "planned_anew", at))
        elif (dated.starts_at, dated.ends_at) != (one.starts_at, one.ends_at):
            events.append(_entered(BookingMoved, command, session, dated, at))
    for session, dated in command.sessions.items():
        if session not in mine and dated.chosen and dated.ends_at > at:
            events.append(_entered(TimeBooked, command, session, dated, at))
    return events


def _entered(
    kind: type[TimeBooked | BookingMoved], command: FollowSessions, session: SessionId, dated: Dated, at: datetime
) -> BookingEvent:
    return kind(
        at=at,
        holder=command.holder,
        session=session,
        starts_at=dated.starts_at,
        ends_at=dated.ends_at,
        as_of=dated.version,
        followed=True,
    )


def _released(one: Booked, as_of: int, reason: ReleaseReason, at: datetime) -> BookingReleased:
    return BookingReleased(at=at, holder=one.holder, session=one.session, as_of=as_of, reason=reason)


def evolve(state: MentorState, event: BookingEvent) -> MentorState:
    booked = {key: one for key, one in state.booked.items() if one.ends_at > event.at}
    key = key_of(event.holder, event.session)
    match event:
        case TimeBooked() | BookingMoved():
            booked[key] = Booked(
                holder=event.holder,
                session=event.session,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
                as_of=event.as_of,
                booked_at=event.at,
            )
        case BookingReleased():
            booked.pop(key, None)
        case _:
            assert_never(event)
    return changed(state, {"booked": booked})
