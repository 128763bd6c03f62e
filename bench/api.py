"""The HTTP API: how fast journeys start, are listed, and obey commands, for 32 clients at once.

The service is a process of the worker, as in production, with a key. `start` is the rate at which starts are
acknowledged, beside that of bare `start_workflow` by as many clients in the same run; no worker runs the workflows of
either. Lists are pages of 50 of a board of 100,000 journeys, with the usual filters: each client asks ten times a
second. Commands go to a journey for each client, one after another and without a pause, which uses up all CPUs;
`commands` is their rate, beside that of updates to the smallest workflow that there can be, by as many clients.
The stream is that of bench.stream.
"""

import asyncio
import json
import os
import random
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter
from typing import Any
from uuid import uuid4

from temporalio.client import Client

from bench import stream
from bench.bare import updates
from bench.databases import fresh, server
from bench.options import quick
from bench.table import Figure, report
from domain.access import KeyRole
from kits.loading import load_kit, publish
from projections.registry import PROJECTIONS
from projections.runner import catch_up
from runtime import ending
from runtime.embedded.ports import free_port
from runtime.embedded.time_skipping import time_skipping_server
from runtime.exits import Exit
from services.enrolling import record_published
from services.keys import KeyWish, make
from store.database import Pool, open_pool
from tests.projections.boards import FILL, FILL_AWAITED, FILL_FLAGS
from workflows.contract import SEARCH_ATTRIBUTES, WORKFLOW, Begin

CLIENTS = 32
_PAUSE_SECONDS = 0.1
_LISTS = (
    "", "open=true", "program=p-3", "program=p-3&open=true", "program=p-3&stage=sessions", "mentor=m-7",
    "waiting_for=match", "sort=attention", "sort=journey", "overdue=true&program=p-5", "segment=s-3-1&program=p-3",
)  # fmt: skip


class Caller:
    """One connection. Writes requests by hand: a client library would take more of the CPU than the service."""

    def __init__(self, port: int, key: str) -> None:
        self._port = port
        self._head = f"Host: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"

    async def connect(self) -> None:
        self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)

    async def ask(self, method: str, path: str, body: Any = None) -> tuple[int, float]:
        """The status, and how many milliseconds the answer took."""
        content = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\n{self._head}Content-Length: {len(content)}\r\n\r\n"
        began = perf_counter()
        self._writer.write(head.encode() + content)
        answer = (await self._reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answer.partition(b"content-length:")[2].partition(b"\r\n")[0])
        await self._reader.readexactly(length)
        return int(answer.split()[1]), 1000 * (perf_counter() - began)


@asynccontextmanager
async def service(dsn: str, temporal: str, roles: str, port: int) -> AsyncIterator[None]:
    """A process of the worker, once it is ready."""
    environment = {
        **os.environ,
        "DATABASE_URL": dsn,
        "TEMPORAL_ADDRESS": temporal,
        "TRELLIS_HTTP_PORT": str(port),
        "TRELLIS_SDK_METRICS_PORT": "0",
        "TRELLIS_HTTP_RATE": "100000",
        "TRELLIS_LOG_LEVEL": "error",
    }
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "worker", "--roles", roles, env=environment)
    try:
        async with asyncio.timeout(60):
            while not await _answers(port):  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.2)
        yield
    finally:
        process.terminate()
        await process.wait()


async def _answers(port: int) -> bool:
    try:
        caller = Caller(port, "none")
        await caller.connect()
        status, _ = await caller.ask("GET", "/livez")
    except OSError:
        return False
    return status == 200


async def at_once(port: int, key: str, work: Callable[[int, Caller], Awaitable[list[float]]]) -> list[float]:
    """What every client measured."""
    callers = [Caller(port, key) for _ in range(CLIENTS)]
    await asyncio.gather(*(one.connect() for one in callers))
    measured = await asyncio.gather(*(work(number, one) for number, one in enumerate(callers)))
    return [one for took in measured for one in took]


async def bare_starts(client: Client, each: int) -> float:
    """Starts a second, of a workflow that nobody runs."""
    queue = f"bare-{uuid4()}"

    async def start(number: int) -> None:
        for nth in range(each):
            begin = Begin(program="job-ready", learner=f"bare-{number}-{nth}")
            await client.start_workflow(WORKFLOW, begin, id=f"bare-{uuid4()}", task_queue=queue)

    began = perf_counter()
    await asyncio.gather(*(start(number) for number in range(CLIENTS)))
    return CLIENTS * each / (perf_counter() - began)


