"""Appending, compared with a plain INSERT of the same rows into a table with the same indexes, and with the peer."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from statistics import median
from time import monotonic
from uuid import uuid4

from eventsourcing.postgres import PostgresApplicationRecorder

from bench.databases import fresh, server
from bench.options import quick
from bench.peer import datastore, stored
from bench.table import Figure, report
from domain.ids import StreamId
from runtime import ending
from runtime.exits import Exit
from store.database import Pool, open_pool
from store.event_log import EventLog, NewEvent

WRITERS = 16
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
DATA = '{"milestone": "cv", "attempt": 1, "verdict": "passed", "score": 83.5, "feedback": "' + "well done, " * 16 + '"}'
META = {"actor": "ops:ana", "cause": "a command"}

_COLUMNS = "stream, version, event_id, type, schema_version, data, meta, occurred_at"
_PLAIN_TABLE = """
    create table plain (like trellis.events including defaults);
    create sequence plain_seq; alter table plain alter seq set default nextval('plain_seq');
    alter table plain add primary key (seq); create index on plain (stream, version);"""
_PLAIN_ONE = f"insert into plain ({_COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8)"  # noqa: S608
_PLAIN_MANY = f"""insert into plain ({_COLUMNS})
    select * from unnest($1::text[], $2::bigint[], $3::uuid[], $4::text[], $5::int[], $6::jsonb[], $7::jsonb[],
                         $8::timestamptz[])"""  # noqa: S608
_META_TEXT = '{"actor": "ops:ana", "cause": "a command"}'


def event() -> NewEvent:
    return NewEvent(uuid4(), "journey.milestone_reviewed", 1, DATA, AT, META)


Write = Callable[[int, int], Awaitable[object]]
"""Writes once, as the n-th writer for the m-th time."""


async def rate(write: Write, writers: int, seconds: float, round_number: int) -> float:
    """Writes a second by the given number of concurrent writers."""
    until = monotonic() + seconds

    async def work(writer: int) -> int:
        count = 0
        while monotonic() < until:
            await write(writer, round_number * 1_000_000 + count)
            count += 1
        return count

    began = monotonic()
    return sum(await asyncio.gather(*(work(writer) for writer in range(writers)))) / (monotonic() - began)


def one_each(log: EventLog, versions: dict[StreamId, int]) -> Write:
    async def write(writer: int, number: int) -> None:
        # A journey a writer, as its workflow does it: twenty events, then the next journey.
        stream = StreamId(f"journey-bench.{writer}.{number // 20}")
        version = versions.get(stream, 0)
        await log.append(stream, version, f"{stream}:{version}", [event()])
        versions[stream] = version + 1

    return write


def plain_one(pool: Pool) -> Write:
    async def write(writer: int, number: int) -> None:
        stream = f"journey-bench.{writer}.{number // 20}"
        await pool.execute(_PLAIN_ONE, stream, number, uuid4(), "journey.milestone_reviewed", 1, DATA, _META_TEXT, AT)

    return write


def batches(log: EventLog) -> Write:
    events = [event() for _ in range(100)]

    async def write(writer: int, number: int) -> None:
        stream = StreamId(f"journey-batch.{writer}.{number}")
        await log.append(stream, 0, stream, events)

    return write


def plain_batches(pool: Pool) -> Write:
    versions, ids = list(range(100)), [uuid4() for _ in range(100)]
    columns = (ids, ["journey.milestone_reviewed"] * 100, [1] * 100, [DATA] * 100, [_META_TEXT] * 100, [AT] * 100)

    async def write(writer: int, number: int) -> None:
        await pool.execute(_PLAIN_MANY, [f"journey-batch.{writer}.{number}"] * 100, versions, *columns)

    return write


async def peer_rate(dsn: str, seconds: float) -> float:
    """The peer's appends a second, by 16 threads, one event each."""
    store = datastore(dsn, WRITERS)
    recorder = PostgresApplicationRecorder(store)
    recorder.create_table()
    until = monotonic() + seconds

    def work() -> int:
        count = 0
        while monotonic() < until:
            recorder.insert_events([stored(DATA)])
            count += 1
        return count

    began = monotonic()
    with ThreadPoolExecutor(WRITERS) as threads:
        counts = await asyncio.gather(
            *(asyncio.get_running_loop().run_in_executor(threads, work) for _ in range(WRITERS))
        )
    store.close()
    return sum(counts) / (monotonic() - began)


async def measure() -> list[Figure]:
    turns, seconds = (4, 0.5) if quick() else (16, 0.75)
    async with server() as postgres:
        dsn = await fresh(postgres)
        pool = await open_pool(dsn, min_size=WRITERS, max_size=WRITERS)
        await pool.execute(_PLAIN_TABLE)
        log, versions = EventLog(pool), dict[StreamId, int]()
        writes: dict[str, tuple[Write, int]] = {
            "one": (one_each(log, versions), WRITERS),
            "plain one": (plain_one(pool), WRITERS),
            "batch": (batches(log), 1),
            "plain batch": (plain_batches(pool), 1),
        }
        rates: dict[str, list[float]] = {name: [] for name in writes}
        for number in range(turns):  # in short turns, so that all run under the same load
            for name, (write, writers) in writes.items():
                rates[name].append(await rate(write, writers, seconds, number))
        peer = await peer_rate(dsn, 3.0)
        await pool.close()
    one, plain, batch, plain_batch = (median(rates[name]) for name in writes)
    return [
        Figure(
            "append_1x16",
            one,
            "events/s",
            _ratio(rates["one"], rates["plain one"]),
            f"plain INSERT {plain:,.0f}/s",
            "at least 0.75 of it",
        ),
        Figure("append_1x16_peer", one, "events/s", one / peer, f"eventsourcing {peer:,.0f}/s", "at least 8 times it"),
        Figure(
            "append_batch100",
            batch * 100,
            "events/s",
            _ratio(rates["batch"], rates["plain batch"]),
            f"plain unnest INSERT {plain_batch * 100:,.0f}/s",
            "at least 0.9 of it",
        ),
    ]


def _ratio(rates: list[float], plain: list[float]) -> float:
    """The median of the ratios of each turn."""
    return median(ours / theirs for ours, theirs in zip(rates, plain, strict=True))


def main() -> None:
    report("Appending to the log", asyncio.run(measure()))


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
