"""One learner's way through one program. To be read as: events, commands, state, outlook, consequences, decide."""

from typing import get_args

from domain.journey.commands import COMMANDS, JourneyCommand, PersonCommand, StartJourney
from domain.journey.decide import Rejected, decide
from domain.journey.events import CommandRejected, JourneyEvent
from domain.journey.outlook import Awaited, CheckActivity, Finish, Timer, Wait, attention, awaited, next_action
from domain.journey.state import JourneyState, evolve, fold

EVENTS: dict[str, type[JourneyEvent]] = {event.type: event for event in get_args(JourneyEvent)}
"""Every event of a journey, by the type under which it is stored."""

__all__ = [
    "COMMANDS",
    "EVENTS",
    "Awaited",
    "CheckActivity",
    "CommandRejected",
    "Finish",
    "JourneyCommand",
    "JourneyEvent",
    "JourneyState",
    "PersonCommand",
    "Rejected",
    "StartJourney",
    "Timer",
    "Wait",
    "attention",
    "awaited",
    "decide",
    "evolve",
    "fold",
    "next_action",
]
