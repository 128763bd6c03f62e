"""An event that cannot be applied stops its projection alone; a person parks it, skips it, or has it tried again."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from projections import parked_events
from projections.parked_events import NotStopped, ParkedEvent
from projections.rebuild import rebuild
from projections.registry import PROJECTIONS
from projections.runner import ProjectionStopped, catch_up
from projections.status import statuses
from projections.views import board
from projections.views.timeline import Timeline
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.projections.stories import journey, publish, story, tell
from tests.support.following import Fragile


@pytest.fixture
async def stopped(pool: Pool, dsn: str) -> int:
    """The position at which the fragile board has stopped, with five journeys told and more behind it."""
    await publish(pool)
    log = EventLog(pool)
    for number in range(5):
        await tell(log, number, story(number, 5))
    await sequencer.drain(dsn)
    with pytest.raises(ProjectionStopped, match="ZeroDivisionError: no weeks in the pathway") as stop:
        await catch_up(dsn, [Fragile()])
    return stop.value.position


async def stages(pool: Pool) -> dict[str, str]:
    return {row.learner: row.stage for row in (await board.page(pool)).rows}


async def test_all_before_it_is_shown_and_others_go_on(stopped: int, pool: Pool, dsn: str) -> None:
    assert stopped == 13
    assert await stages(pool) == {"l-0": "sessions", "l-1": "sessions", "l-2": "intake"}
    one = {standing.name: standing for standing in await statuses(pool)}["board"]
    assert (one.position, one.stopped_at, one.behind_events) == (12, 13, 13)
    await catch_up(dsn, [Timeline()])
    with pytest.raises(ProjectionStopped):
        await catch_up(dsn, [Fragile()])


async def test_parked_it_waits_with_its_stream_for_the_retry(stopped: int, pool: Pool, dsn: str) -> None:
    parked = await parked_events.park(pool, "board", "the kit has no weeks", "ops:ana")
    assert (parked.position, parked.stream, parked.kind) == (13, "journey-ready.l-2", "parked")
    await catch_up(dsn, [Fragile()])
    assert await stages(pool) == {f"l-{n}": "intake" if n == 2 else "sessions" for n in range(5)}

    connection = await asyncpg.connect(dsn)
    with pytest.raises(ZeroDivisionError):
        await parked_events.retry(connection, Fragile())
    assert await parked_events.retry(connection, PROJECTIONS["board"]) == [13]
    await connection.close()

    assert await stages(pool) == {f"l-{n}": "sessions" for n in range(5)}
    assert [one.kind for one in await parked_events.listed(pool, "board")] == ["retried"]
    await tell(EventLog(pool), 2, story(2), after=5)
    await sequencer.drain(dsn)
    await catch_up(dsn, [PROJECTIONS["board"]])
    assert (await stages(pool))["l-2"] == "closed"


async def test_skipped_it_is_left_out_and_the_rest_of_its_stream_goes_on(stopped: int, pool: Pool, dsn: str) -> None:
    await parked_events.skip(pool, "board", "a test event", "ops:ana")
    await catch_up(dsn, [Fragile()])
    row = await board.one(pool, journey(2))
    assert row is not None
    assert (row.stage, row.mentor, row.pathway) == ("sessions", "m-2", None)


async def test_a_retry_after_the_correction_goes_on(stopped: int, pool: Pool, dsn: str) -> None:
    connection = await asyncpg.connect(dsn)
    assert await parked_events.retry(connection, PROJECTIONS["board"]) == []
    await connection.close()
    await catch_up(dsn, [PROJECTIONS["board"]])
    assert await stages(pool) == {f"l-{n}": "sessions" for n in range(5)}


@pytest.mark.parametrize("decide", [parked_events.park, parked_events.skip])
@pytest.mark.parametrize("slices", [1, 2])
async def test_a_rebuild_leaves_out_what_was_set_aside(
    stopped: int, pool: Pool, dsn: str, decide: Callable[..., Awaitable[ParkedEvent]], slices: int
) -> None:
    await decide(pool, "board", "the kit has no weeks", "ops:ana")
    await catch_up(dsn, [Fragile()])
    live = await board.page(pool)
    await rebuild(dsn, Fragile(), slices=slices, processes=False)
    assert await board.page(pool) == live


async def test_there_must_be_something_to_set_aside(pool: Pool, dsn: str) -> None:
    await catch_up(dsn, [PROJECTIONS["board"]])
    with pytest.raises(NotStopped):
        await parked_events.park(pool, "board", "why not", "ops:ana")
    with pytest.raises(NotStopped):
        await parked_events.skip(pool, "unheard-of", "why not", "ops:ana")
