"""The stream of events: 100 clients at 500 events a second for a minute, some of whom come and go, and some never read.

What each client received is compared with the log: what is missing, and what came twice.
"""

import asyncio
import contextlib
import multiprocessing
import random
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from statistics import median, quantiles
from typing import Any
from uuid import uuid4

import psutil
from prometheus_client import CollectorRegistry

from bench.databases import fresh, server
from bench.options import quick
from bench.table import Figure, report
from domain.access import KeyRole
from domain.ids import StreamId
from interfaces.http.app import create_app
from interfaces.http.authentication import Access
from interfaces.http.server import HttpServer
from queries.live_events import LiveEvents
from runtime import ending
from runtime.embedded.ports import free_port
from runtime.exits import Exit
from services.keys import Keyring, KeyWish, make
from store.database import Pool, open_pool
from store.event_log import EventLog, NewEvent
from store.sequencer import Sequencer

CLIENTS = 100
STUCK = 5
"""Clients beside those, who ask for everything and never read."""
RATE = 500
_TYPES = ("journey.checked_in", "journey.help_asked", "journey.feedback_given")
_DATA = {"notes": "She has sent two applications and asks for help with the third. " * 3}
_PATIENCE_SECONDS = 600
"""Until the clients have read everything. On a machine that is busy otherwise they are slower than the writer."""
_STREAMS = 200
_TICKS = 50
"""Of the writer, in a second."""


# The service, in a process of its own


def serve(dsn: str, port: int) -> None:
    asyncio.run(_serve(dsn, port))


async def _serve(dsn: str, port: int) -> None:
    pool = await open_pool(dsn)
    live = LiveEvents(pool, dsn)
    nobody: Any = None  # the feed asks no workflow
    app = create_app(pool, nobody, {}, access=Access(Keyring(pool)), registry=CollectorRegistry(), live=live)
    await asyncio.gather(HttpServer(app, "127.0.0.1", port, drain_seconds=1).run(), live.run())


# The clients, in a process of their own


@dataclass
class Client:
    """Follows the stream, comes back with the last id, and keeps the position of each event that it received."""

    port: int
    key: str
    query: str = ""
    leaves: bool = False
    """After some seconds, in the middle of whatever it receives, and then it comes back."""
    measures: bool = False
    received: list[int] = field(default_factory=list)
    delays_ms: list[float] = field(default_factory=list)
    last_id: int = 0
    connections: int = 0

    async def follow(self, end: "asyncio.Future[int]") -> None:
        """Until the position that `end` will tell."""
        while not self._is_at(end):
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                async with asyncio.timeout(random.uniform(1, 12) if self.leaves else 60):  # noqa: S311
                    await self._listen(end)

    async def _listen(self, end: "asyncio.Future[int]") -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        self.connections += 1
        try:
            writer.write(self.request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert b" 200 " in head.partition(b"\r\n")[0], head.decode()
            rest = b""
            while not self._is_at(end) and (size := int(await reader.readuntil(b"\r\n"), 16)):
                rest = self._take(rest + (await reader.readexactly(size + 2))[:-2])
        finally:
            writer.transport.abort()

    @property
    def request(self) -> bytes:
        return (
            f"GET /v1/events/stream?{self.query} HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: {self.last_id}\r\n"
            f"Authorization: Bearer {self.key}\r\n\r\n"
        ).encode()

    def _is_at(self, end: "asyncio.Future[int]") -> bool:
        return end.done() and self.last_id >= end.result()

    def _take(self, text: bytes) -> bytes:
        """Takes what is complete, and returns the rest."""
        complete, blank, rest = text.rpartition(b"\n\n")
        for id_, data in _BLOCK.findall(complete + blank):
            self.last_id = int(id_)
            if data:
                self.received.append(self.last_id)
        if self.measures:
            now = time.time()
            times = (datetime.fromisoformat(one.decode()) for one in _RECORDED.findall(complete))
            self.delays_ms += [1000 * (now - one.timestamp()) for one in times]
        return rest


_BLOCK = re.compile(rb"^id: (\d+)\n(data: )?", re.MULTILINE)
_RECORDED = re.compile(rb'"recordedtime":"([^"]+)"')


async def _never_read(client: Client) -> None:
    while True:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", client.port, limit=1)
            writer.write(client.request)
            while not (reader.at_eof() or writer.transport.is_closing()):  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.5)


def listen(port: int, keys: Sequence[str], control: Connection) -> None:
    asyncio.run(_listen(port, keys, control))


async def _listen(port: int, keys: Sequence[str], control: Connection) -> None:
    """Sends a word when all are connected; is told the last position; sends what became of it."""
    clients = [
        Client(port, keys[number % len(keys)], wanted(number), leaves=number % 2 == 0, measures=number == 1)
        for number in range(CLIENTS)
    ]
    end: asyncio.Future[int] = asyncio.get_running_loop().create_future()
    stuck = [asyncio.create_task(_never_read(Client(port, keys[0]))) for _ in range(STUCK)]
    following = [asyncio.create_task(client.follow(end)) for client in clients]
    while not all(client.connections for client in clients):  # noqa: ASYNC110 - tasks under way
        await asyncio.sleep(0.05)
    control.send("connected")
    end.set_result(await asyncio.to_thread(control.recv))
    _, late = await asyncio.wait(following, timeout=_PATIENCE_SECONDS)
    if late:
        behind = [
            (one.query, one.leaves, one.last_id, one.connections) for one in clients if one.last_id < end.result()
        ]
        raise RuntimeError(f"not at {end.result()}: {behind[:5]}")
    for task in following:
        task.result()
    for task in stuck:
        task.cancel()
    control.send(clients)


