"""A term of the Open University data, played from end to end: throughput, and CPU by process.

Needs the data beside the checkout, or in the folder TRELLIS_DATA. Option `--learners N` of AAA/2013J, by default 100.
"""

import asyncio
import os
import tempfile
from pathlib import Path

import psutil

from bench.options import parser
from bench.table import Figure, report
from runtime import ending
from scenarios.format import Scenario
from scenarios.oulad.conversion import convert
from scenarios.oulad.tables import read_presentation
from scenarios.playing import AT_ONCE, Player
from scenarios.rehearsing import PlayResult, rehearse
from scenarios.servers import Servers, servers

PRESENTATION = "AAA/2013J"
_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"


async def measure(scenario: Scenario, at_once: int) -> tuple[PlayResult, dict[str, float]]:
    """The result of the play, and the CPU seconds of each process."""
    with tempfile.TemporaryDirectory(prefix="trellis-bench-") as folder:
        async with servers(Path(folder), print) as on:
            before = _cpu_seconds(on)
            played = await rehearse(Player(scenario, on.environment, on.pool), on, at_once)
            after = _cpu_seconds(on)
    return played, {name: after[name] - before[name] for name in after}


def _cpu_seconds(on: Servers) -> dict[str, float]:
    me = psutil.Process()
    spent = {"player": _of(me), "worker": _of(psutil.Process(on.worker.pid)), "Temporal": 0.0}
    for child in me.children():
        if child.name() == "temporal":
            spent["Temporal"] += _of(child)
    return spent


def _of(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


def main() -> int:
    options = parser()
    options.add_argument("--learners", type=int, default=100)
    options.add_argument("--at-once", type=int, default=AT_ONCE)
    arguments = options.parse_args()
    data = Path(os.environ.get("TRELLIS_DATA") or _DATA) / "oulad"
    if not data.is_dir():
        print(f"the Open University data are not at {data}; TRELLIS_DATA says where else they are")
        return 0
    learners = 20 if arguments.quick else arguments.learners
    scenario = convert(read_presentation(data, PRESENTATION), learners).scenario
    played, cpu = asyncio.run(measure(scenario, arguments.at_once))
    handled = played.events
    figures = [
        Figure("journeys", played.journeys, "of a whole term"),
        Figure("duration", played.seconds, "s"),
        Figure("commands", played.commands_a_second, "a second"),
        Figure("events", handled / played.seconds, "a second"),
        *(
            Figure(
                f"CPU of the {name}", seconds * 1000 / handled, "ms an event", seconds / sum(cpu.values()), "all CPU"
            )
            for name, seconds in cpu.items()
        ),
        Figure("disagreements with the data", len(played.differences_from_expected), "", bar="none"),
    ]
    report(f"{PRESENTATION}, {learners} learners, {arguments.at_once} journeys at once", figures)
    return 1 if played.differences_from_expected else 0


if __name__ == "__main__":
    ending.leave(main())
