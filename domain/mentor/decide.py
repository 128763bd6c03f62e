"""The topics of a mentor's stream as one decider."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from typing import Final, assert_never, get_args

from domain.decider import Decider
from domain.mentor import belonging, bookings, checks, leave, ledger, office_hours, profile, training
from domain.mentor.belonging import (
    BelongingCommand,
    BelongingEvent,
    JoinedProgram,
    JoinProgram,
    LeaveProgram,
    LeftProgram,
)
from domain.mentor.bookings import (
    BookingCommand,
    BookingEvent,
    BookingMoved,
    BookingReleased,
    BookTime,
    FollowSessions,
    ReleaseTime,
    TimeBooked,
)
from domain.mentor.checks import (
    CheckRecorded,
    ChecksCommand,
    ChecksEvent,
    CheckWithdrawn,
    OnboardingRecorded,
    RecordCheck,
    RecordOnboarding,
    WithdrawCheck,
)
from domain.mentor.leave import CancelLeave, LeaveCanceled, LeaveCommand, LeaveEvent, LeavePlanned, PlanLeave
from domain.mentor.ledger import (
    FollowHolder,
    LedgerCommand,
    LedgerEvent,
    PlaceConfirmed,
    PlaceMoved,
    PlaceReleased,
    PlaceReserved,
    ReservePlace,
)
from domain.mentor.office_hours import (
    BookSeat,
    CancelOfficeHours,
    FreeSeats,
    OfferOfficeHours,
    OfficeHoursCanceled,
    OfficeHoursCommand,
    OfficeHoursEvent,
    OfficeHoursOffered,
    ReleaseSeat,
    SeatBooked,
    SeatReleased,
)
from domain.mentor.profile import ProfileChanged, UpdateProfile
from domain.mentor.state import INITIAL, MentorState
from domain.mentor.training import AcknowledgeTraining, TrainingAcknowledged

MentorEvent = (
    TrainingAcknowledged
    | ProfileChanged
    | ChecksEvent
    | LeaveEvent
    | BelongingEvent
    | LedgerEvent
    | BookingEvent
    | OfficeHoursEvent
)
EVENTS: Final[dict[str, type[MentorEvent]]] = {event.type: event for event in get_args(MentorEvent)}

MentorCommand = (
    AcknowledgeTraining
    | UpdateProfile
    | ChecksCommand
    | LeaveCommand
    | BelongingCommand
    | LedgerCommand
    | BookingCommand
    | OfficeHoursCommand
)


def evolve(state: MentorState, event: MentorEvent) -> MentorState:
    match event:
        case TrainingAcknowledged():
            return training.evolve(state, event)
        case ProfileChanged():
            return profile.evolve(state, event)
        case CheckRecorded() | CheckWithdrawn() | OnboardingRecorded():
            return checks.evolve(state, event)
        case LeavePlanned() | LeaveCanceled():
            return leave.evolve(state, event)
        case JoinedProgram() | LeftProgram():
            return belonging.evolve(state, event)
        case TimeBooked() | BookingMoved() | BookingReleased():
            return bookings.evolve(state, event)
        case OfficeHoursOffered() | SeatBooked() | SeatReleased() | OfficeHoursCanceled():
            return office_hours.evolve(state, event)
        case PlaceReserved() | PlaceConfirmed() | PlaceMoved() | PlaceReleased():
            return ledger.evolve(state, event)
        case _:
            assert_never(event)


def fold(events: Iterable[MentorEvent], state: MentorState = INITIAL) -> MentorState:
    return reduce(evolve, events, state)


def decide(state: MentorState, command: MentorCommand, at: datetime) -> Sequence[MentorEvent]:
    """Returns no events for a command that changes nothing, such as a repeated one. Raises Rejected."""
    match command:
        case AcknowledgeTraining():
            return training.decide(state, command, at)
        case UpdateProfile():
            return profile.decide(state, command, at)
        case RecordCheck() | WithdrawCheck() | RecordOnboarding():
            return checks.decide(state, command, at)
        case PlanLeave() | CancelLeave():
            return leave.decide(state, command, at)
        case JoinProgram() | LeaveProgram():
            return belonging.decide(state, command, at)
        case BookTime() | ReleaseTime() | FollowSessions():
            return bookings.decide(state, command, at)
        case OfferOfficeHours() | BookSeat() | ReleaseSeat() | CancelOfficeHours() | FreeSeats():
            return office_hours.decide(state, command, at)
        case ReservePlace() | FollowHolder():
            return ledger.decide(state, command, at)
        case _:
            assert_never(command)


def decide_together(state: MentorState, commands: Iterable[MentorCommand], at: datetime) -> list[MentorEvent]:
    """What they bring about one after the other, to be appended as a whole. Raises Rejected."""
    events: list[MentorEvent] = []
    for command in commands:
        new = decide(state, command, at)
        state = fold(new, state)
        events += new
    return events


MENTOR: Final[Decider[MentorCommand, MentorState, MentorEvent]] = Decider(EVENTS, INITIAL, decide, evolve)
TOGETHER: Final[Decider[Sequence[MentorCommand], MentorState, MentorEvent]] = Decider(
    EVENTS, INITIAL, decide_together, evolve
)
"""For several commands at once."""