def wanted(number: int) -> str:
    """What a client asks for: every fifth wants one type alone."""
    return f"type={_TYPES[number % len(_TYPES)]}" if number % 5 == 0 else ""


# The writer


async def write(log: EventLog, seconds: float) -> None:
    """At the rate, in transactions of one event."""
    versions = [0] * _STREAMS
    ticks, number = int(seconds * _TICKS), 0
    began = time.monotonic()
    for tick in range(ticks):
        appends = []
        for _ in range(RATE // _TICKS):
            place = number % _STREAMS
            appends.append(_append(log, place, versions[place], _TYPES[number % len(_TYPES)]))
            versions[place] += 1
            number += 1
        await asyncio.gather(*appends)
        await asyncio.sleep(max(0.0, began + (tick + 1) / _TICKS - time.monotonic()))


async def _append(log: EventLog, place: int, version: int, kind: str) -> None:
    event = NewEvent(uuid4(), kind, 1, _DATA, datetime.now(UTC), {"by": f"learner:l-{place}", "command": "check_in"})
    await log.append(StreamId(f"journey-bench.l-{place}"), version, str(uuid4()), [event])


@dataclass(frozen=True)
class Outcome:
    clients: Sequence[Client]
    positions: dict[str, set[int]]
    """What each client has to have received, by what it asked for."""
    rate: float
    memory_mb: list[float]
    """Of the service, once a second."""
    cpu: float
    """Of the service, as a part of one core."""

    @property
    def lost(self) -> int:
        return sum(len(self.positions[one.query] - set(one.received)) for one in self.clients)

    @property
    def doubled(self) -> int:
        return sum(len(one.received) - len(set(one.received)) for one in self.clients)

    @property
    def growth_mb(self) -> float:
        """The most of the last third beyond the most of the third before: by then all is kept that is kept at once."""
        third = len(self.memory_mb) // 3
        return max(self.memory_mb[-third:]) - max(self.memory_mb[third : 2 * third])


async def measure(seconds: float) -> list[Figure]:
    async with server() as postgres:
        dsn = await fresh(postgres, "stream")
        pool = await open_pool(dsn, min_size=10, max_size=20)
        sequencing = asyncio.create_task(Sequencer(dsn).run())
        try:
            outcome = await _run(dsn, pool, seconds)
        finally:
            sequencing.cancel()
            pool.terminate()
    return figures(outcome)


async def _run(dsn: str, pool: Pool, seconds: float) -> Outcome:
    keys = [await _key(pool, role) for role in (KeyRole.OPS, KeyRole.OBSERVER)]
    port, spawn = free_port(), multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    serving = spawn.Process(target=serve, args=(dsn, port))
    listening = spawn.Process(target=listen, args=(port, keys, theirs))
    try:
        serving.start()
        await _listens(port)
        listening.start()
        theirs.close()  # so that its end is noticed
        await asyncio.to_thread(ours.recv)
        return await _watched(serving, ours, pool, seconds)
    finally:
        for process in (listening, serving):
            process.kill()
            process.join()


async def _watched(serving: BaseProcess, clients: Connection, pool: Pool, seconds: float) -> Outcome:
    process, memory, log = psutil.Process(serving.pid), list[float](), EventLog(pool)

    async def sample() -> None:
        while True:
            memory.append(process.memory_info().rss / 2**20)
            await asyncio.sleep(1)

    sampling, before, began = asyncio.create_task(sample()), process.cpu_times(), time.monotonic()
    await write(log, seconds)
    took, after = time.monotonic() - began, process.cpu_times()
    sampling.cancel()
    while await log.head() < int(seconds * _TICKS) * (RATE // _TICKS):  # noqa: ASYNC110 - Postgres counts
        await asyncio.sleep(0.05)
    clients.send(await log.head())
    received: Sequence[Client] = await asyncio.to_thread(clients.recv)
    rows = await pool.fetch("select l.position, e.type from trellis.log as l join trellis.events as e using (seq)")
    positions = {"": {row["position"] for row in rows}}
    for kind in _TYPES:
        positions[f"type={kind}"] = {row["position"] for row in rows if row["type"] == kind}
    cpu = (after.user + after.system - before.user - before.system) / took
    return Outcome(received, positions, len(rows) / took, memory, cpu)


async def _listens(port: int) -> None:
    async with asyncio.timeout(60):
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return
            await asyncio.sleep(0.1)


async def _key(pool: Pool, role: KeyRole) -> str:
    wish = KeyWish(name=f"stream {role}", role=role, actor="ops:bench", programs=None, mentor=None)
    return (await make(pool, wish, by="bench")).text


def figures(outcome: Outcome) -> list[Figure]:
    clients = outcome.clients
    many = sum(len(one.received) for one in clients)
    connections = sum(one.connections for one in clients)
    delays = [delay for one in clients for delay in one.delays_ms]
    return [
        Figure("stream_lost", outcome.lost, "events", against=f"{many:,} received by {len(clients)} clients", bar="0"),
        Figure("stream_doubled", outcome.doubled, "events", against=f"{connections:,} connections", bar="0"),
        Figure(
            "stream_rss_growth_mb",
            outcome.growth_mb,
            "MB",
            against=f"{max(outcome.memory_mb):.0f} MB at most",
            bar="flat: under 8",
        ),
        Figure("stream_rate", outcome.rate, "events/s", bar=f"{RATE}"),
        Figure("stream_delay_p50_ms", median(delays), "ms", against="from record to client"),
        Figure("stream_delay_p99_ms", quantiles(delays, n=100)[98], "ms", against="from record to client"),
        Figure("stream_cpu", outcome.cpu, "cores", against="of the service"),
    ]


def main() -> None:
    report("The stream of events", asyncio.run(measure(15 if quick() else 60)))


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
