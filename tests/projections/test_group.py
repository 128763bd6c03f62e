"""Views that follow the log together: what stops one stops no other, and it joins them again once it has caught up."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from domain.ids import journey_stream
from projections import parked_events
from projections.follower import Moved, UpToDate, lead
from projections.group import Group, Left
from projections.registry import PROJECTIONS
from projections.runner import Runner
from projections.status import statuses
from store import sequencer
from store.database import Pool
from store.errors import Deposed
from store.event_log import EventLog
from store.sequencer import Sequencer
from tests.projections.stories import journey, publish, story, tell
from tests.support.following import Fragile, Tally, running
from tests.support.views import wait_for

OTHERS = [one for name, one in PROJECTIONS.items() if name != "board"]


@pytest.fixture
async def log(pool: Pool) -> EventLog:
    await publish(pool)
    return EventLog(pool)


async def positions(pool: Pool) -> dict[str, int]:
    return {one.name: one.position for one in await statuses(pool)}


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(20):
        while not await true():  # noqa: ASYNC110 - Postgres knows
            await asyncio.sleep(0.02)


async def test_all_move_in_one_transaction(log: EventLog, pool: Pool, dsn: str) -> None:
    await tell(log, 1, story(1, 8))
    await sequencer.drain(dsn)
    connection = await asyncpg.connect(dsn)
    group = Group(connection)
    for projection in PROJECTIONS.values():
        group.join(await lead(connection, projection))
    assert await group.step() == Moved(8)
    assert await pool.fetchval("select count(distinct xmin::text) from trellis.projections") == 1
    assert await group.step() == UpToDate(8)
    assert not await group.is_due()
    await connection.close()


async def test_those_behind_catch_up_with_the_others_first(log: EventLog, pool: Pool, dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    group = Group(connection)
    await tell(log, 1, story(1, 3))
    await sequencer.drain(dsn)
    group.join(await lead(connection, PROJECTIONS["timeline"]))
    assert await group.step() == Moved(3)
    await tell(log, 1, story(1, 5), after=3)
    await sequencer.drain(dsn)
    group.join(await lead(connection, PROJECTIONS["board"]))
    assert [await group.step() for _ in range(3)] == [Moved(3), Moved(5), UpToDate(5)]
    assert await positions(pool) == {"board": 5, "timeline": 5}
    await connection.close()


async def test_one_that_cannot_apply_an_event_leaves_and_nothing_is_doubled(
    log: EventLog, pool: Pool, dsn: str
) -> None:
    await tell(log, 2, story(2, 5))
    await sequencer.drain(dsn)
    connection = await asyncpg.connect(dsn)
    group = Group(connection)
    for projection in (Tally(), Fragile(), PROJECTIONS["timeline"]):
        group.join(await lead(connection, projection))
    left = await group.step()
    assert isinstance(left, Left)
    assert (left.member.name, repr(left.because)) == ("board", "ZeroDivisionError('no weeks in the pathway')")
    assert set((await positions(pool)).values()) == {0}, "the step was taken back for all of them"
    assert await group.step() == Moved(5)
    assert await positions(pool) == {"board": 0, "tally": 5, "timeline": 5}
    assert await pool.fetchval("select array_agg(events) from views.tally") == [3]
    await connection.close()


async def test_one_that_is_led_elsewhere_leaves(log: EventLog, dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    group = Group(connection)
    for projection in (Tally(), PROJECTIONS["timeline"]):
        group.join(await lead(connection, projection))
    await lead(connection, Tally())
    assert await group.is_due()
    left = await group.step()
    assert isinstance(left, Left)
    assert isinstance(left.because, Deposed)
    assert [one.name for one in group.members] == ["timeline"]
    await connection.close()


async def test_a_stopped_one_is_parked_and_joins_the_others_again(log: EventLog, pool: Pool, dsn: str) -> None:
    async with running(Sequencer(dsn), Runner(dsn, [Fragile(), *OTHERS])):
        await tell(log, 1, story(1, 3))
        await wait_for(pool, journey_stream(journey(1)), 3, "board", seconds=20)
        await tell(log, 2, story(2, 5))
        await wait_for(pool, journey_stream(journey(2)), 5, "timeline", seconds=20)

        async def stopped() -> bool:
            return {one.name: one.stopped_at for one in await statuses(pool)}["board"] == 6

        await until(stopped)
        await tell(log, 1, story(1, 5), after=3)
        await wait_for(pool, journey_stream(journey(1)), 5, "timeline", seconds=20)
        await parked_events.park(pool, "board", "the kit has no weeks", "ops:ana")
        await wait_for(pool, journey_stream(journey(1)), 5, "board", seconds=20)
        await tell(log, 1, story(1, 8), after=5)
        await wait_for(pool, journey_stream(journey(1)), 8, "board", seconds=20)

        async def together() -> bool:
            return bool(await pool.fetchval("select count(distinct xmin::text) = 1 from trellis.projections"))

        await tell(log, 1, story(1, 9), after=8)
        await until(together)
