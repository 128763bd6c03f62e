"""How soon the board shows what was recorded: 500 events a second, with every view being kept, in one process.

What the views cost an event is the CPU of this process and of Postgres, less what the same load takes without views.
"""

import asyncio
from bisect import bisect_left
from dataclasses import dataclass
from statistics import median, quantiles
from time import monotonic

import asyncpg
import psutil

from bench.databases import fresh, server
from bench.material import AT, KIT, journey_events
from bench.options import quick
from bench.table import Figure, report
from domain.ids import JourneyId, journey_stream
from projections.runner import Runner
from runtime import ending
from runtime.embedded.postgres import PostgresServer
from runtime.exits import Exit
from store import kits
from store.codec import encode
from store.database import Pool, open_pool
from store.event_log import EventLog, NewEvent
from store.sequencer import Sequencer

RATE = 500
WRITERS = 10
Stamps = dict[tuple[str, int], float]


async def write(log: EventLog, writer: int, seconds: float, answered: Stamps, first: int = 0) -> None:
    """Appends at a tenth of the rate, by the clock. A late answer delays only the appends of this writer."""
    began, sent = monotonic(), 0
    for nth in range(1_000_000):
        number = first + nth * WRITERS + writer
        stream = journey_stream(JourneyId(f"bench.l-{number}"))
        for version, event in enumerate(_encoded(number)):
            due = began + sent * WRITERS / RATE
            if due - began > seconds:
                return
            await asyncio.sleep(max(0.0, due - monotonic()))
            await log.append(stream, version, f"{stream}:{version}", [event])
            answered[(stream, version + 1)] = monotonic()
            sent += 1


def _encoded(number: int) -> list[NewEvent]:
    return encode(journey_events(number), f"j{number}")


async def watch(dsn: str, seen: list[tuple[int, float]]) -> None:
    """When the board's checkpoint was seen where. Looks every 2 ms, so every figure is up to that much too high."""
    connection = await asyncpg.connect(dsn)
    statement = "select position from trellis.projections where name = 'board' and status = 'live'"
    while True:
        position = await connection.fetchval(statement) or 0
        if not seen or position > seen[-1][0]:
            seen.append((position, monotonic()))
        await asyncio.sleep(0.002)


async def lags(pool: Pool, answered: Stamps, seen: list[tuple[int, float]]) -> list[float]:
    rows = await pool.fetch("select position, stream, version from trellis.log join trellis.events using (seq)")
    positions = [position for position, _ in seen]
    return [
        1000 * max(0.0, seen[bisect_left(positions, row["position"])][1] - answered[(row["stream"], row["version"])])
        for row in rows
        if (row["stream"], row["version"]) in answered
    ]


@dataclass(frozen=True, slots=True)
class Load:
    """What came of writing at the rate for some time."""

    lags: list[float]
    """In milliseconds, of each event; empty where no views were kept."""
    cpu_ms: float
    """For each event, of this process and of Postgres."""


async def under_load(postgres: PostgresServer, name: str, seconds: float, *, with_views: bool) -> Load:
    dsn = await fresh(postgres, name)
    pool = await open_pool(dsn, min_size=WRITERS, max_size=WRITERS)
    await kits.publish(pool, KIT.model_dump_json(), digest=KIT.digest, program=KIT.program, version=KIT.version, at=AT)
    answered, seen = Stamps(), list[tuple[int, float]]()
    running = [Sequencer(dsn).run(), watch(dsn, seen), *([Runner(dsn).run()] if with_views else [])]
    services = [asyncio.create_task(run) for run in running]
    await asyncio.sleep(2)  # the views are made first
    log = EventLog(pool)
    # A second that does not count: statements are prepared, the kit is read.
    await asyncio.gather(*(write(log, writer, 1.0, Stamps(), first=1_000_000) for writer in range(WRITERS)))
    before = await cpu_seconds(pool)
    await asyncio.gather(*(write(log, writer, seconds, answered) for writer in range(WRITERS)))
    if with_views:
        async with asyncio.timeout(60):
            events = await pool.fetchval("select count(*) from trellis.events")
            while seen[-1][0] < events:  # noqa: ASYNC110 - the watcher looks for itself
                await asyncio.sleep(0.01)
    spent = await cpu_seconds(pool) - before
    for service in services:
        service.cancel()
    await asyncio.gather(*services, return_exceptions=True)
    found = await lags(pool, answered, seen) if with_views else []
    await pool.close()
    return Load(found, 1000 * spent / len(answered))


async def cpu_seconds(pool: Pool) -> float:
    """Of this process, and of all processes of Postgres since it was started."""
    here = psutil.Process().cpu_times()
    postgres = psutil.Process(await pool.fetchval("select pg_backend_pid()")).parent()
    assert postgres is not None
    gone = postgres.cpu_times()
    alive = [one.cpu_times() for one in (postgres, *postgres.children(recursive=True))]
    times = (here, *alive)
    return sum(one.user + one.system for one in times) + gone.children_user + gone.children_system


async def measure() -> list[Figure]:
    seconds = 8.0 if quick() else 60.0
    async with server() as postgres:
        without = await under_load(postgres, "alone", seconds, with_views=False)
        loaded = await under_load(postgres, "bench", seconds, with_views=True)
    found = loaded.lags
    against = f"{RATE} events/s for {seconds:.0f} s; median {median(found):.0f} ms, most {max(found):.0f} ms"
    cost = loaded.cpu_ms - without.cpu_ms
    return [
        Figure("live_p99_ms", quantiles(found, n=100)[98], "ms", None, against, "under 100"),
        Figure("live_cpu_ms_per_event", cost, "ms", None, f"without views {without.cpu_ms:.2f} ms an event"),
    ]


def main() -> None:
    report("From the commit to the board", asyncio.run(measure()))


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
