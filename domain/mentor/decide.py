"""The topics of a mentor's stream as one decider."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from typing import Final, assert_never, get_args

from domain.decider import Decider
from domain.mentor import ledger, training
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
from domain.mentor.state import INITIAL, MentorState
from domain.mentor.training import AcknowledgeTraining, TrainingAcknowledged

MentorEvent = TrainingAcknowledged | LedgerEvent
EVENTS: Final[dict[str, type[MentorEvent]]] = {event.type: event for event in get_args(MentorEvent)}

MentorCommand = AcknowledgeTraining | LedgerCommand


def evolve(state: MentorState, event: MentorEvent) -> MentorState:
    match event:
        case TrainingAcknowledged():
            return training.evolve(state, event)
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
        case ReservePlace() | FollowHolder():
            return ledger.decide(state, command, at)
        case _:
            assert_never(command)


MENTOR: Final[Decider[MentorCommand, MentorState, MentorEvent]] = Decider(EVENTS, INITIAL, decide, evolve)
