"""Reminders: the kit says when somebody is reminded of what they are awaited for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.journey.bases import (
    Events,
    TimerCommand,
)
from domain.journey.duty import Awaited
from domain.journey.parts import changed
from domain.journey.state import JourneyState, fired_key
from domain.journey.timer import Timer
from domain.kit import Duty, Kit, Role
from domain.values import Event


class ReminderFellDue(Event):
    """It is time to remind somebody of what they are awaited for. Once for each reminder of the kit."""

    type: ClassVar[str] = "journey.reminder_fell_due"
    rule: str
    about: str
    duty: Duty
    to: Role


@dataclass(unsafe_hash=True, slots=True, kw_only=True)
class Remind(TimerCommand):
    name: ClassVar[str] = "remind"
    rule: str
    about: str
    duty: Duty
    to: Role

    def in_words(self) -> str:
        return f"a reminder to the {self.to}"


def decide(_: Kit, __: JourneyState, command: Remind, at: datetime) -> Events:
    return [ReminderFellDue(at=at, rule=command.rule, about=command.about, duty=command.duty, to=command.to)]


def evolve(state: JourneyState, event: ReminderFellDue) -> JourneyState:
    return changed(state, fired=(*state.fired, fired_key(event.rule, event.about)))


def timers(wait: Awaited, of_what: str, dates: Iterable[tuple[str, datetime]]) -> list[Timer]:
    """Those that the kit has for a duty, given with their places in it."""
    return [
        Timer(
            at=at,
            rule=rule,
            label=f"remind the learner {of_what}",
            then=Remind(rule=rule, about=wait.about, duty=wait.duty, to="learner"),
            stopped_by=wait.who,
            once=fired_key(rule, wait.about),
        )
        for rule, at in dates
        if at > wait.since
    ]
