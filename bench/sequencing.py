"""The sequencer: its speed alone, and its delay while 16 writers append at full speed."""

import asyncio
import contextlib
from bisect import bisect_left
from statistics import median, quantiles
from time import monotonic

import asyncpg

from bench.append import WRITERS, event
from bench.databases import fresh, server
from bench.options import quick
from bench.table import Figure, report
from domain.ids import StreamId
from runtime import ending
from runtime.exits import Exit
from store.commits import announce_commit
from store.database import Pool, open_pool, query
from store.event_log import EventLog, append_statement
from store.sequencer import Sequencer, assign, state, take_over

_FILL = """insert into trellis.events (stream, version, event_id, type, schema_version, data, meta, occurred_at)
    select 'journey-' || n % 10000, n / 10000 + 1, gen_random_uuid(), 'journey.noted', 1,
           '{"milestone": "cv", "attempt": 1, "verdict": "passed"}', '{}', '2026-01-05'
      from generate_series(1, $1::bigint) as n"""


async def alone(dsn: str, events: int) -> float:
    """Events a second over an existing log."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(_FILL, events)
    epoch = await take_over(connection)
    began = monotonic()
    while await assign(connection, epoch, 10_000):
        pass
    took = monotonic() - began
    await connection.close()
    return events / took


async def lags(dsn: str, seconds: float) -> tuple[list[float], float]:
    """Milliseconds from the answer of an append to the notification of its position, and appends a second."""
    pool = await open_pool(dsn, min_size=WRITERS, max_size=WRITERS)
    listener = await asyncpg.connect(dsn)
    news: list[tuple[int, float]] = []
    await listener.add_listener("trellis_log", lambda *told: news.append((int(told[3]), monotonic())))
    leading = asyncio.create_task(Sequencer(dsn).run())
    log, answered = EventLog(pool), dict[str, float]()
    until = monotonic() + seconds

    async def write(writer: int) -> None:
        version = 0
        while monotonic() < until:
            stream = StreamId(f"journey-lag.{writer}")
            await log.append(stream, version, f"{stream}:{version}", [event()])
            version += 1
            answered[f"{stream}@{version}"] = monotonic()

    await asyncio.gather(*(write(writer) for writer in range(WRITERS)))
    while await pool.fetchval(query("head")) > news[-1][0] or await waiting(pool):  # noqa: ASYNC110 - Postgres decides
        await asyncio.sleep(0.05)
    heads = [head for head, _ in news]
    rows = await pool.fetch(
        "select l.position, e.stream, e.version from trellis.log l join trellis.events e using (seq)"
    )
    found = [
        1000 * max(0.0, news[bisect_left(heads, row["position"])][1] - answered[f"{row['stream']}@{row['version']}"])
        for row in rows
    ]
    leading.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await leading
    await listener.close()
    await pool.close()
    return found, len(answered) / seconds


async def lone(dsn: str, count: int, *, heard: bool) -> list[float]:
    """The same for single appends to an idle sequencer. `heard`: whether the sequencer is in the writer's process."""
    writer, listener = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    positioned = asyncio.Event()
    await listener.add_listener("trellis_log", lambda *_: positioned.set())
    leading = asyncio.create_task(Sequencer(dsn).run())
    found = []
    for number in range(count):
        await asyncio.sleep(0.06)  # it has slowed down by then
        stream = StreamId(f"journey-lone.{heard}.{number}")
        positioned.clear()
        await writer.fetchrow(*append_statement(stream, 0, [event()]))
        answered = monotonic()
        if heard:
            announce_commit()
        await positioned.wait()
        found.append(1000 * (monotonic() - answered))
    leading.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await leading
    await writer.close()
    await listener.close()
    return found


async def waiting(pool: Pool) -> bool:
    async with pool.acquire() as connection:
        return (await state(connection)).waiting > 0


async def measure() -> list[Figure]:
    events, seconds = (100_000, 3.0) if quick() else (500_000, 20.0)
    async with server() as postgres:
        speeds = [await alone(await fresh(postgres, f"alone_{n}"), events) for n in range(1 if quick() else 3)]
        found, appends = await lags(await fresh(postgres, "lag"), seconds)
        count, dsn = (50 if quick() else 200), await fresh(postgres, "lone")
        here, elsewhere = await lone(dsn, count, heard=True), await lone(dsn, count, heard=False)
    p99 = quantiles(found, n=100)[98]
    return [
        Figure("sequencer", median(speeds), "events/s", bar="at least 100,000"),
        Figure(
            "sequencer_lag_p99_ms",
            p99,
            "ms",
            against=f"16 writers, {appends:,.0f} appends/s; median {median(found):.1f} ms, most {max(found):.0f} ms",
            bar="under 100",
        ),
        *(
            Figure(
                name, quantiles(one, n=100)[98], "ms", against=f"{count} appends; median {median(one):.1f} ms", bar=bar
            )
            for name, one, bar in (
                ("sequencer_lone_here_p99_ms", here, "under 25"),
                ("sequencer_lone_elsewhere_p99_ms", elsewhere, "under 50"),
            )
        ),
    ]


def main() -> None:
    report("The sequencer", asyncio.run(measure()))


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
