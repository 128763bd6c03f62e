"""What the scenarios of the programs that ship come to, in words: by the rules alone, and played on real servers.

After a change of a kit, a scenario or the words, `python -m tests.programs.test_timelines` writes the golden files
anew; their diff is what to look at.
"""

import asyncio
from itertools import zip_longest
from pathlib import Path

import pytest

from domain.ids import LearnerId
from kits.loading import publish
from projections.runner import catch_up
from projections.views import timeline as view
from scenarios.playing import Player
from scenarios.rehearsing import whole_board
from scenarios.servers import Servers, servers
from store.sequencer import drain
from tests.programs.playing import (
    TOLD,
    by_the_rules,
    golden,
    next_version,
    scenario_of,
    timeline,
    timelines_by_the_rules,
)
from tests.scenario.told import normalised, streams_by_the_rules, streams_in_the_log


@pytest.mark.parametrize("program", TOLD)
def test_by_the_rules_the_journeys_go_as_they_are_told(program: str) -> None:
    assert golden(program).exists(), "run `python -m tests.programs.test_timelines`, and read what it writes"
    assert timelines_by_the_rules(program).splitlines() == golden(program).read_text().splitlines()


async def test_played_on_real_servers_the_journeys_go_as_they_are_told(tmp_path: Path) -> None:
    """All programs at one time, on one Temporal and one log."""
    async with servers(tmp_path / "play", print) as on:
        players = [Player(scenario_of(program), on.environment, on.pool) for program in TOLD]
        for player in players:
            await player.prepare()
        for following in filter(None, map(next_version, TOLD)):
            await publish(on.pool, following)
        await asyncio.gather(*(player.play() for player in players))
        assert [one for program in TOLD for one in await _differing(program, on)] == []  # before the log is followed
        await drain(on.dsn)
        await catch_up(on.dsn)
        for program in TOLD:
            assert (await _timelines(program, on)).splitlines() == golden(program).read_text().splitlines()
            assert await _endings(program, on) == {
                learner: state.closing.ending if state.closing else None
                for learner, (_, state) in by_the_rules(program).items()
            }
        assert on.worker.restarts == 0


async def _timelines(program: str, on: Servers) -> str:
    """As the view has them."""
    scenario = scenario_of(program)
    told = []
    for script in scenario.scripts:
        entries = await view.of_journey(on.pool, scenario.journey(script.learner))
        told.append(timeline(script.learner, ((one.at, one.words) for one in entries)))
    return "\n".join(told)


async def _differing(program: str, on: Servers) -> list[str]:
    """The streams of journeys and mentors that are not what the rules alone have, event by event."""
    following = next_version(program)
    told = normalised(streams_by_the_rules(scenario_of(program), *((following,) if following else ())))
    real = normalised(await streams_in_the_log(on.pool, told))
    return [
        f"{stream}: {first}"
        for stream, events in told.items()
        if real[stream] != events
        for first in [next((a, b) for a, b in zip_longest(real[stream], events) if a != b)]
    ]


async def _endings(program: str, on: Servers) -> dict[LearnerId, str | None]:
    """As the board has them."""
    return {LearnerId(row.learner): row.ending for row in await whole_board(on.pool, program)}


if __name__ == "__main__":
    for name in TOLD:
        golden(name).write_text(timelines_by_the_rules(name))
