"""A dump, read back, gives the same log; what is detached comes back as it was."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from domain.ids import StreamId, journey_stream
from projections.runner import catch_up
from projections.views import board
from store import retention, sequencer
from store.audit import verify
from store.database import Pool, open_pool, query
from store.dump import BadDump, Incomplete, NotEmpty, restore
from store.errors import Conflict, Detached
from store.event_log import EventLog, NewEvent, RecordedEvent
from store.retention import DamagedFile, NotDetachable
from tests.projections.stories import journey, story, tell
from tests.support.dumps import AT, lines_of, log, other

__all__ = ["log", "other"]

FAR = datetime(2100, 1, 1, tzinfo=UTC)


async def test_a_dump_gives_the_same_positions_and_views(log: EventLog, pool: Pool, dsn: str, other: str) -> None:
    lines = await lines_of(pool)
    imported = await restore(other, lines)
    there = await open_pool(other, max_size=3)
    assert (imported.events, imported.streams, imported.kits) == (await log.head(), 7, 1)
    assert await EventLog(there).read_all() == await log.read_all()
    assert await lines_of(there) == lines
    assert (await verify(there)).findings == []
    for database in (dsn, other):
        await catch_up(database)
    assert await board.page(there) == await board.page(pool)

    again = await EventLog(there).append(StreamId("system-1"), None, "precise", [_precise(), _precise()])
    assert again.repeated, "what was appended there is known here"
    stream = journey_stream(journey(1))
    told = [as_new(one) for one in (await log.read_stream(stream))[3:5]]
    for one in (log, EventLog(there)):
        assert (await one.append(stream, 3, "told", told[:1])).repeated, "by what stands at its place"
        with pytest.raises(Conflict):
            await one.append(stream, 3, "told", [replace(told[0], meta={"order": "another"})])
    assert await there.fetch(_FIRSTS) == await pool.fetch(_FIRSTS)
    await tell(EventLog(there), 0, story(0), after=3)
    await sequencer.drain(other)
    await catch_up(other)
    row = await board.one(there, journey(0))
    assert row is not None
    assert row.stage == "closed"
    there.terminate()


_FIRSTS = """select stream, min(seq), bool_and(seq >= first_seq) from trellis.events join trellis.streams using (stream)
             group by stream order by stream"""


def as_new(one: RecordedEvent) -> NewEvent:
    return NewEvent(one.event_id, one.type, one.schema_version, one.body, one.occurred_at, one.meta)


def _precise() -> NewEvent:
    return NewEvent(uuid4(), "system.noted", 1, '{"n": 2.50, "big": 12345678901234567890.123456789}', AT)


async def test_only_an_empty_log_takes_a_dump(log: EventLog, pool: Pool, dsn: str) -> None:
    with pytest.raises(NotEmpty):
        await restore(dsn, await lines_of(pool))


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda lines: lines[1:], "line 1 of the dump: a dump begins with its header"),
        (lambda _: [], "line 1 of the dump"),
        (lambda lines: lines[:20], r"it ends after 18 of \d+ events"),
        (lambda lines: lines[:10] + lines[11:], r"line 11 of the dump: position 10 where 9 was to be"),
        (lambda lines: [*lines[:10], "{broken", *lines[11:]], "line 11 of the dump"),
        (
            lambda lines: [line.replace('"occurred_at" : "20', '"occurred_at" : "00') for line in lines],
            r"line \d+ of the dump: .*out of range",
        ),
        (
            lambda lines: [re.sub(r'"recorded_at" : "[^"]+"', '"recorded_at" : "infinity"', line) for line in lines],
            r"line \d+ of the dump: .*recorded_at",
        ),
        (
            lambda lines: [line.replace('"l-2"', '"l-9"') for line in lines],
            "does not have the content that it was exported with",
        ),
    ],
)
async def test_a_damaged_dump_changes_nothing(
    log: EventLog, pool: Pool, other: str, damage: "type[list[str]]", problem: str
) -> None:
    with pytest.raises(BadDump, match=problem):
        await restore(other, damage(await lines_of(pool)))
    connection = await asyncpg.connect(other)
    assert not await connection.fetchval(query("log_used"))
    await connection.close()


@pytest.fixture
async def small(pool: Pool) -> None:
    """Partitions of ten events, from the beginning of the log."""
    await pool.execute("update trellis.layout set partition_events = 10, partitions_ahead = 20")
    for row in await pool.fetch("delete from trellis.partitions returning name"):
        await pool.execute(f"drop table trellis.{row['name']}")
    await pool.execute(query("partitions_create"))


async def test_a_quiet_partition_is_moved_to_a_file_and_back(
    small: None, log: EventLog, pool: Pool, dsn: str, tmp_path: Path
) -> None:
    before = await log.read_all()
    first = (await retention.partitions(pool))[0]

    file = await retention.detach(dsn, first.name, tmp_path, FAR)

    assert [one["seq"] for one in retention.read(file)] == list(range(1, 11))
    assert (await retention.partitions(pool))[0].detached_to == str(file)
    assert (await verify(pool)).findings == []
    with pytest.raises(Detached, match=r"version 1 of journey-ready\.l-0 was detached to a file"):
        await log.read_stream(StreamId("journey-ready.l-0"))
    with pytest.raises(Detached, match=r"version 1 of journey-ready\.l-0 was detached to a file"):
        await log.append(StreamId("journey-ready.l-0"), 0, "again", [as_new(before[0])])
    with pytest.raises(Incomplete):
        await lines_of(pool)
    with pytest.raises(Exception, match="read detached partitions back with `trellis log attach`"):
        await catch_up(dsn)

    assert await retention.attach(dsn, first.name) == 10
    assert await log.read_all() == before
    assert (await verify(pool)).findings == []
    await catch_up(dsn)


async def test_what_is_still_of_use_stays(small: None, log: EventLog, pool: Pool, dsn: str, tmp_path: Path) -> None:
    every = await retention.partitions(pool)
    with pytest.raises(NotDetachable, match="some of its streams go on"):
        await retention.detach(dsn, every[0].name, tmp_path, datetime.now(UTC) - timedelta(hours=1))
    with pytest.raises(NotDetachable, match="it is not full yet"):
        await retention.detach(dsn, every[-1].name, tmp_path, FAR)
    with pytest.raises(NotDetachable, match="there is no such partition"):
        await retention.detach(dsn, "events_0", tmp_path, FAR)
    with pytest.raises(NotDetachable, match="it is not detached"):
        await retention.attach(dsn, every[0].name)


async def test_a_damaged_file_is_not_read_back(
    small: None, log: EventLog, pool: Pool, dsn: str, tmp_path: Path
) -> None:
    first = (await retention.partitions(pool))[0]
    file = await retention.detach(dsn, first.name, tmp_path, FAR)
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(DamagedFile):
        await retention.attach(dsn, first.name)
    assert (await retention.partitions(pool))[0].detached_to == str(file)
