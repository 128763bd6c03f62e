"""A rebuild gives the same rows, is never seen half done, and can be taken back."""

import asyncio
from typing import Any

import asyncpg
import pytest

from domain.activity import LearnerWasActive
from domain.ids import activity_stream, journey_stream
from domain.journey import JourneyEvent, JourneyState
from projections.fold import Folded, Rows
from projections.generations import NothingToGoBackTo, roll_back
from projections.journeys import JourneyViews
from projections.kits import Kits
from projections.projection import Projection
from projections.rebuild import AlreadyRebuilding, Differs, Progress, rebuild
from projections.registry import JOURNEY_VIEWS, PROJECTIONS
from projections.runner import Runner, catch_up
from projections.status import statuses
from projections.views import board, timeline
from store import sequencer
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from store.sequencer import Sequencer
from tests.projections.stories import AT, DAY, journey, publish, story, tell
from tests.support.views import wait_for


@pytest.fixture
async def log(pool: Pool, dsn: str) -> EventLog:
    await publish(pool)
    log = EventLog(pool)
    for number in range(12):
        await tell(log, number, story(number, (1, 4, 8, None)[number % 4]))
        active = [LearnerWasActive(at=AT + day * DAY, clicks=day, pages=1) for day in range(number)]
        if active:
            await log.append(
                activity_stream(journey(number)), 0, f"active-{number}", encode(active, f"active-{number}")
            )
    await sequencer.drain(dsn)
    return log


async def rows_of(pool: Pool, projection: Projection) -> dict[str, list[tuple[Any, ...]]]:
    async with pool.acquire() as connection:
        live = await connection.fetchval(
            "select 'view_' || name || '_' || generation from trellis.projections where name = $1 and status = 'live'",
            projection.name,
        )
        tables = await connection.fetch("select tablename from pg_tables where schemaname = $1", live)
        found = {}
        for table in sorted(row["tablename"] for row in tables):
            rows = await connection.fetch(f"select * from {live}.{table}")  # noqa: S608
            found[table] = sorted((tuple(row) for row in rows), key=repr)
        return found


@pytest.mark.parametrize("name", list(PROJECTIONS))
@pytest.mark.parametrize("slices", [1, 3])
async def test_the_rows_are_those_of_the_live_view(log: EventLog, pool: Pool, dsn: str, name: str, slices: int) -> None:
    projection = PROJECTIONS[name]
    await catch_up(dsn, [projection])
    live = await rows_of(pool, projection)
    generation = await rebuild(dsn, projection, slices=slices, processes=False)
    assert generation.generation == 2
    assert await rows_of(pool, projection) == live


