"""Timers: what happens by itself at a moment, unless what it waits for happens first."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from domain.journey.bases import TimedCommand, TimerCommand
from domain.kit import Role


@dataclass(frozen=True, slots=True)
class CheckActivity:
    """An effect: find out when the learner was last active, and report it back with `ReportActivity`."""

    def in_words(self) -> str:
        return "a look at the learner's activity"


class Timer(NamedTuple):
    """At `at`, `rule` makes this happen, unless what it waits for happens first."""

    at: datetime
    rule: str
    """The place in the kit that says so, such as `escalations.gone-quiet`."""
    label: str
    """In words, without personal data."""
    then: TimerCommand | TimedCommand | CheckActivity
    stopped_by: Role
    """Who can make it unnecessary."""
    once: str | None = None
    """For what happens only once: the key that stands in `JourneyState.fired` when it has."""
    is_last: bool = False
    """Whether the other timers of the same moment come first."""
