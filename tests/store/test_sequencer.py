"""Positions: dense, in the order of every stream, whatever commits late, never, or twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import asyncpg
import pytest

from domain.ids import StreamId
from store import sequencer
from store.audit import verify
from store.database import Connection, Pool, query
from store.errors import Deposed
from store.event_log import EventLog
from store.sequencer import Sequencer, assign, is_due, state
from tests.support.sequencing import event, leader, slow_append
from tests.support.waiting import waiting_for_locks


@pytest.fixture
def log(pool: Pool) -> EventLog:
    return EventLog(pool)


@asynccontextmanager
async def leading(dsn: str) -> AsyncIterator[None]:
    """A sequencer that leads."""
    one = Sequencer(dsn)
    task = asyncio.create_task(one.run())
    await one.leading.wait()
    yield
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def order(log: EventLog) -> list[str]:
    page = await log.read_all()
    assert [one.position for one in page] == list(range(1, len(page) + 1))
    return [f"{one.stream}@{one.version}" for one in page]


async def test_a_straggler_is_late_and_never_lost(log: EventLog, pool: Pool, dsn: str) -> None:
    async with slow_append(dsn, "journey-slow") as slow, leader(dsn) as (connection, epoch):
        await log.append(StreamId("journey-quick"), 0, "q", [event()])
        assert await assign(connection, epoch, 100) == 1
        assert (await state(connection)).open_gaps == 1
        assert await assign(connection, epoch, 100) == 0, "it is waited for by nobody"
        await log.append(StreamId("journey-quick"), 1, "q2", [event()])
        assert await assign(connection, epoch, 100) == 1
        await slow.execute("commit")
        assert await assign(connection, epoch, 100) == 1
        now = await state(connection)
        assert (now.stragglers, now.open_gaps, now.waiting) == (1, 0, 0)
    assert await order(log) == ["journey-quick@1", "journey-quick@2", "journey-slow@1"]
    assert (await verify(pool)).findings == []


async def test_a_straggler_comes_before_what_followed_it_in_its_stream(log: EventLog, dsn: str) -> None:
    async with slow_append(dsn, "journey-slow") as slow, leader(dsn) as (connection, epoch):
        await log.append(StreamId("journey-quick"), 0, "q", [event()])
        await assign(connection, epoch, 100)
        await slow.execute("commit")
        await log.append(StreamId("journey-slow"), 1, "s2", [event()])
        await assign(connection, epoch, 1)
        await assign(connection, epoch, 1)
    assert await order(log) == ["journey-quick@1", "journey-slow@1", "journey-slow@2"]


async def test_a_rolled_back_number_is_forgotten(log: EventLog, dsn: str) -> None:
    async with slow_append(dsn, "journey-slow") as slow, leader(dsn) as (connection, epoch):
        await log.append(StreamId("journey-quick"), 0, "q", [event()])
        await assign(connection, epoch, 100)
        await assign(connection, epoch, 100)
        assert (await state(connection)).open_gaps == 1
        await slow.execute("rollback")
        await assign(connection, epoch, 100)
        assert (await state(connection)).open_gaps == 0
    assert await order(log) == ["journey-quick@1"]


async def test_an_idle_transaction_delays_nothing_but_itself(log: EventLog, dsn: str) -> None:
    async with slow_append(dsn, "journey-idle"), leader(dsn) as (connection, epoch):
        for number in range(20):
            await log.append(StreamId(f"journey-{number}"), 0, f"a{number}", [event()])
            assert await assign(connection, epoch, 100) == 1
        assert (await state(connection)).open_gaps == 1
    assert len(await order(log)) == 20


async def test_an_old_transaction_id_that_never_appends_keeps_no_gap_open_for_ever(log: EventLog, dsn: str) -> None:
    idle = await asyncpg.connect(dsn)
    await idle.execute("begin; select pg_current_xact_id()")
    async with slow_append(dsn, "journey-lost") as lost, leader(dsn) as (connection, epoch):
        await log.append(StreamId("journey-quick"), 0, "q", [event()])
        await assign(connection, epoch, 100)
        await lost.execute("rollback")
        await log.append(StreamId("journey-quick"), 1, "q2", [event()])
        assert await assign(connection, epoch, 100) == 1
        assert (await state(connection)).open_gaps == 1, "the idle one might still bring it, for all that is known"
        await idle.execute("rollback")
        await assign(connection, epoch, 100)
        assert (await state(connection)).open_gaps == 0
    await idle.close()


async def test_a_gap_is_settled_without_reading_the_log(log: EventLog, pool: Pool, dsn: str) -> None:
    """However long the log is: a scan of it for every gap would make positions later and later."""
    await log.append(StreamId("journey-long"), 0, "long", [event() for _ in range(5_000)])
    async with slow_append(dsn, "journey-slow") as slow, leader(dsn) as (connection, epoch):
        await log.append(StreamId("journey-quick"), 0, "q", [event()])
        await assign(connection, epoch, 10_000)
        await pool.execute("analyze trellis.log, trellis.events")
        await slow.execute("commit")
        async with connection.transaction():
            assert await assign(connection, epoch, 10_000) == 1
            for table in ("log", "events_000000000001"):
                read = "select pg_stat_get_xact_tuples_returned($1::text::regclass)"
                assert await connection.fetchval(read, f"trellis.{table}") == 0, f"{table} was scanned"


async def test_looking_draws_no_transaction_id(log: EventLog, dsn: str) -> None:
    async with slow_append(dsn, "journey-slow"), leader(dsn) as (connection, epoch):
        await log.append(StreamId("journey-quick"), 0, "q", [event()])
        async with connection.transaction():
            assert await is_due(connection, epoch)
            assert await connection.fetchval("select pg_current_xact_id_if_assigned()") is None
        assert await assign(connection, epoch, 100) == 1
        assert await is_due(connection, epoch), "who may still fill the gap is to be written down"
        await assign(connection, epoch, 100)
        assert not await is_due(connection, epoch), "the gap is open, and nothing can be done about it"


async def test_a_leader_with_nothing_to_do_draws_no_transaction_ids(
    log: EventLog, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = assigned = 0
    drawn = set[str | None]()

    async def looked(connection: Connection, epoch: int) -> bool:
        nonlocal looks
        async with connection.transaction():
            due = await is_due(connection, epoch)
            drawn.add(await connection.fetchval("select pg_current_xact_id_if_assigned()"))
        looks += 1
        return due

    async def assigning(connection: Connection, epoch: int, limit: int) -> int:
        nonlocal assigned
        assigned += 1
        return await assign(connection, epoch, limit)

    monkeypatch.setattr(sequencer, "is_due", looked)
    monkeypatch.setattr(sequencer, "assign", assigning)
    async with slow_append(dsn, "journey-slow"), leading(dsn):
        await log.append(StreamId("journey-quick"), 0, "q", [event()])
        async with asyncio.timeout(30):
            while looks < 5 or not await log.head():  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            looks = assigned = 0
            drawn.clear()
            while looks < 20:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert (drawn, assigned) == ({None}, 0)


async def test_a_commit_in_the_same_process_wakes_the_leader(
    log: EventLog, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked = asyncio.Event()

    async def blind(_connection: Connection, _epoch: int) -> bool:
        looked.set()
        return False

    monkeypatch.setattr(sequencer, "is_due", blind)
    async with leading(dsn), asyncio.timeout(10):
        await looked.wait()
        await log.append(StreamId("journey-1"), 0, "a", [event()])
        while await log.head() < 1:  # noqa: ASYNC110 - the sequencer writes it
            await asyncio.sleep(0.005)


async def test_a_commit_of_another_process_is_found_by_looking(pool: Pool, log: EventLog, dsn: str) -> None:
    async with leading(dsn), asyncio.timeout(10):
        async with slow_append(dsn, "journey-1") as elsewhere:
            await elsewhere.execute("commit")
        while await log.head() < 1:  # noqa: ASYNC110 - the sequencer writes it
            await asyncio.sleep(0.005)


async def test_a_deposed_leader_is_refused(log: EventLog, dsn: str) -> None:
    await log.append(StreamId("journey-1"), 0, "a", [event()])
    async with leader(dsn) as (old, old_epoch), leader(dsn) as (new, new_epoch):
        with pytest.raises(Deposed):
            await assign(old, old_epoch, 100)
        assert await assign(new, new_epoch, 100) == 1


@pytest.mark.parametrize("size", [1, 3])
async def test_an_append_draws_its_numbers_under_the_lock_of_its_stream(
    log: EventLog, pool: Pool, dsn: str, size: int
) -> None:
    """And only when it has a transaction id: the order of a stream, and the end of a gap, depend on that."""
    last = "select last_value from trellis.events_seq"
    for expected in (0, 1):
        async with slow_append(dsn, "journey-1", expected) as slow:
            before = await pool.fetchval(last)
            events = [event() for _ in range(size)]
            waiting = asyncio.create_task(log.append(StreamId("journey-1"), expected, "a", events))
            while not await waiting_for_locks(slow):
                assert not waiting.done()
            assert await pool.fetchval(last) == before
            await slow.execute("rollback" if expected else "commit")
            await asyncio.gather(waiting, return_exceptions=True)
    rows = await pool.fetch("select version, seq, xmin from trellis.events where stream = 'journey-1' order by version")
    assert [row["version"] for row in rows] == list(range(1, size + 2))
    assert [row["seq"] for row in rows] == sorted(row["seq"] for row in rows)


async def test_two_at_once_over_many_writers(log: EventLog, pool: Pool, dsn: str) -> None:
    tasks = [asyncio.create_task(Sequencer(dsn, batch=7).run()) for _ in range(2)]

    async def write(number: int) -> None:
        for version in range(10):
            await log.append(StreamId(f"journey-{number}"), version, f"{number}:{version}", [event()])

    await asyncio.gather(*(write(number) for number in range(16)))
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert await sequencer.drain(dsn) == 160
    assert len(await order(log)) == 160
    assert (await verify(pool)).findings == []


async def test_a_partition_is_made_while_an_append_stays_open(log: EventLog, pool: Pool, dsn: str) -> None:
    await pool.execute("update trellis.layout set partitions_ahead = 5")
    async with slow_append(dsn, "journey-slow"), asyncio.timeout(5):
        assert await pool.fetchval(query("partitions_create")) == 2
        await log.append(StreamId("journey-quick"), 0, "q", [event()])


async def test_partitions_are_made_ahead(log: EventLog, pool: Pool, dsn: str) -> None:
    await pool.execute("update trellis.layout set partition_events = 10")
    first = await pool.fetchval("select max(to_seq) from trellis.partitions")
    await pool.execute("select setval('trellis.events_seq', $1)", first - 5)
    await pool.execute(query("partitions_create"))
    for number in range(4):
        await log.append(StreamId("journey-1"), number * 5, f"a{number}", [event() for _ in range(5)])
        async with leader(dsn) as (connection, _):
            await connection.execute(query("partitions_create"))
    assert await pool.fetchval("select count(*) from trellis.partitions where from_seq >= $1", first) >= 3
    assert await sequencer.drain(dsn) == 20
    assert (await verify(pool)).findings == []
    assert len(await log.read_stream(StreamId("journey-1"))) == 20
