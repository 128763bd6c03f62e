"""What goes with good ends: a planted association is found, and where there is none, nothing is."""

from datetime import timedelta

import numpy as np
import pytest

from analysis.clustered import Cell
from analysis.samples import Counted, Summary
from domain.ids import ProgramId
from domain.journey import JourneyEvent
from domain.journey import events as e
from projections.associating import PathwayOfLevel
from projections.runner import catch_up
from queries.measures.associations import associations
from queries.measures.behaviors import BEHAVIORS, MOMENTUM, behaviors
from queries.measures.pathways import by_level
from runtime.exits import Exit
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.commands import Trellis
from tests.projections.stories import AT, DAY, KIT, publish, tell
from tests.support.deliveries import LONG, S1, TALK, follow_up, held, told

MENTORS, EACH = 14, 4
NONE = Summary(0, 0.0, 0.0)


def drawn(seed: int, *, effect: float) -> dict[tuple[str, str], list[Cell]]:
    """Fourteen mentors with eight learners each; mentors differ in how they are and in how their learners fare."""
    draw = np.random.default_rng(seed)
    cells: dict[tuple[str, str], list[Cell]] = {}
    for mentor in range(14):
        own = draw.normal(0.6, 0.1, len(MOMENTUM))
        for behavior in BEHAVIORS:
            often = draw.uniform(0.1, 0.9)
            shown = draw.random(8) < often
            for place, momentum in enumerate(MOMENTUM):
                planted = effect if (behavior, momentum) == ("follow_up", "active_weeks") else 0.0
                for one in shown:
                    value = float(np.clip(own[place] + planted * one + draw.normal(0, 0.15), 0, 1))
                    cell = Cell(mentor, int(draw.integers(3)), bool(one), 1, value)
                    cells.setdefault((behavior, momentum), []).append(cell)
    return cells


def test_a_planted_association_is_found_and_where_there_is_none_nothing_is() -> None:
    """Of 100 draws without any association at most 5 or so may show one of fifteen, by chance."""
    false = [seed for seed in range(100) if any(one.stands_out for one in behaviors(drawn(seed, effect=0.0))[0])]
    assert len(false) <= 6
    found = 0
    for seed in range(20):
        those = [one for one in behaviors(drawn(seed, effect=0.2))[0] if one.stands_out]
        found += any((one.behavior, one.momentum) == ("follow_up", "active_weeks") for one in those)
    assert found >= 18


def test_of_few_mentors_or_journeys_nothing_is_said() -> None:
    three = {("notes", "stayed"): [Cell(mentor, 0, mentor < 2, 50, 40.0) for mentor in range(4)]}
    (only,) = [one for one in behaviors(three)[0] if (one.behavior, one.momentum) == ("notes", "stayed")]
    assert (only.difference, only.stands_out, only.showing.n, only.showing.value) == (None, False, 100, 0.8)


def level(segment: str, pathway: str, version: str, completed: tuple[int, int]) -> PathwayOfLevel:
    return PathwayOfLevel(segment, pathway, version, Counted(*completed), Counted(0, 0), Counted(0, 0), NONE)


def test_a_pathway_is_compared_with_others_of_the_level_within_versions() -> None:
    """The short pathway looks worse for beginners only because it was offered when the program was worse."""
    rows = [
        *(level("new", "short", "1", (40, 80)), level("new", "long", "1", (10, 20))),
        *(level("new", "short", "2", (18, 20)), level("new", "long", "2", (72, 80))),
        *(level("old", "short", "1", (45, 50)), level("old", "long", "1", (10, 50))),
        level("other", "long", "1", (10, 50)),
    ]
    found = {(one.level, one.pathway): one for one in by_level(rows, {"new": "Beginners"}) if one.end == "completed"}
    new = found["new", "short"]
    assert (new.level_title, new.here.value, new.others.value) == ("Beginners", 0.58, 0.82)
    assert new.difference
    assert new.difference.estimate == pytest.approx(0)
    assert not new.stands_out
    assert found["old", "short"].stands_out
    assert found["other", "long"].difference is None, "everybody of this level takes the same"


def journey_with(number: int, mentor: str, *, prompt: bool) -> list[JourneyEvent]:
    """Learners of prompt mentors are seen every week, the others hardly."""
    days = range(10, 60, 7) if prompt else (15,)
    said: list[JourneyEvent] = [e.HelpAsked(at=AT + day * DAY, notes="?") for day in days]
    late = 1 if prompt else 9
    events = [held(S1, 9, owed=2), follow_up(S1, 9 + late), held(TALK, 21, owed=2), follow_up(TALK, 21 + late), *said]
    return told(number, mentor, *sorted(events, key=lambda one: one.at))


@pytest.fixture
async def log(pool: Pool, dsn: str) -> None:
    for kit in (KIT, LONG):
        await publish(pool, kit)
    for number in range(MENTORS * EACH):
        mentor = number % MENTORS
        await tell(EventLog(pool), number, journey_with(number, f"mentor-{mentor}", prompt=mentor % 2 == 0))
    await sequencer.drain(dsn)
    await catch_up(dsn)


@pytest.mark.usefixtures("log")
async def test_counted_from_the_log_and_shown(pool: Pool, trellis: Trellis) -> None:
    found = await associations(pool, ProgramId("ready"), as_of=AT + timedelta(days=70))
    (one,) = [one for one in found.behaviors if (one.behavior, one.momentum) == ("follow_up", "active_weeks")]
    assert (one.showing.n, one.lacking.n, one.mentors_showing, one.mentors_lacking) == (28, 28, 7, 7)
    assert one.stands_out
    assert one.difference
    assert one.difference.estimate > 0.4
    assert not [one for one in found.behaviors if one.behavior == "check_ins" and one.difference]
    shown = await trellis("associations", "ready")
    assert shown.exit == Exit.OK, shown
    assert "Sends at least 3 of 4 follow-ups in time" in shown.out
    assert "mentor-" not in shown.out
    assert (await trellis("associations", "ready", "--json")).json["least_mentors"] == 5
