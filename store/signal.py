"""Wakes those who follow the log when it grows: by LISTEN, and by polling in case that fails."""

import asyncio
import contextlib

import asyncpg

from store.database import query

_CHANNEL = "trellis_log"
_POLL_SECONDS = 1.0
_RECONNECT_SECONDS = 0.1


class Signal:
    """Knows the last position and wakes tasks that wait for a later one. `run` must run beside them.

    Notifications only make it fast. Every second the head is read on the same connection as well, which makes up for
    lost notifications and detects dead connections.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._head = 0
        self._changed = asyncio.Event()

    @property
    def head(self) -> int:
        """The last position known here. It may be a moment behind the log, never ahead."""
        return self._head

    async def run(self) -> None:
        """Returns only when cancelled."""
        while True:
            with contextlib.suppress(Exception):  # whatever a broken connection raises, connect again
                connection = await asyncpg.connect(self._dsn, server_settings={"application_name": "trellis signal"})
                try:
                    await connection.add_listener(_CHANNEL, lambda *notification: self._learn(int(notification[3])))
                    await self._poll(connection)
                finally:
                    connection.terminate()
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def wait_beyond(self, position: int, seconds: float) -> bool:
        """Whether the head is beyond `position`, at the latest after `seconds`."""
        try:
            async with asyncio.timeout(seconds):
                while self._head <= position:
                    await self._changed.wait()
        except TimeoutError:
            return False
        return True

    async def _poll(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        closed = asyncio.Event()
        connection.add_termination_listener(lambda _: closed.set())
        while not closed.is_set():
            self._learn(await connection.fetchval(query("head"), timeout=5))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(closed.wait(), _POLL_SECONDS)

    def _learn(self, head: int) -> None:
        if head > self._head:
            self._head = head
            self._changed.set()
            self._changed = asyncio.Event()
