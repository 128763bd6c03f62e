"""News of the log's head, for those who follow it: LISTEN, watched, and a look at the table as well."""

import asyncio
import contextlib

import asyncpg

from store.database import query

_CHANNEL = "trellis_log"
_LOOK_SECONDS = 1.0
_RECONNECT_SECONDS = 0.1


class Signal:
    """Knows the last position, and wakes whoever waits for a later one. Run `run` beside those who wait.

    Notifications make it quick, nothing more: every second the head is read on the same connection. That finds what a
    lost notification would have told, and a connection that is dead without saying so.
    """

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._head = 0
        self._changed = asyncio.Event()

    @property
    def head(self) -> int:
        """The last position known here; may lag behind by a moment, never ahead."""
        return self._head

    async def run(self) -> None:
        """Returns only when cancelled."""
        while True:
            with contextlib.suppress(Exception):  # a broken connection shows itself in many ways, none of them final
                connection = await asyncpg.connect(self._dsn, server_settings={"application_name": "trellis signal"})
                try:
                    await connection.add_listener(_CHANNEL, lambda *told: self._learn(int(told[3])))
                    await self._look(connection)
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

    async def _look(self, connection: "asyncpg.Connection[asyncpg.Record]") -> None:
        gone = asyncio.Event()
        connection.add_termination_listener(lambda _: gone.set())
        while not gone.is_set():
            self._learn(await connection.fetchval(query("head"), timeout=5))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(gone.wait(), _LOOK_SECONDS)

    def _learn(self, head: int) -> None:
        if head > self._head:
            self._head = head
            self._changed.set()
            self._changed = asyncio.Event()
