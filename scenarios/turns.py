"""The order in which journeys of a play ask for places with mentors whom they share.

Each journey is played by a clock of its own. Where one of them asks for a place with a mentor, all others that ask for
the same mentor are taken to that moment first, and wait there: what they have recorded by then, and nothing later,
decides whether there is a place.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from scenarios.format import Scenario, Step

SURVEYS = frozenset({"ask_surveys", "answer_survey"})
"""Lines of the program that keep no journey waiting: surveys change nothing in journeys, and are played after them."""
_ASKS = ("offer_match", "approve_match")


@dataclass(eq=False)
class Turn:
    """One journey's moment with a mentor, or a moment of the whole program."""

    at: datetime
    number: int
    """Of the journey's script: of one moment, the earlier script comes first. -1: what is done in the program as a
    whole comes before them all."""
    step: int
    """Of that script, or of the program."""
    others: frozenset[int]
    """The scripts that are under way by then and ask for the same mentor."""
    done: asyncio.Event = field(default_factory=asyncio.Event)
    _arrived: set[int] = field(default_factory=set)
    _all_arrived: asyncio.Event = field(default_factory=asyncio.Event)

    def arrive(self, number: int) -> None:
        """The journey of this script has come to the moment, or has ended."""
        self._arrived.add(number)
        if self._arrived >= self.others:
            self._all_arrived.set()

    async def come(self) -> None:
        """Returns once all others have arrived."""
        if self.others:
            await self._all_arrived.wait()


@dataclass(frozen=True, slots=True)
class Stop:
    """A script's own step, or a moment at which it waits for another one."""

    at: datetime
    step: Step | None
    turn: Turn | None


def program_turns(scenario: Scenario) -> list[Turn]:
    """A turn for each line of the program: all journeys that have begun are taken to that moment, and wait there."""
    return [
        Turn(line.at, -1, nth, frozenset(n for n, one in enumerate(scenario.scripts) if one.begins_at < line.at))
        for nth, line in enumerate(scenario.program)
        if line.command not in SURVEYS
    ]


def stops(scenario: Scenario, program: Sequence[Turn] = ()) -> list[list[Stop]]:
    """Of each script, in the order of time. `program`: the turns of the whole program."""
    turns = [*program, *_turns(scenario)]
    own = {(one.number, one.step): one for one in turns}
    visits: dict[int, list[Turn]] = defaultdict(list)
    for turn in turns:
        for number in turn.others:
            visits[number].append(turn)
    found = []
    for number, script in enumerate(scenario.scripts):
        agenda = [
            ((step.at, number), Stop(step.at, step, own.get((number, nth)))) for nth, step in enumerate(script.steps)
        ]
        agenda += [((turn.at, turn.number), Stop(turn.at, None, turn)) for turn in visits[number]]
        found.append([stop for _, stop in sorted(agenda, key=lambda one: one[0])])
    return found


def _turns(scenario: Scenario) -> list[Turn]:
    asks: dict[str, list[tuple[datetime, int, int]]] = defaultdict(list)
    for number, script in enumerate(scenario.scripts):
        for nth, step in enumerate(script.steps):
            if step.command in _ASKS and "mentor" in step.input:
                asks[str(step.input["mentor"])].append((step.at, number, nth))
    return [
        Turn(at, number, nth, _others(scenario, those, at, number))
        for mentor, those in asks.items()
        if _may_be_refused(scenario, mentor, those)
        for at, number, nth in those
    ]


def _others(
    scenario: Scenario, those: Sequence[tuple[datetime, int, int]], at: datetime, number: int
) -> frozenset[int]:
    asking = {other for _, other, _ in those}
    return frozenset(one for one in asking if one != number and scenario.scripts[one].begins_at <= at)


def _may_be_refused(scenario: Scenario, mentor: str, those: Sequence[tuple[datetime, int, int]]) -> bool:
    """Not where there are places for everybody who ever asks and minutes have no limit: then nobody need wait."""
    capacity, many = scenario.kit.capacity, len({number for _, number, _ in those})
    if many == 1 or not any(one.person.person_id == mentor for one in scenario.mentors):
        return False
    profile = next(one.changes for one in scenario.mentors if one.person.person_id == mentor)
    places = min(capacity.learners_per_mentor, many if profile.places is None else profile.places)
    limits_minutes = bool(capacity.minutes_a_week and capacity.costs) or profile.minutes_a_week is not None
    return limits_minutes or many > places * capacity.target_utilization
