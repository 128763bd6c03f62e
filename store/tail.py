"""Following the log as it grows."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import suppress

from store.database import Pool
from store.event_log import EventLog, RecordedEvent
from store.signal import Signal

_PATIENCE_SECONDS = 60.0


async def tail(dsn: str, pool: Pool, after: int = 0, limit: int = 1000) -> AsyncGenerator[list[RecordedEvent], None]:
    """Pages of the total order from position `after + 1` on, without end, each event once.

    Lost notifications and lost connections of the listener do no harm, because it polls as well. An error of a read is
    raised: the caller may start again after the last position that it received.
    """
    log, signal = EventLog(pool), Signal(dsn)
    listening = asyncio.create_task(signal.run())
    try:
        while True:
            while page := await log.read_all(after, limit):
                yield page
                after += len(page)
            await signal.wait_beyond(after, _PATIENCE_SECONDS)
    finally:
        listening.cancel()
        with suppress(asyncio.CancelledError):
            await listening
