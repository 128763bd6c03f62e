"""One reader of the log for all who follow it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from domain.ids import StreamId
from runtime import event_hub
from runtime.event_hub import Describe, EventHub, TooManySubscribersError
from store import sequencer
from store.database import Pool
from store.event_log import EventLog, NewEvent, RecordedEvent

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Seen:
    position: int
    size: int = 100


async def seen(recorded: Sequence[RecordedEvent]) -> list[Seen]:
    return [Seen(one.position or 0) for one in recorded]


def hub_of(pool: Pool, dsn: str | None, describe: Describe[Seen] = seen, **limits: Any) -> EventHub[Seen]:
    return EventHub(pool, describe, dsn=dsn, **({"most_subscribers": 100} | limits))


async def write(pool: Pool, dsn: str, many: int = 1) -> None:
    events = [NewEvent(uuid4(), "journey.noted", 1, {}, AT) for _ in range(many)]
    await EventLog(pool).append(StreamId(f"journey-{uuid4()}"), 0, str(uuid4()), events)
    await sequencer.drain(dsn)


@asynccontextmanager
async def begun(hub: EventHub[Seen]) -> AsyncIterator[None]:
    """Subscribed, when the hub knows what was recorded last."""
    async with hub.subscribed(), asyncio.timeout(10):
        await hub.wait_begun(10)
        yield
    await hub._stop_reading()


async def test_it_tells_what_was_recorded_lately_and_what_is_recorded_from_now_on(pool: Pool, dsn: str) -> None:
    hub = hub_of(pool, dsn, keep_events=4)
    await write(pool, dsn, 3)
    assert hub.after(3) is None, "nobody follows yet"
    async with begun(hub):
        assert (hub.after(0), hub.after(1), hub.after(3)) == (None, [Seen(2), Seen(3)], [])
        await write(pool, dsn, 2)
        await hub.wait_beyond(3, 10)
        assert hub.after(3) == [Seen(4), Seen(5)]
        assert hub.after(4) == [Seen(5)]
        assert (hub.after(5), hub.after(9)) == ([], [])


async def test_it_keeps_no_more_than_it_may(pool: Pool, dsn: str) -> None:
    several: list[dict[str, Any]] = [{"keep_events": 4}, {"keep_bytes": 400}]
    for limits in several:
        hub = hub_of(pool, dsn, **limits)
        head = await EventLog(pool).head()
        async with begun(hub):
            await write(pool, dsn, 9)
            await hub.wait_beyond(head + 8, 10)
            assert (hub.after(head), hub.after(head + 4)) == (None, None)
            assert hub.after(head + 5) == [Seen(head + number) for number in (6, 7, 8, 9)]


async def test_it_reads_on_where_it_was_when_somebody_comes_back(
    pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_hub, "_LINGER_SECONDS", 0.0)
    hub = hub_of(pool, dsn)
    async with hub.subscribed():
        await hub.wait_beyond(-1, 10)
        await write(pool, dsn)
        await hub.wait_beyond(0, 10)
    assert hub._reader
    await asyncio.wait({hub._reader})
    await write(pool, dsn, 3)
    async with begun(hub):
        await hub.wait_beyond(3, 10)
        assert hub.after(0) == [Seen(1), Seen(2), Seen(3), Seen(4)]


async def test_after_a_long_absence_it_leaves_out_what_is_long_past(
    pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_hub, "_PAGE", 2)
    hub = hub_of(pool, dsn, keep_events=6)
    async with begun(hub):
        assert hub.after(0) == []
    await write(pool, dsn, 9)
    async with hub.subscribed():
        await hub.wait_beyond(8, 10)
        assert (hub.after(5), hub.after(6)) == (None, [Seen(7), Seen(8), Seen(9)])
    await hub._stop_reading()


async def test_it_goes_on_after_an_error(pool: Pool, dsn: str) -> None:
    failures = [OSError("away"), ValueError("unforeseen")]

    async def failing(recorded: Sequence[RecordedEvent]) -> list[Seen]:
        if failures:
            raise failures.pop()
        return await seen(recorded)

    hub = hub_of(pool, dsn, failing)
    async with begun(hub):
        await write(pool, dsn, 2)
        await hub.wait_beyond(0, 20)
        assert hub.after(0) == [Seen(1), Seen(2)]


async def test_without_a_connection_of_its_own_it_looks_from_time_to_time(pool: Pool, dsn: str) -> None:
    hub = hub_of(pool, None)
    async with begun(hub):
        await write(pool, dsn)
        await hub.wait_beyond(0, 10)
        assert hub.after(0) == [Seen(1)]


async def test_there_is_room_for_so_many(pool: Pool, dsn: str) -> None:
    hub = hub_of(pool, dsn, most_subscribers=2)
    async with hub.subscribed():
        async with hub.subscribed():
            with pytest.raises(TooManySubscribersError):
                await hub.subscribed().__aenter__()
        async with hub.subscribed():
            assert hub.subscribers == 2
    assert hub.subscribers == 0
    await hub._stop_reading()


async def test_at_the_end_of_the_process_nobody_waits_on(pool: Pool, dsn: str) -> None:
    hub = hub_of(pool, dsn)
    running = asyncio.create_task(hub.run())
    async with hub.subscribed():
        waiting = asyncio.create_task(hub.wait_beyond(1_000, 600))
        await asyncio.sleep(0)
        running.cancel()
        async with asyncio.timeout(5):
            await asyncio.gather(running, return_exceptions=True)
            await waiting
    assert hub.closed.is_set()
