"""Readers while a view is rebuilt after an upgrade: answered by what is there, or told what they wait for."""

import asyncio
from contextlib import suppress
from datetime import date

import pytest
from prometheus_client import CollectorRegistry

from interfaces.cli.failure import Failure
from interfaces.cli.failures import explain
from projections.builds import Build, builds, outdated
from projections.generations import roll_back
from projections.reading import BeingRebuilt
from projections.rebuild import rebuild
from projections.registry import PROJECTIONS
from projections.runner import Runner, catch_up
from projections.views import board, funnel, intake, timeline
from queries.open_journeys import open_rows
from runtime.exits import Exit
from runtime.metrics import Metrics
from services.rebuilding import outdated_views, rebuilt
from store.database import Pool
from tests.projections.stories import journey
from tests.projections.upgraded import half_build, leave_old_board

BOARD = PROJECTIONS["board"]
YEAR = (date(2026, 1, 1), date(2027, 1, 1))


@pytest.fixture
async def old(pool: Pool, dsn: str) -> None:
    await leave_old_board(pool, dsn)


async def test_what_the_old_generation_has_is_answered_from_it(old: None, pool: Pool) -> None:
    assert [one.learner for one in await board.open_journeys(pool)] == ["l-1"]
    assert [one.journey async for one in open_rows(pool, "ready")] == [journey(1)]
    assert [one async for one in open_rows(pool, "another")] == []
    assert [one.journeys for one in await board.counts(pool)] == [1]


async def test_a_reader_that_needs_more_is_told_that_it_is_to_be_rebuilt(old: None, pool: Pool) -> None:
    for reading in (board.page(pool), board.one(pool, journey(1)), board.segments(pool)):
        with pytest.raises(
            BeingRebuilt, match=r"built by an older Trellis \(version 1\).*The projector builds"
        ) as told:
            await reading
        assert (told.value.name, told.value.retry_after) == ("board", 5)


async def test_how_long_it_takes_is_told(old: None, pool: Pool) -> None:
    await half_build(pool)
    (build,) = await builds(pool)
    assert (build.name, build.version, build.events, build.done) == ("board", 3, 1000, 300)
    with pytest.raises(BeingRebuilt, match="the view board is being rebuilt: 300 of 1,000 events, about 35 s") as told:
        await board.page(pool)
    assert told.value.retry_after in (35, 36)
    assert explain(told.value) == Failure(str(told.value), Exit.LATER)


async def test_what_is_rebuilt_before_it_is_told(old: None, pool: Pool) -> None:
    await half_build(pool)
    with pytest.raises(
        BeingRebuilt, match=r"the view timeline is not built yet\. Before it comes board: 300 of 1,000"
    ) as told:
        await timeline.of_journey(pool, journey(1))
    assert told.value.retry_after in (35, 36)


def test_a_build_that_has_just_begun_does_not_guess() -> None:
    assert str(Build("board", 2, 1000, 0, None)) == "0 of 1,000 events"
    assert BeingRebuilt("board", Build("board", 2, 1000, 999, 0.01), "").retry_after == 1
    assert BeingRebuilt("board", Build("board", 2, 1000, 1, 9_999.0), "").retry_after == 300


async def test_a_view_that_is_not_there_yet_is_said(old: None, pool: Pool) -> None:
    with pytest.raises(BeingRebuilt, match="the view timeline is not built yet"):
        await timeline.of_journey(pool, journey(1))
    with pytest.raises(BeingRebuilt, match="the view intake is not built yet"):
        await intake.questions(pool, *YEAR)
    with pytest.raises(BeingRebuilt, match="the view funnel is not built yet"):
        await funnel.steps(pool, *YEAR)


async def test_a_new_view_is_not_taken_for_an_empty_one_while_it_is_filled(pool: Pool, dsn: str) -> None:
    await leave_old_board(pool, dsn)
    await pool.execute("update trellis.projections set version = $1, position = 0 where name = 'board'", BOARD.version)
    await half_build(pool)
    with pytest.raises(BeingRebuilt, match="300 of 1,000"):
        await board.counts(pool)


async def test_nor_before_its_turn_to_be_filled_has_come(
    old: None, pool: Pool, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = "update trellis.projections set version = $1, shape = $2, position = 0"
    await pool.execute(update, BOARD.version, BOARD.shape)
    assert await outdated(pool, [BOARD]) == []
    monkeypatch.setattr("projections.builds.LONG_LOG", 1)
    assert await outdated(pool, [BOARD]) == ["board"]
    with pytest.raises(BeingRebuilt, match="the view board is not built yet"):
        await board.counts(pool)


async def test_the_projector_rebuilds_it_and_whoever_waits_is_told(old: None, pool: Pool, dsn: str) -> None:
    assert await outdated_views(pool) == list(PROJECTIONS)
    assert await outdated(pool, [BOARD]) == ["board"]
    told: list[str] = []
    projecting = asyncio.create_task(Runner(dsn).run())
    try:
        async with asyncio.timeout(30):
            assert await rebuilt(pool, told.append) == []
    finally:
        projecting.cancel()
        with suppress(asyncio.CancelledError):
            await projecting
    assert "board" in told[0]
    assert [row.learner for row in (await board.page(pool)).rows] == ["l-1"]
    assert await builds(pool) == []


async def test_nobody_waits_for_ever_where_nothing_is_rebuilt(old: None, pool: Pool) -> None:
    assert await rebuilt(pool, lambda _: None, patience=0.1) == list(PROJECTIONS)


async def test_a_reader_goes_by_the_generation_that_is_live(old: None, pool: Pool, dsn: str) -> None:
    await rebuild(dsn, BOARD, slices=1)
    assert (await board.page(pool)).rows
    connection = await pool.acquire()
    await roll_back(connection, "board")
    await pool.release(connection)
    with pytest.raises(BeingRebuilt):
        await board.page(pool)


async def test_figures_of_a_view_that_is_not_there_are_missing_until_it_is(old: None, pool: Pool, dsn: str) -> None:
    metrics, registry = Metrics(pool), CollectorRegistry()
    registry.register(metrics)

    def is_up(figures: str) -> float | None:
        return registry.get_sample_value("trellis_figures_up", {"figures": figures})

    await metrics.refresh()
    in_sessions = {"program": "ready", "stage": "sessions", "status": "active"}
    assert registry.get_sample_value("trellis_journeys", in_sessions) == 1
    assert (is_up("journeys"), is_up("messages")) == (1, 0)
    assert registry.get_sample_value("trellis_snapshot_up") == 1, "nothing is wrong"
    await catch_up(dsn, [PROJECTIONS["messages"]])
    await metrics.refresh()
    assert is_up("messages") == 1
