"""Office hours of a mentor: times at which any learner of a program can come, as long as there are seats."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, assert_never

from pydantic import AwareDatetime, Field

from domain.ids import SLUG, JourneyId, LearnerId, MentorId, ProgramId, Slug
from domain.mentor.hours import Surroundings, calendar_of
from domain.mentor.state import MentorState, OfficeHours, Seat
from domain.refusal import RefusalCode, Rejected
from domain.scheduling.slots import Name, Terms, problems
from domain.scheduling.wording import in_words
from domain.values import Actor, Event, Frozen, Personal, changed, counted, together

AT_MOST = 500
"""Office hours that a mentor can have ahead."""


class OfficeHoursOffered(Event):
    """Learners of the program can book a seat."""

    type: ClassVar[str] = "mentor.office_hours_offered"
    office_hours: Slug
    program: ProgramId
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    seats: int
    purpose: Personal = ""


class SeatBooked(Event):
    """A learner comes to these office hours."""

    type: ClassVar[str] = "mentor.seat_booked"
    office_hours: Slug
    journey: JourneyId
    learner: LearnerId


class SeatReleased(Event):
    """The learner does not come; others can have the seat."""

    type: ClassVar[str] = "mentor.seat_released"
    office_hours: Slug
    journey: JourneyId


class OfficeHoursCanceled(Event):
    """They do not take place, and whoever had a seat has none."""

    type: ClassVar[str] = "mentor.office_hours_canceled"
    office_hours: Slug
    reason: Personal = ""


OfficeHoursEvent = OfficeHoursOffered | SeatBooked | SeatReleased | OfficeHoursCanceled


@dataclass(frozen=True, slots=True)
class OfferOfficeHours:
    """Offer office hours at each of these times, or at none of them."""

    mentor: MentorId
    program: ProgramId
    starts: Sequence[datetime]
    seats: int
    terms: Terms
    around: Surroundings
    purpose: str = ""
    any_hours: bool = False
    """Also outside the mentor's hours, in quiet hours and on holidays, and at short notice."""
    by: Actor = "ops"


class BookSeat(Frozen):
    """Keep a seat for the learner of this journey."""

    mentor: Annotated[MentorId, SLUG]
    office_hours: Slug
    program: ProgramId
    journey: JourneyId
    learner: Annotated[LearnerId, SLUG]
    by: Actor = "ops"


class ReleaseSeat(Frozen):
    mentor: Annotated[MentorId, SLUG]
    office_hours: Slug
    journey: JourneyId
    by: Actor = "ops"


class CancelOfficeHours(Frozen):
    mentor: Annotated[MentorId, SLUG]
    office_hours: Slug
    reason: Personal = Field(default="")
    by: Actor = "ops"


@dataclass(frozen=True, slots=True)
class FreeSeats:
    """The journey has ended or has another mentor: free its seats in office hours that are ahead. Never refused."""

    mentor: MentorId
    journey: JourneyId
    by: Actor = "system"


OfficeHoursCommand = OfferOfficeHours | BookSeat | ReleaseSeat | CancelOfficeHours | FreeSeats


class Code(RefusalCode):
    """Why office hours cannot be offered, or a seat not be booked."""

    NO_SUCH_OFFICE_HOURS = "no_such_office_hours"
    """`office_hours`: the ids of those that are ahead."""
    NO_SEAT_LEFT = "no_seat_left"
    """`seats`: how many there are."""
    OFFICE_HOURS_BEGUN = "office_hours_begun"
    OFFICE_HOURS_OF_ANOTHER_PROGRAM = "office_hours_of_another_program"
    """`program`: the one whose learners they are for."""
    OFFICE_HOURS_UNSUITABLE = "office_hours_unsuitable"
    """`rules`: those that exclude the time, each with whose it is."""
    TOO_MANY_OFFICE_HOURS = "too_many_office_hours"
    """`most`: how many a mentor can have ahead."""


def id_at(starts_at: datetime) -> Slug:
    """A mentor is at one place at a time, so the start names them."""
    return f"{starts_at.astimezone(UTC):%Y%m%dT%H%MZ}"


def decide(state: MentorState, command: OfficeHoursCommand, at: datetime) -> Sequence[OfficeHoursEvent]:
    """Returns no events for what is so already.

    Raises:
        Rejected: when the time does not suit, or no seat is left.
    """
    match command:
        case OfferOfficeHours():
            return _offer(state, command, at)
        case BookSeat():
            return _book(state, command, at)
        case ReleaseSeat():
            return _release(state, command, at)
        case CancelOfficeHours():
            _find(state, command.office_hours)
            return [OfficeHoursCanceled(at=at, office_hours=command.office_hours, reason=command.reason)]
        case FreeSeats():
            return list(_freed(state, command.journey, at))
        case _:
            assert_never(command)


