"""The programs that ship and their scenarios, and how a timeline is written down."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

from domain.ids import LearnerId, PathwayId
from domain.journey import JourneyEvent, JourneyState
from domain.journey.events import IntakeApproved, PathwayChosenAnew
from interfaces.scenario.format import Scenario
from interfaces.scenario.reading import read_scenario
from projections.timeline import in_words
from tests.scenario.oracle import Oracle

PROGRAMS = Path(__file__).parents[2] / "programs"
NAMES = sorted(one.parent.name for one in PROGRAMS.glob("*/program.yaml"))
GOLDEN = Path(__file__).parents[1] / "golden" / "timelines"


@cache
def scenario_of(program: str) -> Scenario:
    return read_scenario(PROGRAMS / program / "scenario")


@cache
def by_the_rules(program: str) -> dict[LearnerId, tuple[Sequence[JourneyEvent], JourneyState]]:
    """Every journey of the scenario, as the rules alone have it."""
    scenario = scenario_of(program)
    oracles = {script.learner: Oracle(scenario, script) for script in scenario.scripts}
    return {learner: (oracle.events, oracle.state) for learner, oracle in oracles.items()}


def events_of(program: str) -> Iterator[JourneyEvent]:
    for events, _ in by_the_rules(program).values():
        yield from events


def timelines_by_the_rules(program: str) -> str:
    kit = scenario_of(program).kit
    return "\n".join(
        timeline(learner, ((one.at, in_words(kit, pathway, one)) for one, pathway in _with_pathway(events)))
        for learner, (events, _) in by_the_rules(program).items()
    )


def _with_pathway(events: Sequence[JourneyEvent]) -> Iterator[tuple[JourneyEvent, PathwayId | None]]:
    pathway: PathwayId | None = None
    for one in events:
        if isinstance(one, IntakeApproved | PathwayChosenAnew):
            pathway = one.pathway
        yield one, pathway


def timeline(learner: LearnerId, told: Iterable[tuple[datetime, str]]) -> str:
    return f"{learner}\n" + "".join(f"  {at:%d %b %Y %H:%M}  {words}\n" for at, words in told)


def golden(program: str) -> Path:
    return GOLDEN / f"{program}.txt"
