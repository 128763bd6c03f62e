"""The runner: exactly once, through restarts, rivals and events that cannot be applied."""

import asyncio
import re

import asyncpg
import pytest

from domain.ids import journey_stream
from projections.follower import UpToDate, follow
from projections.registry import PROJECTIONS
from projections.runner import Runner, catch_up
from projections.status import statuses
from projections.views import board
from store import sequencer
from store.database import Pool
from store.errors import Deposed
from store.event_log import EventLog
from store.sequencer import Sequencer
from tests.projections.stories import journey, publish, story, tell
from tests.support.following import Tally, running
from tests.support.views import wait_for


@pytest.fixture
async def log(pool: Pool) -> EventLog:
    await publish(pool)
    return EventLog(pool)


async def test_it_follows_the_log_while_it_grows(log: EventLog, pool: Pool, dsn: str) -> None:
    async with running(Sequencer(dsn), Runner(dsn)):
        for number in range(5):
            await tell(log, number, story(number))
            await wait_for(pool, journey_stream(journey(number)), 15, "board")
            row = await board.one(pool, journey(number))
            assert row is not None
            assert row.stage == "closed"


async def test_two_at_once_do_no_harm(log: EventLog, pool: Pool, dsn: str) -> None:
    projections = [Tally()]
    async with running(Sequencer(dsn), Sequencer(dsn), Runner(dsn, projections), Runner(dsn, projections)):
        await asyncio.gather(*(tell(log, number, story(number, 3)) for number in range(20)))
        for number in range(20):
            await wait_for(pool, journey_stream(journey(number)), 3, "tally")
    assert await pool.fetchval("select array_agg(distinct events) from views.tally") == [3]


async def test_killed_connections_lose_and_double_nothing(log: EventLog, pool: Pool, dsn: str) -> None:
    async with running(Sequencer(dsn), Runner(dsn, [Tally()])):
        for number in range(8):
            await tell(log, number, story(number, 3))
            await pool.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity "
                "where datname = current_database() "
                "and application_name in ('trellis sequencer', 'trellis views', 'trellis tally')"
            )
        for number in range(8):
            await wait_for(pool, journey_stream(journey(number)), 3, "tally", seconds=10)
    assert await pool.fetchval("select array_agg(distinct events) from views.tally") == [3]


async def test_whoever_was_deposed_is_refused(log: EventLog, dsn: str) -> None:
    await tell(log, 1, story(1, 3))
    await sequencer.drain(dsn)
    old, new = await asyncpg.connect(dsn), await asyncpg.connect(dsn)
    first = await follow(old, Tally())
    await follow(new, Tally())
    with pytest.raises(Deposed):
        await first.step()
    await old.close()
    await new.close()


@pytest.mark.parametrize("limit", [1, 2, 7, 5000])
async def test_any_batch_size_gives_the_same_rows(log: EventLog, pool: Pool, dsn: str, limit: int) -> None:
    for number in range(4):
        await tell(log, number, story(number))
    await sequencer.drain(dsn)
    connection = await asyncpg.connect(dsn)
    follower = await follow(connection, PROJECTIONS["board"])
    follower.limit = limit
    while not isinstance(await follower.step(), UpToDate):
        follower.limit = limit
    await connection.close()
    rows = (await board.page(pool)).rows
    shown = [(row.stage, row.ending, row.mentor) for row in rows]
    assert shown == [("closed", "completed", f"m-{n % 3}") for n in range(4)]


async def test_every_projection_of_the_registry_is_live_and_shows_its_tables(pool: Pool, dsn: str) -> None:
    await catch_up(dsn)
    await catch_up(dsn)  # a second pass makes no second generation
    assert [(one.name, one.generation, one.version, one.status) for one in await statuses(pool)] == [
        (name, 1, projection.version, "live") for name, projection in sorted(PROJECTIONS.items())
    ]
    tables = {
        table
        for projection in PROJECTIONS.values()
        for table in re.findall(r"create (?:unlogged )?table (\w+)", projection.tables)
    }
    shown = await pool.fetch("select table_name from information_schema.views where table_schema = 'views'")
    assert tables - {row["table_name"] for row in shown} == {"states"}, "what folds keep for themselves"
