"""The lock of the checkpoint is necessary: without it, two runners apply one batch twice."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import asyncpg
import pytest

import projections.follower
from projections.batch import Batch
from projections.follower import Follower, UpToDate, follow
from projections.sql import query
from store import sequencer
from store.database import Connection, Pool
from store.event_log import EventLog
from tests.projections.stories import story, tell
from tests.support.following import Tally
from tests.support.waiting import waiting_for_locks


class Slow(Tally):
    """Waits, in its transaction, until it is told to go on."""

    def __init__(self) -> None:
        self.began, self.go_on = asyncio.Event(), asyncio.Event()

    async def apply(self, connection: Connection, batch: Batch) -> None:
        self.began.set()
        await self.go_on.wait()
        await super().apply(connection, batch)


@pytest.fixture
async def two(pool: Pool, dsn: str) -> AsyncIterator[tuple[Slow, Follower, Follower]]:
    """Two followers who both believe that they lead, over a log of three events."""
    await tell(EventLog(pool), 1, story(1, 3))
    await sequencer.drain(dsn)
    one, other = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    slow = Slow()
    first = await follow(one, slow)
    yield slow, first, Follower(other, replace(first.member, projection=Tally()))
    await one.close()
    await other.close()


async def both_step(two: tuple[Slow, Follower, Follower], pool: Pool) -> list[int]:
    slow, first, second = two
    stepping = asyncio.create_task(first.step())
    await slow.began.wait()
    rival = asyncio.create_task(second.step())
    while not (rival.done() or await waiting_for_locks(pool)):  # noqa: ASYNC110 - Postgres knows
        await asyncio.sleep(0)
    slow.go_on.set()
    await asyncio.gather(stepping, rival)
    while not isinstance(await second.step(), UpToDate):
        pass
    counts: list[int] = await pool.fetchval("select array_agg(events) from views.tally")
    return counts


async def test_the_lock_of_the_checkpoint_lets_one_apply(two: tuple[Slow, Follower, Follower], pool: Pool) -> None:
    assert await both_step(two, pool) == [3]


async def test_without_it_both_do(
    two: tuple[Slow, Follower, Follower], pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unguarded(name: str) -> str:
        return query(name).replace("for update of p", "") if name == "checkpoint_lock" else query(name)

    monkeypatch.setattr(projections.follower, "query", unguarded)
    assert await both_step(two, pool) == [6]
