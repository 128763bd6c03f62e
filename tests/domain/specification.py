"""The language in which the rules of a journey are told: `given(events).when(command, at).then(events)`.

A story runs on the sample kit of `tests.domain.stories` unless `given` is handed another one.
"""

from dataclasses import dataclass
from datetime import datetime

import pytest

from domain.journey import (
    Awaited,
    CheckActivity,
    JourneyCommand,
    JourneyEvent,
    JourneyState,
    Rejected,
    Timer,
    Wait,
    awaited,
    decide,
    fold,
    next_action,
)
from domain.journey.commands import ReportActivity
from domain.kit import Kit
from tests.domain.stories import KIT


def given(*events: JourneyEvent, kit: Kit = KIT) -> "Given":
    return Given(kit, events)


@dataclass(frozen=True)
class Given:
    """A journey with this past."""

    kit: Kit
    events: tuple[JourneyEvent, ...]

    @property
    def state(self) -> JourneyState:
        state = fold(self.events)
        assert state, "a story that asks for the state begins with JourneyStarted"
        return state

    def when(self, command: JourneyCommand, at: datetime) -> "Outcome":
        try:
            return Outcome(self, tuple(decide(self.kit, fold(self.events), command, at)))
        except Rejected as refusal:
            return Outcome(self, (), str(refusal))

    def when_due(self, rule: str, about: str = "", last_active_at: datetime | None = None) -> "Outcome":
        """Lets the timer of this rule fire at its moment. A look at the activity finds `last_active_at`."""
        timer = self.timer(rule, about)
        command = ReportActivity(last_active_at=last_active_at) if isinstance(timer.then, CheckActivity) else timer.then
        return self.when(command, timer.at)

    def timer(self, rule: str, about: str = "") -> Timer:
        found = [one for one in self.timers if one.rule == rule and about.lower() in one.label.lower()]
        assert len(found) == 1, f"{len(found)} timers of {rule} {about}; there are: {self.rules}"
        return found[0]

    @property
    def timers(self) -> tuple[Timer, ...]:
        action = next_action(self.kit, self.state)
        return tuple(action.timers) if isinstance(action, Wait) else ()

    @property
    def rules(self) -> list[str]:
        return [one.rule for one in self.timers]

    @property
    def awaits(self) -> list[str]:
        return [one.about for one in awaited(self.state)]

    def awaited(self, about: str) -> Awaited:
        found = [one for one in awaited(self.state) if one.about == about]
        assert len(found) == 1, f"{about} is not awaited; there are: {self.awaits}"
        return found[0]


@dataclass(frozen=True)
class Outcome:
    """What became of a command."""

    before: Given
    events: tuple[JourneyEvent, ...]
    refusal: str | None = None

    def then(self, *expected: JourneyEvent) -> Given:
        """Exactly these events, in this order; the story goes on from there."""
        assert self.refusal is None, f"rejected: {self.refusal}"
        assert self.events == expected
        return self.so()

    def nothing(self) -> None:
        """The command was obeyed before, or has lost its point: no event, and no refusal."""
        self.then()

    def rejected(self, reason: str) -> None:
        if self.refusal is None:
            pytest.fail(f"expected a refusal ({reason}), got {self.events}")
        assert reason in self.refusal

    def so(self) -> Given:
        """The journey as it stands after the command, whatever came of it."""
        return Given(self.before.kit, (*self.before.events, *self.events))
