"""A stream is looked for in the partitions from its first event on, and in no other."""

import json
from typing import Any
from uuid import uuid4

import pytest

from domain.ids import StreamId
from store import sequencer
from store.audit import verify
from store.database import Pool, query
from store.event_log import EventLog
from tests.support.appends import AT, event

EARLY, LATE = StreamId("journey-early"), StreamId("journey-late")


@pytest.fixture
async def log(pool: Pool) -> EventLog:
    """Twenty partitions of ten events, and two streams: one through them all, one that begins in the last but one."""
    await pool.execute("update trellis.layout set partition_events = 10, partitions_ahead = 1")
    for row in await pool.fetch("delete from trellis.partitions returning name"):
        await pool.execute(f"drop table trellis.{row['name']}")
    await pool.execute(query("partitions_create"))
    log = EventLog(pool)
    for number in range(18):
        await log.append(EARLY, number * 10, f"early-{number}", [event() for _ in range(10)])
        await pool.execute(query("partitions_create"))
    await log.append(LATE, 0, "late", [event() for _ in range(5)])
    await log.append(EARLY, 180, "early again", [event() for _ in range(5)])
    await pool.execute(query("partitions_create"))
    return log


async def asked(pool: Pool, statement: str, *arguments: object) -> list[str]:
    """The partitions that a statement reads when its plan is made once for all streams, as it is after some calls."""
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("set local plan_cache_mode = force_generic_plan")
        plan = await connection.fetchval(f"explain (analyze, format json) {query(statement)}", *arguments)
    return sorted(_scanned(json.loads(plan)[0]["Plan"]))


def _scanned(node: dict[str, Any]) -> set[str]:
    below = [_scanned(one) for one in node.get("Plans", ())]
    mine = {node["Relation Name"]} if str(node.get("Relation Name", "")).startswith("events_0") else set()
    return mine.union(*below)


async def test_partitions_before_the_first_event_of_a_stream_are_not_asked(log: EventLog, pool: Pool) -> None:
    every = [row["name"] for row in await pool.fetch("select name from trellis.partitions order by from_seq")]
    assert len(every) == 20
    for statement, arguments in (("read_stream", (1, None)), ("last_before", (AT,))):
        assert await asked(pool, statement, LATE, *arguments) == every[18:]
        assert await asked(pool, statement, EARLY, *arguments) == every
    assert [one.version for one in await log.read_stream(LATE)] == [1, 2, 3, 4, 5]
    assert len(await log.read_stream(EARLY)) == 185


async def test_a_stream_of_an_earlier_release_is_found_and_remembered_with_its_next_append_of_several_events(
    log: EventLog, pool: Pool, dsn: str
) -> None:
    await pool.execute("update trellis.streams set first_seq = null")
    assert len(await asked(pool, "read_stream", LATE, 1, None)) == 20
    assert len(await log.read_stream(LATE)) == 5
    await log.append(LATE, 5, "late again", [event()])
    assert len(await log.read_stream(LATE)) == 6
    await log.append(LATE, 6, "and again", [event(), event()])
    assert len(await asked(pool, "read_stream", LATE, 1, None)) == 2
    assert len(await log.read_stream(LATE)) == 8
    await sequencer.drain(dsn)
    assert (await verify(pool)).findings == []


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize("expected", [0, None])
async def test_no_event_comes_before_the_first_that_a_stream_remembers(
    log: EventLog, pool: Pool, expected: int | None, size: int
) -> None:
    stream = StreamId(f"journey-{uuid4()}")
    await log.append(stream, expected, "new", [event() for _ in range(size)])
    remembered = """select first_seq - min(seq) from trellis.streams join trellis.events using (stream)
                     where stream = $1 group by first_seq"""
    assert await pool.fetchval(remembered, stream) == 0