def _offer(state: MentorState, command: OfferOfficeHours, at: datetime) -> Sequence[OfficeHoursEvent]:
    events: list[OfficeHoursEvent] = []
    for start in command.starts:
        offered = state.office_hours.get(id_at(start))
        if offered and (offered.starts_at, offered.ends_at) == (start, start + command.terms.length):
            continue
        _require_suitable(state, command, start, at)
        event = OfficeHoursOffered(
            at=at,
            office_hours=id_at(start),
            program=command.program,
            starts_at=start.astimezone(UTC),
            ends_at=(start + command.terms.length).astimezone(UTC),
            seats=command.seats,
            purpose=command.purpose,
        )
        state = evolve(state, event)
        events.append(event)
    if len(state.office_hours) > AT_MOST:
        says = f"a mentor has at most {AT_MOST} office hours ahead; offer them for a shorter time"
        raise Rejected(Code.TOO_MANY_OFFICE_HOURS, says, {"most": AT_MOST})
    return events


_NEVER: frozenset[Name] = frozenset({("mentor", "booked"), ("mentor", "leave"), ("mentor", "clock_change")})


def _require_suitable(state: MentorState, command: OfferOfficeHours, start: datetime, at: datetime) -> None:
    mentor = calendar_of(state, command.around)
    against = problems(mentor, None, command.terms, at, start)
    if command.any_hours:
        against = [one for one in against if one in _NEVER]
        if start <= at:
            against = [("program", "notice")]
    if against:
        because = together(in_words(one, command.terms) for one in against)
        says = f"office hours cannot be at {start:%d %B %Y %H:%M} UTC: {because}; choose another time"
        raise Rejected(Code.OFFICE_HOURS_UNSUITABLE, says, {"rules": [f"{side}.{rule}" for side, rule in against]})


def _book(state: MentorState, command: BookSeat, at: datetime) -> Sequence[OfficeHoursEvent]:
    one = _find(state, command.office_hours)
    if any(seat.journey == command.journey for seat in one.taken):
        return []
    if one.program != command.program:
        says = f"these office hours are for learners of {one.program!r}; choose others"
        raise Rejected(Code.OFFICE_HOURS_OF_ANOTHER_PROGRAM, says, {"program": one.program})
    if one.starts_at <= at:
        raise Rejected(Code.OFFICE_HOURS_BEGUN, "these office hours have begun; choose others")
    if not one.left:
        says = f"all {counted(one.seats, 'seat')} are booked; choose other office hours"
        raise Rejected(Code.NO_SEAT_LEFT, says, {"seats": one.seats})
    return [SeatBooked(at=at, office_hours=command.office_hours, journey=command.journey, learner=command.learner)]


def _release(state: MentorState, command: ReleaseSeat, at: datetime) -> Sequence[OfficeHoursEvent]:
    one = _find(state, command.office_hours)
    if not any(seat.journey == command.journey for seat in one.taken):
        return []
    return [SeatReleased(at=at, office_hours=command.office_hours, journey=command.journey)]


def _freed(state: MentorState, journey: JourneyId, at: datetime) -> Iterator[SeatReleased]:
    for name, one in state.office_hours.items():
        if one.starts_at > at and any(seat.journey == journey for seat in one.taken):
            yield SeatReleased(at=at, office_hours=name, journey=journey)


def _find(state: MentorState, office_hours: str) -> OfficeHours:
    if one := state.office_hours.get(office_hours):
        return one
    known = sorted(state.office_hours)
    listed = ", ".join(known[:5]) + (" …" if len(known) > 5 else "")
    says = f"the mentor offers no office hours {office_hours!r}; " + (f"there are: {listed}" if known else "offer some")
    raise Rejected(Code.NO_SUCH_OFFICE_HOURS, says, {"office_hours": known[:20]})


def evolve(state: MentorState, event: OfficeHoursEvent) -> MentorState:
    hours = dict(state.office_hours)
    match event:
        case OfficeHoursOffered():
            hours = {name: one for name, one in hours.items() if one.ends_at > event.at - _KEPT}
            hours[event.office_hours] = OfficeHours(
                program=event.program,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
                seats=event.seats,
                purpose=event.purpose,
            )
        case SeatBooked():
            one = hours[event.office_hours]
            taken = (*one.taken, Seat(journey=event.journey, learner=event.learner))
            hours[event.office_hours] = changed(one, {"taken": taken})
        case SeatReleased():
            one = hours[event.office_hours]
            left = tuple(seat for seat in one.taken if seat.journey != event.journey)
            hours[event.office_hours] = changed(one, {"taken": left})
        case OfficeHoursCanceled():
            hours.pop(event.office_hours, None)
        case _:
            assert_never(event)
    return changed(state, {"office_hours": hours})


_KEPT = timedelta(days=1)
"""How long office hours that are over are still known, so that what is said about them late can be answered."""
