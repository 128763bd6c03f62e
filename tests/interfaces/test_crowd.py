"""A crowd of connections that ask for nothing, for half of something, or read nothing holds up nobody else.

As a test, some hundreds at an application with small limits; `make crowd` is 2,000 connections and 50 unread streams at
a worker as it is deployed, with figures.
"""

import asyncio
import contextlib
import os
import socket
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx2
import psutil
import pytest
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.access import KeyRole
from domain.ids import JourneyId, KitDigest, LearnerId, ProgramId, journey_stream
from domain.journey import events as e
from interfaces.http.connections import Limits
from interfaces.http.server import HttpServer
from projections.runner import catch_up
from runtime.embedded.ports import free_port
from store import sequencer
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from tests.interfaces.calling import guarded_app, key_of
from tests.projections.stories import AT, KIT, publish, story, tell
from tests.support.patience import STARTING_SECONDS

_AT_LENGTH = bool(os.environ.get("TRELLIS_CROWD"))
_CONNECTIONS, _STREAMS, _SECONDS = (2_000, 50, 45.0) if _AT_LENGTH else (240, 8, 1.5)
_SMALL = Limits(connections=100, request_seconds=0.5, stall_seconds=0.5)
_LISTING = "/v1/journeys?limit=50"
_MOST_MB = 150


