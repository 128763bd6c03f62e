"""How long commands are not acknowledged after kill -9 of the worker, Postgres or Temporal, under `trellis up`.

Runs `trellis up` in its own folder. Commands are sent at a steady rate, each to a journey without a pending command,
and retried until they are acknowledged, as a client does. The processes are killed in turn, with enough time in between
for the supervisor to forget the last death. `--rounds N` kills of each, by default 8; `--rate N` commands a second, by
default 10.
"""

import argparse
import asyncio
import os
import signal
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import median
from time import monotonic

import psutil
from temporalio.client import Client, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.service import RPCError

from bench.table import Figure, report
from client.journeys import JourneyClient
from domain.ids import JourneyId
from kits.loading import load_kit, publish
from runtime import ending
from runtime.embedded.ports import free_port
from runtime.embedded.postgres import PostgresServer
from runtime.embedded.processes import find_by_pid_file
from runtime.exits import Exit
from store.database import open_pool
from workflows.contract import Begin

_JOURNEYS = 40
_APART_SECONDS = 12.0
"""Between two kills, so that two kills of the same kind are more than the supervisor's half minute apart."""
_UP_SECONDS = 120.0
_PORTS = ("TRELLIS_HTTP_PORT", "TRELLIS_TEMPORAL_PORT", "TRELLIS_TEMPORAL_UI_PORT", "TRELLIS_SDK_METRICS_PORT")


@dataclass
class Place:
    folder: Path
    temporal_port: int

    @property
    def data(self) -> Path:
        return self.folder / ".trellis"

    def pids(self) -> dict[str, Callable[[], int]]:
        return {
            "worker": lambda: _recalled(self.data / "worker.pid"),
            "postgres": lambda: int((self.data / "postgres/data/postmaster.pid").read_text().splitlines()[0]),
            "temporal": lambda: _recalled(self.data / "temporal/temporal.pid"),
        }


def _recalled(pid_file: Path) -> int:
    process = find_by_pid_file(pid_file)
    assert process, f"{pid_file} names nobody who runs"
    return process.pid


@dataclass(frozen=True)
class Command:
    began: float
    acknowledged: float


@dataclass
class Load:
    """Sends commands at a steady rate and keeps the times of their acknowledgements."""

    client: JourneyClient
    idle: list[JourneyId]
    rate: float
    done: list[Command] = field(default_factory=list)
    under_way: dict[int, float] = field(default_factory=dict)
    """When each began."""

    async def run(self) -> None:
        """Returns only when cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for number in count():
                if self.idle:
                    tasks.create_task(self._one(number, self.idle.pop(0)))
                await asyncio.sleep(1 / self.rate)

    async def _one(self, number: int, journey: JourneyId) -> None:
        began = self.under_way[number] = monotonic()
        while True:
            try:
                await self.client.send(journey, "give_feedback", {"confidence": 8, "notes": f"number {number}"})
                break
            except (RPCError, WorkflowUpdateRPCTimeoutOrCancelledError):
                await asyncio.sleep(0.05)
        self.done.append(Command(began, monotonic()))
        del self.under_way[number]
        self.idle.append(journey)

    async def after(self, killed: float) -> tuple[float, float]:
        """Returns the seconds from the kill to the first acknowledgement of a command sent after it, and the longest
        time of any command that was pending at the kill or sent before that acknowledgement, once all are acknowledged.
        """
        while not (later := [one.acknowledged for one in self.done if one.began > killed]):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        first = min(later)
        while any(began <= first for began in self.under_way.values()):  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        felt = [one.acknowledged - one.began for one in self.done if one.acknowledged > killed and one.began <= first]
        return first - killed, max(felt)


@asynccontextmanager
async def everything() -> AsyncIterator[Place]:
    with tempfile.TemporaryDirectory(prefix="trellis-bench-") as name:
        ports = {port: str(free_port()) for port in _PORTS}
        folder = Path(name)
        ours = {key: value for key, value in os.environ.items() if not key.startswith(("TRELLIS_", "DATABASE_URL"))}
        with (folder / "up.txt").open("wb") as said:
            up = await asyncio.create_subprocess_exec(
                *(str(Path(sys.executable).with_name("trellis")), "up"),
                cwd=folder,
                env=ours | ports | {"TRELLIS_SAMPLE": "false", "TRELLIS_MESSAGES": "off"},
                stdout=said,
                stderr=said,
            )
        try:
            await _until_up(up, (folder / "up.txt").read_text)
            yield Place(folder, int(ports["TRELLIS_TEMPORAL_PORT"]))
        finally:
            print((folder / "up.txt").read_text().partition("Ctrl-C")[2])
            if up.returncode is None:
                up.send_signal(signal.SIGINT)
            await up.wait()


async def _until_up(up: Process, said: Callable[[], str]) -> None:
    async with asyncio.timeout(_UP_SECONDS):
        while "Ctrl-C stops" not in said():
            if up.returncode is not None:
                raise SystemExit(said())
            await asyncio.sleep(0.1)


async def begin(place: Place, client: JourneyClient) -> list[JourneyId]:
    kit = load_kit(Path("programs/job-ready"))
    pool = await open_pool(PostgresServer(place.data / "postgres").dsn("trellis"))
    await publish(pool, kit)
    pool.terminate()
    journeys = [JourneyId(f"{kit.program}.bench-{number}") for number in range(_JOURNEYS)]
    for number, journey in enumerate(journeys):
        await client.begin(Begin(program=kit.program, learner=f"bench-{number}"), journey)
    return journeys


async def measure(rounds: int, rate: float) -> dict[str, list[tuple[float, float]]]:
    """The figures of `Load.after` for each process that is killed."""
    async with everything() as place:
        target = f"127.0.0.1:{place.temporal_port}"
        client = JourneyClient(await Client.connect(target, data_converter=pydantic_data_converter))
        load = Load(client, await begin(place, client), rate)
        running = asyncio.create_task(load.run())
        await asyncio.sleep(_APART_SECONDS)
        found: dict[str, list[tuple[float, float]]] = {name: [] for name in place.pids()}
        for _ in range(rounds):
            for name, pid in place.pids().items():
                os.kill(pid(), signal.SIGKILL)
                killed = monotonic()
                found[name].append(await load.after(killed))
                print(f"{name}: first {found[name][-1][0]:.2f} s, longest {found[name][-1][1]:.2f} s", flush=True)
                await asyncio.sleep(max(0.0, killed + _APART_SECONDS - monotonic()))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--rate", type=float, default=10.0)
    parser.add_argument("--quick", action="store_true", help="one round")
    arguments = parser.parse_args()
    rounds = 1 if arguments.quick else arguments.rounds
    busy = psutil.getloadavg()[0]
    found = asyncio.run(measure(rounds, arguments.rate))
    figures = [
        Figure(f"{name}_killed_{what}_{how}_s", of([pair[place] for pair in pairs]), "s")
        for name, pairs in found.items()
        for place, what in enumerate(("first_acknowledged", "longest_wait"))
        for how, of in (("median", median), ("worst", max))
    ]
    state = f"{psutil.cpu_count()} cores, load {busy:.1f} before and {psutil.getloadavg()[0]:.1f} after"
    report(f"After kill -9, {rounds} rounds at {arguments.rate:g} commands a second; {state}", figures)


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