async def starts(port: int, key: str, each: int) -> float:
    """Starts a second, acknowledged over HTTP."""
    run = uuid4().hex[:8]

    async def start(number: int, caller: Caller) -> list[float]:
        took = []
        for nth in range(each):
            asked = {"program": "job-ready", "learner": f"l-{run}-{number}-{nth}"}
            status, milliseconds = await caller.ask("POST", "/v1/journeys", asked)
            assert status == 201, status
            took.append(milliseconds)
        return took

    began = perf_counter()
    await at_once(port, key, start)
    return CLIENTS * each / (perf_counter() - began)


async def lists(port: int, key: str, each: int) -> list[float]:
    async def look(number: int, caller: Caller) -> list[float]:
        chance = random.Random(number)  # noqa: S311 - the same pages in every run
        took = []
        await asyncio.sleep(_PAUSE_SECONDS * number / CLIENTS)
        for _ in range(each):
            status, milliseconds = await caller.ask("GET", f"/v1/journeys?{chance.choice(_LISTS)}")
            assert status == 200, status
            took.append(milliseconds)
            await asyncio.sleep(max(0.0, _PAUSE_SECONDS - milliseconds / 1000))
        return took

    return await at_once(port, key, look)


async def commands(port: int, key: str, each: int) -> tuple[list[float], float]:
    """How many milliseconds each took, and how many were obeyed a second."""
    run = uuid4().hex[:8]
    paths = [f"/v1/journeys/job-ready.c-{run}-{number}/commands/ask_for_help" for number in range(CLIENTS)]

    async def begin(number: int, caller: Caller) -> list[float]:
        asked = {"program": "job-ready", "learner": f"c-{run}-{number}"}
        assert (await caller.ask("POST", "/v1/journeys", asked))[0] == 201
        status, milliseconds = await caller.ask("POST", paths[number], {"notes": "first"})
        assert status == 200, status
        return [milliseconds]

    async def steer(number: int, caller: Caller) -> list[float]:
        took = []
        for nth in range(each):
            status, milliseconds = await caller.ask("POST", paths[number], {"notes": f"the {nth}th time"})
            assert status == 200, status
            took.append(milliseconds)
        return took

    await at_once(port, key, begin)
    began = perf_counter()
    measured = await at_once(port, key, steer)
    return measured, CLIENTS * each / (perf_counter() - began)


async def _fill(pool: Pool, dsn: str, journeys: int) -> None:
    await catch_up(dsn, list(PROJECTIONS.values()))
    await pool.execute(FILL.format(schema="view_board_1"), journeys)
    await pool.execute(FILL_AWAITED.format(schema="view_board_1"))
    await pool.execute(FILL_FLAGS.format(schema="view_board_1"))
    await pool.execute("vacuum analyze view_board_1.board")
    await pool.execute("vacuum analyze view_board_1.board_awaited")


async def measure() -> list[Figure]:
    each, journeys = (10, 100_000) if quick() else (40, 100_000)
    async with server() as postgres, time_skipping_server(search_attributes=SEARCH_ATTRIBUTES, manual=True) as temporal:
        dsn = await fresh(postgres)
        pool = await open_pool(dsn, max_size=4)
        kit = load_kit(Path("programs/job-ready"))
        await publish(pool, kit)
        await record_published(pool, kit)
        await _fill(pool, dsn, journeys)
        wish = KeyWish(name="bench", role=KeyRole.OPS, actor="ops:bench", programs=None, mentor=None)
        key = (await make(pool, wish, by="bench")).text
        address, port = temporal.client.service_client.config.target_host, free_port()
        async with service(dsn, address, "http", port):
            await lists(port, key, 5)
            pages = await lists(port, key, 5 * each)
            await starts(port, key, 2)
            bare = await bare_starts(temporal.client, each)
            started = await starts(port, key, each)
        async with service(dsn, address, "journeys,http", port := free_port()):
            obeyed, rate = await commands(port, key, each // 2)
        bare_took, bare_rate = await updates(temporal.client, CLIENTS, each // 2)
        await pool.close()
    of = f"{journeys:,} journeys, median {median(pages):.1f} ms"
    return [
        Figure("start", started, "a second", started / bare, f"bare start_workflow: {bare:.0f}", "at least 0.6 of it"),
        Figure("journeys_p99_ms", quantiles(pages, n=100)[98], "ms", None, of, "under 30"),
        Figure("command_p99_ms", quantiles(obeyed, n=100)[98], "ms", None, f"median {median(obeyed):.1f} ms"),
        Figure("commands", rate, "a second", rate / bare_rate, f"bare updates: {bare_rate:.0f}, {_p99(bare_took)}"),
        *await stream.measure(15 if quick() else 60),
    ]


def _p99(took: list[float]) -> str:
    return f"p99 {quantiles(took, n=100)[98]:.0f} ms"


def main() -> None:
    report("The HTTP API", asyncio.run(measure()))


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
