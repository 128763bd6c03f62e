"""Decisions of a person about an event that the courier cannot process: park it, skip it, or try it again."""

from temporalio.client import Client

from projections import parked_events
from projections.parked_events import ParkedEvent
from projections.sql import query
from runtime.courier import called_for, called_of, start_notification
from store import courier
from store.courier import READER
from store.database import Pool
from store.event_log import EventLog
from workflows.contract import MESSAGE_TASK_QUEUE


async def park(pool: Pool, position: int, reason: str, actor: str) -> str:
    """The courier continues without the event until `resume` processes it. Returns the event's stream.

    Raises CourierNotStopped.
    """
    return await courier.set_aside(pool, position, "parked", reason, actor)


async def skip(pool: Pool, position: int, reason: str, actor: str) -> str:
    """Nobody is ever notified of this event. Returns its stream. Raises CourierNotStopped."""
    return await courier.set_aside(pool, position, "skipped", reason, actor)


async def resume(pool: Pool, temporal: Client, task_queue: str = MESSAGE_TASK_QUEUE) -> tuple[int | None, list[int]]:
    """Lets a stopped courier try again, and processes the parked events, one by one.

    Returns the position that it had stopped at, and those that are parked no more. Raises whatever the first parked
    event raises that still cannot be processed; the earlier ones are parked no more then.
    """
    stopped_at = await courier.resume(pool)
    done = []
    for one in await listed(pool):
        if one.kind != "parked":
            continue
        (recorded,) = await EventLog(pool).read_all(one.position - 1, 1)
        calls = await called_for(pool, recorded)
        for delivery in calls:
            await start_notification(temporal, delivery, task_queue, again=True)
        await courier.move(pool, one.position, [called_of(delivery) for delivery in calls])
        await pool.execute(query("parked_retried"), READER, one.position)
        done.append(one.position)
    return stopped_at, done


async def listed(pool: Pool) -> list[ParkedEvent]:
    """All events that were ever parked or skipped, by position."""
    return await parked_events.listed(pool, READER)
