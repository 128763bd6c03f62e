"""What the rules alone make of a scenario: no Temporal, no Postgres, no clock. Whatever is played must equal it."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from domain.ids import LearnerId, MilestoneId
from domain.journey import (
    COMMANDS,
    CheckActivity,
    CommandRejected,
    JourneyCommand,
    JourneyEvent,
    JourneyState,
    Rejected,
    StartJourney,
    Timer,
    Wait,
    decide,
    fold,
    next_action,
)
from domain.journey.commands import AdoptKit, MoveToKit, NamedCommand, ReportActivity
from domain.kit import Kit
from scenarios.format import Scenario, Script, Step
from store.event_log import RecordedEvent
from tests.scenario.trial_data import Record

_END_OF_TIME = datetime.max.replace(tzinfo=UTC)

Told = tuple[str, datetime, dict[str, Any]]


def told(event: JourneyEvent) -> Told:
    return event.type, event.at, event.model_dump(mode="json", exclude={"at"})


def recorded(event: RecordedEvent) -> Told:
    return event.type, event.occurred_at, event.data


class Oracle:
    """One journey, with every timer at its own time and before a command of the same moment."""

    def __init__(self, scenario: Scenario, script: Script, other: Kit | None = None) -> None:
        """`other` is the version that the journey may be moved to."""
        self.events: list[JourneyEvent] = []
        self._kit, self._other = scenario.kit, other
        self._seen = [one.fact.at for one in scenario.activity.get(script.learner, ())]
        self._state: JourneyState | None = None
        self._moment = script.begins_at
        self._begin(script.learner)
        for step in script.steps:
            self._pass_time(step.at)
            self._give(step)
        self._pass_time(_END_OF_TIME)

    @property
    def state(self) -> JourneyState:
        assert self._state
        return self._state

    def _begin(self, learner: LearnerId) -> None:
        start = StartJourney(by="system", program=self._kit.program_id, learner=learner, kit=self._kit.digest)
        self._obey(start, self._moment)

    def _pass_time(self, until: datetime) -> None:
        while timer := self._next_timer(until):
            self._obey(self._order(timer), timer.at)

    def _next_timer(self, until: datetime) -> Timer | None:
        action = next_action(self._kit, self.state)
        timer = action.next_timer if isinstance(action, Wait) else None
        if timer and timer.at <= until:
            return timer
        return None

    def _order(self, timer: Timer) -> JourneyCommand:
        if not isinstance(timer.then, CheckActivity):
            return timer.then
        count = bisect_right(self._seen, max(timer.at, self._moment))
        return ReportActivity(last_active_at=self._seen[count - 1] if count else None)

    def _give(self, step: Step) -> None:
        try:
            self._obey(self._found(COMMANDS[step.command].model_validate(step.input)), step.at)
        except Rejected as refusal:
            self._add([CommandRejected(at=self._moment, command=step.command, reason=str(refusal))])

    def _found(self, command: NamedCommand) -> JourneyCommand:
        if isinstance(command, MoveToKit) and self._other and command.kit == self._other.digest:
            return AdoptKit(by=command.by, digest=command.kit, content=self._other, reason=command.reason)
        return command

    def _obey(self, command: JourneyCommand, at: datetime) -> None:
        self._moment = max(at, self._moment)
        self._add(decide(self._kit, self._state, command, self._moment))
        if isinstance(command, AdoptKit):
            self._kit = command.content

    def _add(self, events: Sequence[JourneyEvent]) -> None:
        self.events += events
        self._state = fold(events, self._state)


def assert_agrees(state: JourneyState, record: Record) -> None:
    assert state.closing
    assert (state.closing.ending == "withdrawn") == record.withdrew
    assert [one.value for one in state.outcomes] == [record.result]
    handed_in = {one.milestone: one for one in state.milestones if one.status != "open"}
    assert {name.removeprefix("tma-"): one.score for name, one in handed_in.items()} == record.work
    for assessment, score in record.work.items():
        status = handed_in[MilestoneId(f"tma-{assessment}")].status
        assert status == ("submitted" if score is None else "passed" if score >= 40 else "failed")
