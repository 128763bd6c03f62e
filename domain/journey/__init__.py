"""One learner's way through one program, as a decider. In reading order: events, commands, state, outlook, decide."""

from typing import get_args

from domain.journey.commands import COMMANDS, JourneyCommand, PersonCommand, StartJourney
from domain.journey.decide import Rejected, decide, fold
from domain.journey.events import CommandRejected, JourneyEvent
from domain.journey.outlook import Awaited, CheckActivity, Finish, Timer, Wait, attention, awaited, next_action
from domain.journey.state import JourneyState, evolve

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