@dataclass
class Served:
    port: int
    process: psutil.Process | None = None
    """That of the server, where it has one of its own."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@asynccontextmanager
async def small(pool: Pool, temporal: WorkflowEnvironment) -> AsyncIterator[Served]:
    port = free_port()
    app = guarded_app(pool, JourneyClient(temporal.client))
    server = HttpServer(app, "127.0.0.1", port, drain_seconds=1, limits=_SMALL)
    running = asyncio.create_task(server.run())
    try:
        yield Served(port)
    finally:
        await server.shutdown()
        await running


@asynccontextmanager
async def deployed(dsn: str, temporal: WorkflowEnvironment, folder: Path) -> AsyncIterator[Served]:
    """A worker of the roles `http` and `sequencer`."""
    port = free_port()
    own = {name: value for name, value in os.environ.items() if not name.startswith(("TRELLIS_", "TEMPORAL_"))}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "worker", "--roles", "http,sequencer"),
        cwd=folder,
        env=own
        | {
            "PYTHONPATH": str(Path(__file__).parents[2]),
            "DATABASE_URL": dsn,
            "TEMPORAL_ADDRESS": temporal.client.service_client.config.target_host,
            "TRELLIS_HTTP_PORT": str(port),
            "TRELLIS_SDK_METRICS_PORT": "0",
        },
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        yield Served(port, psutil.Process(process.pid))
        assert process.returncode is None, "it lived to the end"
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


@dataclass
class Crowd:
    """Connections of people who mean harm, or whose software is broken."""

    port: int
    key: str
    held: list[socket.socket] = field(default_factory=list)
    kinds: Sequence[bytes] = ()

    async def gather(self, connections: int, streams: int) -> None:
        known = f"Host: localhost:8600\r\nAuthorization: Bearer {self.key}\r\n"
        listing = f"GET /v1/journeys?limit=500 HTTP/1.1\r\n{known}\r\n".encode()
        kinds = [
            b"",  # says nothing
            b"GET /v1/journeys HTTP/1.1\r\nHost: localhost\r\nX-Slow: ",  # says half of it
            f"POST /v1/journeys HTTP/1.1\r\n{known}Content-Length: 900000\r\n\r\n{{".encode(),  # the rest never comes
            listing * 4,  # asks for much, and reads nothing
            b"GET /v1/journeys HTTP/1.1\r\nHost: localhost\r\n\r\n",  # has no key
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # speaks TLS
        ]
        stream = f"GET /v1/events/stream?after=0 HTTP/1.1\r\n{known}\r\n".encode()
        await asyncio.gather(*(self._hold(stream) for _ in range(streams)))
        await asyncio.gather(*(self._hold(kinds[nth % len(kinds)]) for nth in range(connections)))

    async def _hold(self, sent: bytes) -> None:
        one = socket.socket()
        one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        one.setblocking(False)
        self.held.append(one)
        with contextlib.suppress(OSError):
            await asyncio.get_running_loop().sock_connect(one, ("127.0.0.1", self.port))
            await asyncio.get_running_loop().sock_sendall(one, sent)

    async def come_back(self, times: int) -> None:
        """Those who were sent away, with nothing to say."""
        await asyncio.gather(*(self._hold(b"") for _ in range(times)))

    def leave(self) -> None:
        for one in self.held:
            one.close()


@dataclass
class Visitor:
    """Somebody with a key who wants to be answered, over a connection of their own each time."""

    url: str
    key: str
    took: list[float] = field(default_factory=list)
    refused: int = 0

    async def ask(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            await self.once()
            await asyncio.sleep(0.02)

    async def once(self) -> None:
        began = time.monotonic()
        headers = {"Authorization": f"Bearer {self.key}"}
        try:
            async with httpx2.AsyncClient(base_url=self.url, headers=headers, timeout=10) as client:
                answer = await client.get(_LISTING)
                assert answer.status_code == 200, answer.text
        except httpx2.HTTPError:
            self.refused += 1
        self.took.append(time.monotonic() - began)

    @property
    def p99_ms(self) -> float:
        return 1_000 * sorted(self.took)[int(0.99 * (len(self.took) - 1))]


async def happen(pool: Pool, seconds: float, pause: float = 0.1) -> None:
    """Events for the streams, in large appends."""
    log, until = EventLog(pool), time.monotonic() + seconds
    reason = "She is ill. " * 100
    paused = [e.JourneyPaused(at=AT, by="ops", reason=reason, until=AT)] * 50
    while time.monotonic() < until:
        stream = journey_stream(JourneyId(f"{KIT.program}.{uuid4()}"))
        begun = e.JourneyStarted(
            at=AT, program=ProgramId(KIT.program), learner=LearnerId("l"), kit=KitDigest(KIT.digest), intake_due_at=AT
        )
        await log.append(stream, 0, str(uuid4()), encode([begun, *paused], str(uuid4())))
        await asyncio.sleep(pause)


@pytest.fixture
async def served(pool: Pool, dsn: str, temporal: WorkflowEnvironment, tmp_path: Path) -> AsyncIterator[Served]:
    await publish(pool)
    for number in range(40):
        await tell(EventLog(pool), number, story(number, 3))
    await happen(pool, 0.3, pause=0)
    await sequencer.drain(dsn)
    await catch_up(dsn)
    async with deployed(dsn, temporal, tmp_path) if _AT_LENGTH else small(pool, temporal) as one:
        yield one


async def test_a_crowd_holds_up_nobody(served: Served, pool: Pool) -> None:
    visitor = Visitor(served.url, await key_of(pool, KeyRole.OPS))
    crowd = Crowd(served.port, await key_of(pool, KeyRole.OPS))
    async with asyncio.timeout(STARTING_SECONDS):
        while not visitor.took or visitor.refused:
            visitor.refused = 0
            await visitor.once()
    alone, visitor.took = visitor.took, []
    memory = served.process.memory_info().rss if served.process else 0
    try:
        await crowd.gather(_CONNECTIONS, _STREAMS)
        happening = asyncio.create_task(happen(pool, _SECONDS))
        await crowd.come_back(_CONNECTIONS // 4)
        await visitor.ask(_SECONDS)
        await happening
    finally:
        crowd.leave()
    grown = (served.process.memory_info().rss - memory) / 2**20 if served.process else 0.0
    if _AT_LENGTH:
        says = f"{_CONNECTIONS} connections, {_STREAMS} unread streams: {len(visitor.took)} requests of another"
        print(f"{says}, p99 {visitor.p99_ms:.0f} ms, {visitor.refused} refused; {grown:.0f} MB more memory")  # noqa: T201
    assert visitor.refused == 0
    assert visitor.p99_ms < 2_000 + 20 * 1_000 * max(alone)
    assert grown < _MOST_MB
