"""One learner's way through one program, as a decider.

Each topic of a journey is one file, in reading order: its events, its commands, its rules, how its events change the
state, what it awaits and what happens by itself:

    intake            from the beginning to a chosen pathway
    offers            a mentor is proposed, and whoever is asked answers
    matching          the learner gets a mentor, and another takes over
    pathway           when the work begins, starts again, and what it plans
    sessions          when they are held, how they are prepared
    attendance        how they went
    follow_ups        notes, follow-ups and their next steps
    between_sessions  check-ins, risk flags, calls for help, feedback
    messages          what people of the program write to the learner or the mentor
    milestones        work that is handed in, judged, handed in again, or waived
    reminders         when the kit reminds somebody of what they are awaited for
    escalations       rules that fired; escalating and ladders: what they do, and when they go further
    cases             who has them, and how they are dealt with
    remedies          what a learner in trouble is offered
    pausing           the clocks stand still, and run again
    cohort            joining a group that meets together, and leaving it
    ending            the wrap-up, the ends of a journey, its outcomes, and taking it up again
    moving            to another version of the program
    corrections       what follows when something was recorded wrongly

They share the state (state.py, made of parts.py). Above them `events` and `commands` are tables of contents, and
`decide`, `evolve`, `duties`, `timers` and `next_action` ask the topics.
"""

from domain.journey.bases import JourneyCommand, NamedCommand
from domain.journey.commands import COMMANDS
from domain.journey.decide import decide
from domain.journey.duties import attention, awaited
from domain.journey.duty import Awaited
from domain.journey.events import EVENTS, JourneyEvent
from domain.journey.evolve import evolve, fold
from domain.journey.intake import StartJourney
from domain.journey.next_action import Finish, Wait, next_action
from domain.journey.refusing import CommandRejected
from domain.journey.state import JourneyState
from domain.journey.timer import CheckActivity, Timer
from domain.journey.timers import timers
from domain.refusal import Rejected

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
    "NamedCommand",
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
    "timers",
]
