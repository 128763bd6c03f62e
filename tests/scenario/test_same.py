"""The pure player and real servers make the same of every scenario: each stream of a journey, a mentor, a round, a
group, of measurements and of whoever is asked, event by event. `make same` plays fifty scenarios of each kind that
seeds have made.
"""

import os
from collections.abc import Mapping, Sequence
from functools import partial
from itertools import zip_longest
from pathlib import Path

import pytest

from domain import silences
from domain.ids import StreamId
from runtime.fan_out import fan_out
from scenarios.format import Scenario
from scenarios.playing import Player
from scenarios.program_activities import Surroundings
from scenarios.servers import Servers, servers
from tests.scenario.generated import generated, with_a_program, with_silences
from tests.scenario.told import Told, normalised, streams_by_the_rules, streams_in_the_log

SCENARIOS = int(os.environ.get("TRELLIS_SAME_SCENARIOS", "0"))
"""Of each kind. 0: two small ones alone, which have a bit of everything."""
FIRST = int(os.environ.get("TRELLIS_SAME_SEED", "4"))
SMALL, SILENT = 26, 32


AT_ONCE = 5
KINDS = (generated, with_a_program, with_silences)


@pytest.fixture(autouse=True)
def two_are_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """To be compared with: nobody has twenty learners here."""
    monkeypatch.setattr(silences, "LEAST_LEARNERS", 2)


async def test_scenarios_that_seeds_have_made_are_the_same_on_real_servers(tmp_path: Path) -> None:
    async with servers(tmp_path / "play", print) as on:
        made = [make(seed) for seed in range(FIRST, FIRST + SCENARIOS) for make in KINDS]
        made = made or [with_a_program(SMALL, learners=3), with_silences(SILENT, learners=3, until=18)]
        around = Surroundings(on.environment.client, on.pool, on.dsn)
        differing = await fan_out(partial(differences, on, around), made, AT_ONCE)
    found = [says for those in differing for says in those]
    assert not found, "\n".join(found)


def _of_program(scenario: Scenario, streams: Mapping[StreamId, Sequence[Told]]) -> Mapping[StreamId, Sequence[Told]]:
    """Where there is nobody to be asked, all programs say so in one stream."""
    return {
        stream: [one for one in events if one[4]["about"]["program"] == scenario.kit.program]
        if stream.endswith(".nobody")
        else events
        for stream, events in streams.items()
    }


async def differences(on: Servers, around: Surroundings, scenario: Scenario) -> list[str]:
    """The streams that differ, each with the first event in which it does."""
    player = Player(scenario, on.environment, on.pool, around)
    await player.prepare()
    await player.play()
    told = normalised(streams_by_the_rules(scenario))
    real = normalised(_of_program(scenario, await streams_in_the_log(on.pool, told)))
    return [
        f"{scenario.kit.program}, {stream}: {first}"
        for stream, events in told.items()
        if real[stream] != events
        for first in [next((a, b) for a, b in zip_longest(real[stream], events) if a != b)]
    ]
