"""The programs that ship and their scenarios, and one in which journeys are moved; how a timeline is written down."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

from domain.ids import LearnerId
from domain.journey import JourneyEvent, JourneyState
from domain.journey.events import MovedToKit
from domain.kit import Kit
from kits.loading import load_kit
from projections.views.timeline import in_words, says_nothing, setting_after
from scenarios.format import Scenario, Step
from scenarios.reading import read_scenario
from tests.scenario import told

PROGRAMS = Path(__file__).parents[2] / "programs"
NAMES = sorted(one.parent.name for one in PROGRAMS.glob("*/program.yaml"))
MOVED = Path(__file__).parent / "moved"
"""A scenario whose journeys are moved to the next version of their kit: in the sessions, in a pause, at the intake."""
TOLD = (*NAMES, MOVED.name)
GOLDEN = Path(__file__).parents[1] / "golden" / "timelines"


@cache
def scenario_of(program: str) -> Scenario:
    following = next_version(program)
    if following is None:
        return read_scenario(PROGRAMS / program / "scenario")
    scenario = read_scenario(MOVED)
    scripts = (
        replace(script, steps=tuple(_to(following, step) for step in script.steps)) for script in scenario.scripts
    )
    return replace(scenario, scripts=tuple(scripts))


def _to(kit: Kit, step: Step) -> Step:
    """The file says `next` where the digest belongs."""
    return replace(step, input={**step.input, "kit": kit.digest}) if step.command == "move_to_kit" else step


@cache
def next_version(program: str) -> Kit | None:
    """What its journeys are moved to, if they are."""
    return load_kit(MOVED / "next") if program == MOVED.name else None


@cache
def by_the_rules(program: str) -> dict[LearnerId, tuple[Sequence[JourneyEvent], JourneyState]]:
    """Every journey of the scenario, as the rules alone have it."""
    following = next_version(program)
    return {**told.by_the_rules(scenario_of(program), *((following,) if following else ()))}


def events_of(program: str) -> Iterator[JourneyEvent]:
    for events, _ in by_the_rules(program).values():
        yield from events


def timelines_by_the_rules(program: str) -> str:
    return "\n".join(
        timeline(learner, _in_words(program, events)) for learner, (events, _) in by_the_rules(program).items()
    )


def _in_words(program: str, events: Sequence[JourneyEvent]) -> Iterator[tuple[datetime, str]]:
    kit, setting = scenario_of(program).kit, None
    for one in events:
        setting = setting_after(setting, one)
        if isinstance(one, MovedToKit):
            kit = next_version(program) or kit
        if not says_nothing(one):
            yield one.at, in_words(kit, setting, one)


def timeline(learner: LearnerId, told: Iterable[tuple[datetime, str]]) -> str:
    return f"{learner}\n" + "".join(f"  {at:%d %b %Y %H:%M}  {words}\n" for at, words in told)


def golden(program: str) -> Path:
    return GOLDEN / f"{program}.txt"