async def test_folds_are_built_by_several_processes(
    log: EventLog, pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.rebuild._SHORT_LOG", 0)
    await catch_up(dsn, [PROJECTIONS["board"]])
    live = await rows_of(pool, PROJECTIONS["board"])
    told: list[Progress] = []
    await rebuild(dsn, PROJECTIONS["board"], slices=2, progress=told.append)
    assert await rows_of(pool, PROJECTIONS["board"]) == live


NOW = PROJECTIONS["board"].version
NEXT = NOW + 1


class Rewritten(JourneyViews):
    """The next version of the board."""

    version = NEXT

    def __init__(self) -> None:
        super().__init__(JOURNEY_VIEWS)


async def test_a_new_version_takes_over_by_itself_while_readers_read(log: EventLog, pool: Pool, dsn: str) -> None:
    await catch_up(dsn, [PROJECTIONS["board"]])
    before = await board.page(pool)
    tasks = [asyncio.create_task(one.run()) for one in (Sequencer(dsn), Runner(dsn, [Rewritten()]))]
    seen = 0
    async with asyncio.timeout(60):
        while {(one.version, one.status) for one in await statuses(pool)} != {(NOW, "retired"), (NEXT, "live")}:
            assert await board.page(pool) == before
            seen += 1
    await tell(log, 0, story(0, 4), after=1)
    await wait_for(pool, journey_stream(journey(0)), 4, "board")
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert seen


async def test_a_new_view_of_a_long_log_is_built_rather_than_followed(
    log: EventLog, pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.runner.LONG_LOG", 10)
    runner = asyncio.create_task(Runner(dsn, [PROJECTIONS["funnel"]]).run())
    await wait_for(pool, journey_stream(journey(3)), 15, "funnel", seconds=20)
    async with asyncio.timeout(20):  # the empty first one goes a moment after the swap
        while [(one.generation, one.status) for one in await statuses(pool)] != [(2, "live")]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    runner.cancel()
    await asyncio.gather(runner, return_exceptions=True)


async def test_a_swap_can_be_taken_back_and_is_not_made_again(log: EventLog, pool: Pool, dsn: str) -> None:
    await catch_up(dsn, [PROJECTIONS["board"]])
    connection = await asyncpg.connect(dsn)
    with pytest.raises(NothingToGoBackTo):
        await roll_back(connection, "board")
    await rebuild(dsn, Rewritten(), processes=False)
    assert (await roll_back(connection, "board")).version == NOW
    await connection.close()
    assert {(one.version, one.status) for one in await statuses(pool)} == {(NOW, "live"), (NEXT, "rejected")}
    runner = asyncio.create_task(Runner(dsn, [Rewritten()]).run())
    await asyncio.sleep(0.3)  # there is no event to wait for: nothing must happen
    runner.cancel()
    await asyncio.gather(runner, return_exceptions=True)
    assert {(one.version, one.status) for one in await statuses(pool)} == {(NOW, "live"), (NEXT, "rejected")}
    await catch_up(dsn, [PROJECTIONS["board"]])
    assert len((await board.page(pool)).rows) == 12


class Moody(Rewritten):
    """A board that counts the events of a batch: its rows depend on how the log is cut."""

    version = NEXT + 1

    def rows_of(self, one: Folded[JourneyEvent, JourneyState], kits: Kits) -> Rows:
        rows = super().rows_of(one, kits)
        (row,) = rows["board"]
        return {**rows, "board": [(*row[:-1], [str(len(one.events))])]}


async def test_what_depends_on_batches_is_not_swapped_in(log: EventLog, pool: Pool, dsn: str) -> None:
    await catch_up(dsn, [PROJECTIONS["board"]])
    with pytest.raises(Differs, match="differ from a replay of the same streams"):
        await rebuild(dsn, Moody(), processes=False)
    assert {(one.version, one.status) for one in await statuses(pool)} == {(NOW, "live"), (NEXT + 1, "building")}


async def test_an_interrupted_rebuild_is_gone_on_with(
    log: EventLog, pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.slices._EVENTS_A_CHUNK", 5)
    projection = PROJECTIONS["timeline"]
    await catch_up(dsn, [projection])
    live = await rows_of(pool, projection)
    building = asyncio.create_task(rebuild(dsn, projection, slices=1, processes=False))
    while not await pool.fetchval("select exists (select from trellis.slices where done > 0)"):  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    await pool.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where datname = current_database() and application_name = 'trellis rebuild'"
    )
    await asyncio.gather(building, return_exceptions=True)
    await rebuild(dsn, projection, slices=1, processes=False)
    assert await rows_of(pool, projection) == live


async def test_one_rebuild_at_a_time(log: EventLog, dsn: str) -> None:
    tried = await asyncio.gather(
        *(rebuild(dsn, PROJECTIONS["board"], processes=False) for _ in range(2)), return_exceptions=True
    )
    assert sorted(isinstance(one, AlreadyRebuilding) for one in tried) == [False, True]


async def test_the_timeline_is_shown_in_order_after_a_rebuild(log: EventLog, pool: Pool, dsn: str) -> None:
    await rebuild(dsn, PROJECTIONS["timeline"], processes=False)
    told = await timeline.of_journey(pool, journey(3))
    assert [entry.version for entry in told] == list(range(1, 16))
