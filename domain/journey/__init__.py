"""One learner's way through one program, as a decider. In reading order: events, commands, state, evolve,
outlook (who is awaited), timers (what comes by itself), decide, and the rules in deciding/."""

from typing import get_args

from domain.journey.commands import COMMANDS, JourneyCommand, PersonCommand, StartJourney
from domain.journey.decide import decide
from domain.journey.deciding.refusing import Rejected
from domain.journey.events import CommandRejected, JourneyEvent
from domain.journey.evolve import evolve, fold
from domain.journey.outlook import Awaited, attention, awaited
from domain.journey.state import JourneyState
from domain.journey.timers import CheckActivity, Finish, Timer, Wait, next_action

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
