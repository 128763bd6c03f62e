"""Following the log: every event once, in order, whatever happens to the listener."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime
from uuid import uuid4

from domain.ids import StreamId
from store import sequencer
from store.database import Pool
from store.event_log import EventLog, NewEvent
from store.sequencer import Sequencer
from store.tail import tail

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


async def write(log: EventLog, number: int) -> None:
    await log.append(StreamId(f"journey-{number}"), 0, f"a{number}", [NewEvent(uuid4(), "journey.noted", 1, {}, AT)])


async def test_it_goes_on_through_lost_listeners(pool: Pool, dsn: str) -> None:
    log = EventLog(pool)
    leading = asyncio.create_task(Sequencer(dsn).run())
    for number in range(3):
        await write(log, number)
    seen: list[int] = []
    async with asyncio.timeout(20), aclosing(tail(dsn, pool, limit=2)) as pages:
        async for page in pages:
            seen += [one.position or 0 for one in page]
            if len(seen) == 9:
                break
            await pool.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() and application_name = 'trellis signal'"
            )
            if len(seen) >= 3:
                await write(log, len(seen) + 100)
    leading.cancel()
    await asyncio.gather(leading, return_exceptions=True)
    assert seen == list(range(1, 10))


async def test_it_begins_where_it_is_told(pool: Pool, dsn: str) -> None:
    log = EventLog(pool)
    for number in range(5):
        await write(log, number)
    await sequencer.drain(dsn)
    async with aclosing(tail(dsn, pool, after=3)) as pages:
        assert [one.position for one in await anext(pages)] == [4, 5]
