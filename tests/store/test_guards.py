"""Each guard of the log is necessary: without it, the same story ends in damage that the audit sees."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

from domain.ids import StreamId
from store import event_log
from store.audit import verify
from store.database import Connection, Pool, query
from store.errors import Conflict, Deposed
from store.event_log import EventLog
from store.sequencer import assign, take_over
from tests.support.sequencing import event, leader, slow_append
from tests.support.waiting import waiting_for_locks

STREAM = StreamId("journey-1")


@pytest.fixture
def log(pool: Pool) -> EventLog:
    return EventLog(pool)


@pytest.fixture
async def other(dsn: str) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


async def without(pool: Pool, function: str, *guards: str) -> None:
    """Replaces a function of the log by one that lacks these words."""
    source: str = await pool.fetchval("select pg_get_functiondef($1::regproc)", function)
    for guard in guards:
        assert guard in source
        source = source.replace(guard, "")
    await pool.execute(source)


async def two_with_one_expected_version(log: EventLog, dsn: str) -> BaseException | None:
    """One append is slow to commit; another, decided on the same version, comes meanwhile. How that one ended."""
    await log.append(STREAM, 0, "first", [event()])
    async with slow_append(dsn, STREAM, expected=1) as slow:
        waiting = asyncio.create_task(log.append(STREAM, 1, "rival", [event()]))
        while not await waiting_for_locks(slow):
            assert not waiting.done()
        await slow.execute("commit")
        return (await asyncio.gather(waiting, return_exceptions=True))[0]  # type: ignore[return-value]


async def test_the_compare_and_set_keeps_versions_apart(log: EventLog, pool: Pool, dsn: str) -> None:
    assert isinstance(await two_with_one_expected_version(log, dsn), Conflict)
    assert (await verify(pool)).findings == []


async def test_without_the_compare_and_set_two_events_get_one_version(
    log: EventLog, pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard = " and version = $2::bigint"
    assert guard in query("append_one")
    monkeypatch.setattr(event_log, "query", lambda name: query(name).replace(guard, ""))
    assert not isinstance(await two_with_one_expected_version(log, dsn), Exception)
    assert any("version 2 follows 2" in one.what for one in (await verify(pool)).findings)


async def two_commands_with_equal_results(log: EventLog) -> bool:
    """Decided at one version. Whether the second is told that its record stands."""
    first = event()
    await log.append(STREAM, 0, "first", [replace(first, meta={"order": "update-1"})])
    try:
        return (await log.append(STREAM, 0, "second", [replace(first, meta={"order": "update-2"})])).repeated
    except Conflict:
        return False


async def test_the_identity_of_the_command_keeps_records_apart(log: EventLog) -> None:
    assert not await two_commands_with_equal_results(log)


async def test_without_the_identity_of_the_command_two_would_share_a_record(
    log: EventLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    guard = " and s.meta ->> 'order' is not distinct from g.meta ->> 'order'"
    assert guard in query("append_conflict")
    monkeypatch.setattr(event_log, "query", lambda name: query(name).replace(guard, ""))
    assert await two_commands_with_equal_results(log)


async def one_is_late(log: EventLog, dsn: str) -> None:
    """An append commits after a later number has been given its position."""
    async with slow_append(dsn, "journey-slow") as slow, leader(dsn) as (connection, epoch):
        await log.append(STREAM, 0, "quick", [event()])
        await assign(connection, epoch, 100)
        await slow.execute("commit")
        await log.append(STREAM, 1, "quick too", [event()])
        await assign(connection, epoch, 100)


async def test_gaps_are_remembered(log: EventLog, pool: Pool, dsn: str) -> None:
    await one_is_late(log, dsn)
    assert (await verify(pool)).findings == []


async def test_without_the_memory_of_gaps_a_late_event_is_lost(log: EventLog, pool: Pool, dsn: str) -> None:
    source = await pool.fetchval("select pg_get_functiondef('trellis.assign_positions'::regproc)")
    await pool.execute(source.replace("where seq > before + 1", "where false"))
    await one_is_late(log, dsn)
    assert len(await log.read_all()) == 2
    assert any(
        "has no position and nobody is going to give it one" in one.what for one in (await verify(pool)).findings
    )


async def a_deposed_leader_goes_on(dsn: str, other: Connection) -> int:
    async with leader(dsn) as (old, old_epoch):
        await take_over(other)
        return await assign(old, old_epoch, 100)


async def test_the_fence_refuses_a_deposed_leader(log: EventLog, dsn: str, other: Connection) -> None:
    await log.append(STREAM, 0, "a", [event()])
    with pytest.raises(Deposed):
        await a_deposed_leader_goes_on(dsn, other)


async def test_without_the_fence_two_would_lead(log: EventLog, pool: Pool, dsn: str, other: Connection) -> None:
    await without(pool, "trellis.assign_positions", " where epoch = p_epoch")
    await log.append(STREAM, 0, "a", [event()])
    assert await a_deposed_leader_goes_on(dsn, other) == 1


async def two_assign_at_once(pool: Pool, dsn: str, other: Connection) -> BaseException | int:
    async with leader(dsn) as (one, epoch):
        transaction = one.transaction()
        await transaction.start()
        await assign(one, epoch, 100)
        rival = asyncio.create_task(assign(other, epoch, 100))
        while not await waiting_for_locks(pool):
            assert not rival.done()
        await transaction.commit()
        return (await asyncio.gather(rival, return_exceptions=True))[0]


async def test_the_lock_of_the_sequencer_gives_each_position_once(
    log: EventLog, pool: Pool, dsn: str, other: Connection
) -> None:
    await log.append(STREAM, 0, "a", [event()])
    assert await two_assign_at_once(pool, dsn, other) == 0
    assert (await verify(pool)).findings == []


async def test_without_the_lock_of_the_sequencer_two_give_the_same_position(
    log: EventLog, pool: Pool, dsn: str, other: Connection
) -> None:
    await without(pool, "trellis.assign_positions", " for update")
    await log.append(STREAM, 0, "a", [event()])
    assert isinstance(await two_assign_at_once(pool, dsn, other), asyncpg.UniqueViolationError)
