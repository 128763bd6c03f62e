"""One reader of the log for everybody in a process who follows it, so that their number hardly matters.

It keeps the latest events, described once for all. A subscriber has no queue: it is a position, and asks for what comes
after it. Whoever falls behind what is kept reads the log itself, until they have caught up.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Generic, Protocol, TypeVar

import structlog

from runtime.outages import Outage
from store.database import Pool
from store.event_log import EventLog, RecordedEvent
from store.signal import Signal

log = structlog.get_logger(__name__)

_PAGE = 500
_PATIENCE_SECONDS = 60.0
_BREATH_SECONDS = 0.04
"""Between two reads: what is recorded meanwhile goes to all subscribers together, which costs far less."""
_POLL_SECONDS = 0.5
_LINGER_SECONDS = 30.0
"""For how long the log is followed after the last subscriber has gone: most of them come back."""


class Followed(Protocol):
    """An event as subscribers get it."""

    @property
    def position(self) -> int: ...

    @property
    def size(self) -> int: ...


E = TypeVar("E", bound=Followed)
Describe = Callable[[Sequence[RecordedEvent]], Awaitable[Sequence[E]]]


class TooManySubscribersError(Exception):
    """There is no room for another one until one leaves."""


class EventHub(Generic[E]):
    """Follows the log while it has subscribers. Costs nothing while it has none."""

    def __init__(
        self,
        pool: Pool,
        describe: Describe[E],
        *,
        dsn: str | None = None,
        most_subscribers: int,
        keep_events: int = 5_000,
        keep_bytes: int = 32 * 2**20,
    ) -> None:
        """Without `dsn`, where it is told of news, it looks for them twice a second."""
        self._dsn, self._log, self._describe = dsn, EventLog(pool), describe
        self._most = most_subscribers
        self._kept: _Kept[E] = _Kept(keep_events, keep_bytes)
        self._back = keep_events // 2
        self._changed = asyncio.Event()
        self._subscribers = 0
        self._reader: asyncio.Task[None] | None = None
        self._leaving: asyncio.TimerHandle | None = None
        self.closed = asyncio.Event()
        """Set when the process stops: subscribers are to go."""

    @property
    def subscribers(self) -> int:
        return self._subscribers

    async def run(self) -> None:
        """Beside a server, until cancelled: then it sends all subscribers away, so that the server need not wait."""
        try:
            await self.closed.wait()
        finally:
            self.closed.set()
            self._announce()
            await self._stop_reading()

    @asynccontextmanager
    async def subscribed(self) -> AsyncIterator[None]:
        """For as long as somebody follows. Raises TooManySubscribersError."""
        if self._subscribers >= self._most:
            raise TooManySubscribersError
        self._subscribers += 1
        self._keep_reading()
        try:
            yield
        finally:
            self._subscribers -= 1
            if not self._subscribers:
                self._leaving = asyncio.get_running_loop().call_later(_LINGER_SECONDS, self._leave)

    def after(self, position: int) -> Sequence[E] | None:
        """What is known to follow a position, perhaps nothing. None: not all of it is kept, so read the log."""
        return self._kept.after(position)

    async def wait_begun(self, seconds: float) -> None:
        """Returns when it knows what was recorded last, or after `seconds`. When a service comes up, all its clients
        come at once, each with the last position that it has: one read then serves them all."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not (self._kept.is_filled or self.closed.is_set()):
                    await self._changed.wait()

    async def wait_beyond(self, position: int, seconds: float) -> None:
        """Returns when something follows the position, when the hub is closed, or after `seconds`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._kept.head <= position and not self.closed.is_set():
                    await self._changed.wait()

    def _keep_reading(self) -> None:
        if self._leaving:
            self._leaving.cancel()
            self._leaving = None
        if self._reader is None or self._reader.done():
            self._reader = asyncio.create_task(self._read(), name="event hub")

    def _leave(self) -> None:
        self._leaving = None
        if self._reader:
            self._reader.cancel()

    async def _stop_reading(self) -> None:
        if self._leaving:
            self._leaving.cancel()
        if self._reader:
            self._reader.cancel()
            with suppress(asyncio.CancelledError):
                await self._reader

    async def _read(self) -> None:
        """Until cancelled. While Postgres is away it waits, and subscribers keep their places."""
        async with self._told() as wait_beyond:
            outage = Outage("event_hub")
            while True:
                try:
                    await self._follow(wait_beyond, outage)
                except Exception as error:  # noqa: BLE001 - nobody is to wait for ever because the reader ended
                    await outage.wait(error)

    @asynccontextmanager
    async def _told(self) -> AsyncIterator[Callable[[int, float], Awaitable[object]]]:
        """What waits until something follows a position, at most some seconds."""
        if self._dsn is None:
            yield lambda _position, _seconds: asyncio.sleep(_POLL_SECONDS)
            return
        signal = Signal(self._dsn)
        listening = asyncio.create_task(signal.run())
        try:
            yield signal.wait_beyond
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening

    async def _follow(self, wait_beyond: Callable[[int, float], Awaitable[object]], outage: Outage) -> None:
        position = self._kept.head
        if not await self._is_near(position):
            position = max(0, await self._log.head() - self._back)
            self._kept.begin(position)
            self._announce()
        while True:
            page = await self._log.read_all(position, _PAGE)
            outage.over()
            if page:
                self._kept.add(await self._describe(page))
                position += len(page)
            self._kept.is_filled |= len(page) < _PAGE
            self._announce()
            if not page:
                await wait_beyond(position, _PATIENCE_SECONDS)
            elif len(page) < _PAGE:
                await asyncio.sleep(_BREATH_SECONDS)

    async def _is_near(self, position: int) -> bool:
        """Whether reading on from there costs no more than beginning anew would cost the subscribers."""
        head = await self._log.head()
        return self._kept.has_begun and 0 <= head - position <= _PAGE

    def _announce(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


class _Kept(Generic[E]):
    """The latest events, without gaps, within limits of number and size."""

    def __init__(self, most_events: int, most_bytes: int) -> None:
        self._most_events, self._most_bytes = most_events, most_bytes
        self._events: list[E] = []
        self._bytes = 0
        self._first = 1
        self.head = 0
        """The position of the last one, or that after which it began."""
        self.has_begun = False
        self.is_filled = False
        """Whether the end of the log was reached since it began."""

    def begin(self, after: int) -> None:
        """Anew, after this position."""
        self._events, self._bytes = [], 0
        self._first, self.head = after + 1, after
        self.has_begun, self.is_filled = True, False

    def add(self, events: Sequence[E]) -> None:
        for event in events:
            assert event.position == self.head + 1, "the total order has no gaps"
            self._events.append(event)
            self._bytes += event.size
            self.head += 1
        self._forget()

    def after(self, position: int) -> Sequence[E] | None:
        if not self.has_begun or position < self._first - 1:
            return None
        return self._events[position + 1 - self._first :]

    def _forget(self) -> None:
        gone = 0
        while len(self._events) - gone > self._most_events or (
            self._bytes > self._most_bytes and gone < len(self._events)
        ):
            self._bytes -= self._events[gone].size
            gone += 1
        del self._events[:gone]
        self._first += gone
