"""Scenarios that a seed makes: a program with some values changed, a few learners for too few places, people who behave
as in a rehearsal, and what else they might say at any time.

They are written down as they are played by the pure player, so that most of what is done fits.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from domain.cohort import CohortState
from domain.ids import CohortId, LearnerId, journey_id
from domain.journey import COMMANDS, JourneyEvent
from domain.journey.duties import NamesAwaited
from domain.kit import Kit
from domain.matching.pooling import is_unmatched
from domain.mentor.profile import ProfileChanges
from domain.refusal import Rejected
from kits.loading import load_kit
from kits.setting import with_values
from rehearsal import telling
from rehearsal.people.behaving import Behaving, Crowd
from rehearsal.people.person import Act, Asking, Reply, Seen
from rehearsal.player.conducting import Conductor, ProgramAct
from rehearsal.player.journey import PlayedJourney
from rehearsal.player.mentors import PlayedMentors
from rehearsal.player.recording import Append
from rehearsal.player.stories import Story
from scenarios.format import ActiveDay, ProgramLine, Scenario, Script, Step
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


def with_a_program(seed: int, learners: int = 7) -> Scenario:
    """Of so many learners, with rounds of matching, groups that meet, and surveys that are answered."""
    chance = Random(seed)  # noqa: S311 - nothing secret
    settings = (
        f"program=whole-{seed}",
        "capacity.learners_per_mentor=4",
        f"matching.asks={chance.choice(['[]', '[mentor]', '[learner]'])}",
        f"cohorts.by={chance.choice(['[]', '[problem_type]'])}",
        f"cohorts.common_hours={chance.choice(['true', 'false'])}",
        "cohorts.mentors=1",
        "cohorts.least=2",
        "matching.rules=[]",
    )
    kits = _kits()
    kit = with_values(kits[seed % len(kits)], settings)
    begins_at = kit.starts_at - 14 * _DAY if kit.starts_at else NOON
    crowd = Crowd(kit, seed, 0, learners, 4, begins_at, 3 * _DAY)
    return _Writing(kit, crowd, chance, with_program=True).scenario()


def with_silences(seed: int, learners: int = 6, until: int = 40) -> Scenario:
    """Of so many learners, who are held against each other by what is measured every other day, until this day."""
    chance = Random(seed)  # noqa: S311 - nothing secret
    plain = chance.choice(_kits())
    rule = {
        "id": "quieter",
        "title": "Quieter than others",
        "when": {"quieter_than": chance.choice([50, 60, 75]), "quiet_for": f"{chance.randint(2, 5)} days"},
        "then": {"nudge": "mentor"},
        "later": [{"after": "3 days", "then": {"open_case": "ops", "respond_within": "2 days"}}],
    }
    rules = [*plain.model_dump(mode="json")["escalations"], rule]
    settings = (
        f"program=silent-{seed}",
        f"escalations={json.dumps(rules)}",
        "capacity.learners_per_mentor=6",
        "matching.asks=[]",
        "matching.rules=[]",
    )
    kit = with_values(plain, settings)
    begins_at = kit.starts_at - 14 * _DAY if kit.starts_at else NOON
    crowd = Crowd(kit, seed, 0, learners, 2, begins_at, 3 * _DAY)
    return _Writing(kit, crowd, chance, measures_until=until).scenario()


@dataclass
class _Journey:
    played: PlayedJourney
    begins_at: datetime
    active: tuple[ActiveDay, ...]
    steps: list[Step] = field(default_factory=list)


class _Writing:
    """Plays the people's acts in the order of time, and writes down what is given."""

    def __init__(
        self, kit: Kit, crowd: Crowd, chance: Random, *, with_program: bool = False, measures_until: int = 0
    ) -> None:
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
        self._lines: list[ProgramLine] = []
        self._with_program, self._measures_until = with_program, measures_until
        self._most_steps = _MOST_STEPS // 2 if measures_until else _MOST_STEPS
        self._conductor = _Asked(kit, self._ledgers, self._people, self._lines)
        self._program: list[tuple[datetime, int, ProgramLine]] = []
        self._queue: list[tuple[datetime, int, LearnerId, Act]] = []
        self._journeys: dict[LearnerId, _Journey] = {}
        self._persons: list[Person] = []

    def scenario(self) -> Scenario:
        for arrival in self._people.learners():
            # Whoever is asked has one stream over all programs, and these are played in one log.
            name = f"{arrival.learner}-of-{self._kit.program}" if self._with_program else arrival.learner
            self._begin(LearnerId(name), arrival.at, arrival.time_zone)
        if self._with_program:
            self._plan_program()
        self._plan_measurements()
        while self._queue or self._program:
            if self._program and (not self._queue or self._program[0][0] <= self._queue[0][0]):
                at, _, line = heappop(self._program)
                self._pass_time(at)
                self._conduct(line)
                continue
            at, _, learner, act = heappop(self._queue)
            self._pass_time(at)
            self._act(self._journeys[learner], at, act)
        self._conductor.ask_to_the_end()
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
            program=tuple(sorted(self._lines, key=lambda line: line.at)),
        )

    def _pass_time(self, at: datetime) -> None:
        for other in self._journeys.values():
            if other.played.has_begun:
                other.played.pass_time(at)
        self._conductor.ask_until(at)

    # The program

    def _plan_program(self) -> None:
        begins = self._begins_at + timedelta(seconds=17)
        self._plan(ProgramLine(at=begins, command="ask_surveys"))
        for day in (5, 8, 11, 19):
            at = begins + day * _DAY + self._chance.randint(0, 80_000) * timedelta(seconds=1)
            self._plan(ProgramLine(at=at, command="hold_round"))
        for day in (9, 16):
            self._plan(ProgramLine(at=begins + day * _DAY, command="form_groups"))

    def _plan_measurements(self) -> None:
        """In the afternoon: what is active on a day has been so at noon."""
        first = (self._kit.starts_at or self._begins_at).replace(hour=15, minute=0, second=11)
        for day in range(8, self._measures_until, 2):
            named = {"measurement": f"day-{day}"}
            self._plan(ProgramLine(at=first + day * _DAY, command="measure_silences", input=named))

    def _plan(self, line: ProgramLine) -> None:
        heappush(self._program, (line.at, next(self._number), line))

    def _conduct(self, line: ProgramLine) -> None:
        self._lines.append(line)
        before = set(self._conductor.groups)
        act = ProgramAct(line.at, telling.deed(line))
        with suppress(Rejected):
            self._conductor.do(act)
        for name in sorted(self._conductor.groups.keys() - before):
            self._plan_meetings(name, self._conductor.groups[name])

    def _plan_meetings(self, name: CohortId, state: CohortState) -> None:
        """What its mentor records, some of it for one in another way; and one session is moved."""
        learners = sorted(state.members)
        for nth, one in enumerate(state.meetings):
            at = one.starts_at + timedelta(hours=5, seconds=29)
            other = [{"learner": self._chance.choice(learners), "attendance": "missed_by_learner"}]
            said = {"session": one.session, "exceptions": other if self._chance.random() < 0.5 else []}
            self._plan(ProgramLine(at=at, command="record_attendance", cohort=name, input=said))
            step = {"text": "Try it.", "due_at": (at + 4 * _DAY).isoformat()}
            said = {"session": one.session, "summary": "We spoke.", "next_steps": [step]}
            self._plan(ProgramLine(at=at + timedelta(hours=3), command="send_follow_up", cohort=name, input=said))
            if nth == 1:
                moved = {"session": one.session, "starts_at": (one.starts_at + timedelta(hours=2)).isoformat()}
                self._plan(ProgramLine(at=one.starts_at - 2 * _DAY, command="move_session", cohort=name, input=moved))
        if self._chance.random() < 0.5:
            left = {"learner": learners[0], "reason": "another evening"}
            at = state.meetings[0].starts_at + _DAY
            self._plan(ProgramLine(at=at, command="remove_member", cohort=name, input=left))

    def _begin(self, learner: LearnerId, at: datetime, zone: str | None) -> None:
        self._persons.append(Person(learner, "learner", learner, time_zone=zone))
        journey = journey_id(self._kit.program_id, learner)
        days = sorted(self._chance.sample(range(100), self._chance.randint(1, 30)))
        active = tuple(ActiveDay((at + day * _DAY).date(), 1, 1) for day in days)
        story = Story(journey, learner, at, active=[one.fact.at for one in active])
        played = PlayedJourney(
            journey,
            learner,
            self._kit,
            places=self._ledgers,
            record=self._heard,
            last_active=story.last_active,
            others=lambda pathway: self._conductor.silences.others(pathway, played.now),
            heard=self._conductor.heard,
        )
        self._conductor.take(played, zone)
        self._journeys[learner] = _Journey(played, at, active)
        self._put(learner, at, Act(at, "begin", {}))
        for _ in range(3):
            name, given = self._chance.choice(_UNASKED)
            self._put(learner, at + self._chance.uniform(1, 60) * _DAY, Act(at, name, given))
        for nth in () if self._with_program else range(1, 40, 2):
            mentor = {"mentor": self._chance.choice(self._mentors).person.person_id}
            self._put(learner, at + nth * _DAY, Act(at, "match", mentor))

    def _put(self, learner: LearnerId, at: datetime, act: Act) -> None:
        heappush(self._queue, (at.replace(microsecond=0), next(self._number), learner, act))

    def _act(self, one: _Journey, at: datetime, act: Act) -> None:
        if act.command == "begin":
            one.played.begin(at)
            return
        state = one.played.state
        if len(one.steps) >= self._most_steps or (act.about and act.about not in NamesAwaited(state)):
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


class _Asked(Conductor):
    """Whose people answer surveys, which is written down."""

    def __init__(self, kit: Kit, mentors: PlayedMentors, people: Behaving, lines: list[ProgramLine]) -> None:
        super().__init__(kit, mentors, lambda _: None)
        self._people, self._lines = people, lines

    def _reply(self, asking: Asking, at: datetime) -> Reply | None:
        reply = self._people.reply(asking, at)
        if reply:
            said = {"request": asking.request, "answers": dict(reply.answers), "by": reply.by}
            self._lines.append(ProgramLine(at=reply.at, command="answer_survey", input=said))
        return reply
