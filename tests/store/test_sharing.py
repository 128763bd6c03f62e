"""Readers get a part of the connections, so that what changes something never waits for them."""

import asyncio

import pytest

from store.database import Connection, Pool, open_pool
from store.use import Use, used_for
from tests.support.waiting import waiting_for_locks


async def test_readers_leave_connections_for_changes(dsn: str) -> None:
    pool = await open_pool(dsn, max_size=4)
    holder = await pool.acquire()
    await holder.execute("select pg_advisory_lock(77)")
    readers = [asyncio.create_task(_read(pool)) for _ in range(8)]
    await _two_wait(holder)
    assert await pool.fetchval("select 1") == 1, "a change goes on"
    assert await waiting_for_locks(holder) == 2
    for one in (*readers[:2], *readers[-2:]):  # of those who have a connection, and of those who wait for one
        one.cancel()
        with pytest.raises(asyncio.CancelledError):
            await one
    await _two_wait(holder)
    await holder.execute("select pg_advisory_unlock(77)")
    await pool.release(holder)
    assert sum(await asyncio.gather(*readers[2:-2])) == 4
    await pool.close()


async def _read(pool: Pool) -> int:
    with used_for(Use.READING):
        await pool.execute("select pg_advisory_lock_shared(77), pg_advisory_unlock_shared(77)")
        return 1


async def _two_wait(holder: Connection) -> None:
    async with asyncio.timeout(30):
        while await waiting_for_locks(holder) != 2:  # noqa: ASYNC110 - Postgres tells nobody
            await asyncio.sleep(0.01)
