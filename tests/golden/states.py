"""States as workflows carry them: `python -m tests.golden.states NAME` records those of today.

Of many random ways through random programs it keeps those states that show something that no other shows.
"""

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, seed, settings

from domain.journey import JourneyState
from domain.journey.stored import STORED_STATE
from domain.kit import Kit
from tests.domain.journeys import MOVES, Move, kits, travel

FOLDER = Path(__file__).parent / "states"
_WAYS = 300


def read(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress(file.read_bytes()).decode().splitlines()]


def _telling() -> list[JourneyState]:
    shown: set[str] = set()
    chosen: list[JourneyState] = []

    @seed(2026)
    @settings(max_examples=_WAYS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(kits(), kits(), MOVES)
    def choose(kit: Kit, other: Kit, moves: list[Move]) -> None:
        for step in travel(kit, moves, other):
            shows = set(_shown("", json.loads(STORED_STATE.dump_json(step.after))))
            if shows - shown:
                shown.update(shows)
                chosen.append(step.after)

    choose()
    return chosen


def _shown(place: str, value: Any) -> Iterator[str]:
    """The places that say something; of words, which."""
    if isinstance(value, dict):
        for name, one in value.items():
            yield from _shown(f"{place}.{name}", one)
    elif isinstance(value, list):
        for one in value:
            yield from _shown(f"{place}[]", one)
    elif value is not None:
        is_word = isinstance(value, str) and value.isidentifier() and len(value) < 20
        yield f"{place}={value}" if is_word or isinstance(value, bool) else place


def main(name: str) -> None:
    lines = "".join(f"{STORED_STATE.dump_json(one).decode()}\n" for one in _telling())
    (FOLDER / f"{name}.jsonl.gz").write_bytes(gzip.compress(lines.encode(), 9, mtime=0))
    print(f"{lines.count(chr(10))} states")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1])
