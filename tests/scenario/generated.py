"""Scenarios that a seed makes: a program with some values changed, a few learners for too few places, people who behave
as in a rehearsal, and what else they might say at any time.

They are written down as they are played by the pure player, so that most of what is done fits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from domain.ids import LearnerId, journey_id
from domain.journey import COMMANDS, JourneyEvent
from domain.journey.duties import NamesAwaited
from domain.kit import Kit
from domain.matching.pooling import is_unmatched
from domain.mentor.profile import ProfileChanges
from kits.loading import load_kit
from kits.setting import with_values
from rehearsal import telling
from rehearsal.people.behaving import Behaving, Crowd
from rehearsal.people.person import Act, Seen
from rehearsal.player.journey import PlayedJourney
from rehearsal.player.mentors import PlayedMentors
from rehearsal.player.recording import Append
from rehearsal.player.stories import Story
from scenarios.format import ActiveDay, Scenario, Script, Step
from services.mentors import MentorEntry
from store.people import Person
from tests.domain.stories import NOON

PROGRAMS = Path(__file__).parents[2] / "programs"
_DAY = timedelta(days=1)
_MOST_STEPS = 30
_UNASKED: Sequence[tuple[str, dict[str, Any]]] = (
    ("pause", {"reason": "ill"}),
    ("resume", {}),
    ("ask_for_help", {"notes": "stuck"}),
    ("raise_risk_flag", {"flag": "ill"}),
    ("give_feedback", {"confidence": 2}),
    ("release_mentor", {"reason": "moved away"}),
    ("reset_pathway", {"reason": "another goal"}),
    ("withdraw_offer", {"reason": "a mistake"}),
    ("withdraw", {"reason": "no time"}),
    ("reopen", {"reason": "a mistake"}),
    ("approve_match", {"mentor": "nobody"}),
)


@cache
def _kits() -> Sequence[Kit]:
    return [load_kit(one.parent) for one in sorted(PROGRAMS.glob("*/program.yaml"))]


def generated(seed: int) -> Scenario:
    chance = Random(seed)  # noqa: S311 - nothing secret
    settings = (
        f"program=made-{seed}",
        f"capacity.learners_per_mentor={chance.randint(1, 2)}",
        f"capacity.overflow={chance.choice(['wait', 'past_target', 'past_limit'])}",
        f"matching.asks={chance.choice(['[]', '[mentor]', '[learner]', '[mentor, learner]'])}",
    )
    kit = with_values(chance.choice(_kits()), settings)
    begins_at = kit.starts_at - 14 * _DAY if kit.starts_at else NOON
    learners = chance.randint(2, 4)
    crowd = Crowd(kit, seed, 0, learners, 2, begins_at, 6 * _DAY)
    return _Writing(kit, crowd, chance).scenario()


@dataclass
class _Journey:
    played: PlayedJourney
    begins_at: datetime
    active: tuple[ActiveDay, ...]
    steps: list[Step] = field(default_factory=list)


class _Writing:
    """Plays the people's acts in the order of time, and writes down what is given."""

    def __init__(self, kit: Kit, crowd: Crowd, chance: Random) -> None:
        self._kit, self._chance, self._begins_at = kit, chance, crowd.begins_at
        self._people = Behaving(crowd)
        self._mentors = [
            MentorEntry(
                Person(f"{one.mentor}-of-{kit.program}", "mentor", one.mentor, time_zone=one.time_zone),
                ProfileChanges.model_validate(one.profile.made | ({"places": 1} if chance.random() < 0.3 else {})),
            )
            for one in self._people.mentors()
        ]
        self._ledgers = PlayedMentors(lambda _: None)
        self._ledgers.add(kit.program_id, telling.mentors(self._mentors), crowd.begins_at, "system")
        self._number = count()
        self._queue: list[tuple[datetime, int, LearnerId, Act]] = []
        self._journeys: dict[LearnerId, _Journey] = {}
        self._persons: list[Person] = []

    def scenario(self) -> Scenario:
        for arrival in self._people.learners():
            self._begin(arrival.learner, arrival.at, arrival.time_zone)
        while self._queue:
            at, _, learner, act = heappop(self._queue)
            for other in self._journeys.values():
                if other.played.has_begun:
                    other.played.pass_time(at)
            self._act(self._journeys[learner], at, act)
        scripts = [
            Script(learner, one.begins_at, tuple(sorted(one.steps, key=lambda step: step.at)))
            for learner, one in self._journeys.items()
        ]
        return Scenario(
            kit=self._kit,
            learners=tuple(self._persons),
            mentors=tuple(self._mentors),
            scripts=tuple(scripts),
            activity={learner: one.active for learner, one in self._journeys.items()},
        )

    def _begin(self, learner: LearnerId, at: datetime, zone: str | None) -> None:
        self._persons.append(Person(learner, "learner", learner, time_zone=zone))
        journey = journey_id(self._kit.program_id, learner)
        days = sorted(self._chance.sample(range(100), self._chance.randint(1, 30)))
        active = tuple(ActiveDay((at + day * _DAY).date(), 1, 1) for day in days)
        story = Story(journey, learner, at, active=[one.fact.at for one in active])
        played = PlayedJourney(
            journey, learner, self._kit, places=self._ledgers, record=self._heard, last_active=story.last_active
        )
        self._journeys[learner] = _Journey(played, at, active)
        self._put(learner, at, Act(at, "begin", {}))
        for _ in range(3):
            name, given = self._chance.choice(_UNASKED)
            self._put(learner, at + self._chance.uniform(1, 60) * _DAY, Act(at, name, given))
        for nth in range(1, 40, 2):
            mentor = {"mentor": self._chance.choice(self._mentors).person.person_id}
            self._put(learner, at + nth * _DAY, Act(at, "match", mentor))

    def _put(self, learner: LearnerId, at: datetime, act: Act) -> None:
        heappush(self._queue, (at.replace(microsecond=0), next(self._number), learner, act))

    def _act(self, one: _Journey, at: datetime, act: Act) -> None:
        if act.command == "begin":
            one.played.begin(at)
            return
        state = one.played.state
        if len(one.steps) >= _MOST_STEPS or (act.about and act.about not in NamesAwaited(state)):
            return
        name = act.command
        if name == "match":
            if not is_unmatched(state):
                return
            name = "offer_match" if self._kit.matching.asks else "approve_match"
        one.steps.append(Step(at, name, act.input))
        one.played.give(COMMANDS[name].model_validate(act.input), at)

    def _heard(self, append: Append) -> None:
        events: Sequence[JourneyEvent] = append.events  # type: ignore[assignment]
        one = next(one.played for one in self._journeys.values() if one.played.stream == append.stream)
        for act in self._said(Seen(one.id, one.kit, one.state, events), one.now):
            self._put(one.learner, max(act.at, one.now) + timedelta(seconds=1), act)

    def _said(self, seen: Seen, at: datetime) -> Iterator[Act]:
        """With dates as a file has them."""
        for act in self._people.acts(seen, at):
            given = COMMANDS[act.command].model_validate(act.input).model_dump(mode="json", exclude_unset=True)
            yield act._replace(input=given)
