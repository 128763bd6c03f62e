"""Journeys of simulated people by the rules of a kit alone, one at a time; matched as soon as they wait for it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush

from domain.ids import JourneyId, LearnerId, MentorId
from domain.journey import (
    COMMANDS,
    CheckActivity,
    JourneyCommand,
    JourneyState,
    Rejected,
    StartJourney,
    Wait,
    decide,
    fold,
    next_action,
)
from domain.journey.commands import ApproveMatch, OfferMatch, ReportActivity
from domain.journey.duties import NamesAwaited
from domain.kit import Kit
from domain.values import EARLIEST, Event
from rehearsal.people.person import Act, Arrival, People, Seen


@dataclass
class Lived:
    learner: LearnerId
    events: list[Event] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    state: JourneyState | None = None


def live(kit: Kit, people: People, arrival: Arrival, mentor: str) -> Lived:
    one = _Living(kit, people, arrival.learner)
    one.obey(StartJourney(by="system", program=kit.program_id, learner=arrival.learner, kit=kit.digest), arrival.at)
    while one.step(mentor):
        pass
    return one.lived


class _Living:
    def __init__(self, kit: Kit, people: People, learner: LearnerId) -> None:
        self.kit, self.people, self.lived = kit, people, Lived(learner)
        self.journey = JourneyId(f"{kit.program}.{learner}")
        self.acts: list[tuple[datetime, int, Act]] = []
        self.asked = 0
        self.now = EARLIEST
        self.found: JourneyState | None = None

    def step(self, mentor: str) -> bool:
        state = self.lived.state
        assert state
        action = next_action(self.kit, state)
        if not isinstance(action, Wait):
            return False
        if (
            state.stage != "closed"
            and state.mentor is None
            and state.pathway
            and not (state.offer or state.pause or self.found == state)
        ):
            self._find(MentorId(mentor))
            return True
        timer = action.next_timer
        if self.acts and (timer is None or self.acts[0][0] < timer.at):
            self._act(heappop(self.acts)[2])
        elif timer:
            seen = self.people.last_active(self.lived.learner, timer.at)
            looked = isinstance(timer.then, CheckActivity)
            self.obey(ReportActivity(last_active_at=seen) if looked else timer.then, timer.at)  # type: ignore[arg-type]
        return bool(timer or self.acts)

    def _find(self, mentor: MentorId) -> None:
        """At once, as often as it takes."""
        self.found = self.lived.state
        match = OfferMatch if self.kit.matching.asks else ApproveMatch
        try:
            self.obey(match(mentor=mentor, reason="free", past_capacity=True), self.now)
        except Rejected as refusal:
            self.lived.refused[f"{match.name}: {refusal.code}"] += 1

    def _act(self, act: Act) -> None:
        assert self.lived.state
        if act.about and act.about not in NamesAwaited(self.lived.state):
            return
        if not self.people.stands(self.lived.learner, act):
            return
        try:
            self.obey(COMMANDS[act.command].model_validate(act.input), act.at)
        except Rejected as refusal:
            self.lived.refused[f"{act.command}: {refusal.code}"] += 1

    def obey(self, command: JourneyCommand, at: datetime) -> None:
        events: Sequence[Event] = decide(self.kit, self.lived.state, command, at)
        self.now = max(at, self.now)
        if not events:
            return
        self.lived.events += events
        self.lived.state = fold(events, self.lived.state)
        assert self.lived.state
        for act in self.people.acts(Seen(self.journey, self.kit, self.lived.state, events), at):
            assert act.at >= at, (act, at)
            self.asked += 1
            heappush(self.acts, (act.at, self.asked, act))
