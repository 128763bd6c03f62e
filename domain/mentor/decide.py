"""The topics of a mentor's stream as one decider."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import reduce
from typing import Final

from domain.decider import Decider
from domain.mentor import training
from domain.mentor.state import INITIAL, MentorState
from domain.mentor.training import AcknowledgeTraining, TrainingAcknowledged

MentorEvent = TrainingAcknowledged
EVENTS: Final[dict[str, type[MentorEvent]]] = {TrainingAcknowledged.type: TrainingAcknowledged}

MentorCommand = AcknowledgeTraining


def evolve(state: MentorState, event: MentorEvent) -> MentorState:
    return training.evolve(state, event)


def fold(events: Iterable[MentorEvent], state: MentorState = INITIAL) -> MentorState:
    return reduce(evolve, events, state)


def decide(state: MentorState, command: MentorCommand, at: datetime) -> Sequence[MentorEvent]:
    """Returns no events for a command that changes nothing, such as a repeated one. Raises Rejected."""
    return training.decide(state, command, at)


MENTOR: Final[Decider[MentorCommand, MentorState, MentorEvent]] = Decider(EVENTS, INITIAL, decide, evolve)
