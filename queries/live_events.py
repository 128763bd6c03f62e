"""The feed of events as it grows: for whoever waits for the next ones."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

from queries.event_feed import EventFeed, FeedEvent, Page, Wanted
from runtime.event_hub import EventHub
from store.database import Pool

_AT_ONCE = 4
"""How many catch up from the log at the same time, so that they leave connections to others."""

_BEGIN_SECONDS = 1.0


class LiveEvents:
    """One for a process. `run` beside it sends everybody away when the process stops."""

    def __init__(self, pool: Pool, dsn: str | None = None, *, most_subscribers: int = 400) -> None:
        """Without `dsn`, news take up to half a second."""
        self.feed = EventFeed(pool)
        self._hub: EventHub[FeedEvent] = EventHub(pool, self.feed.described, dsn=dsn, most_subscribers=most_subscribers)
        self._catching_up = asyncio.Semaphore(_AT_ONCE)

    async def run(self) -> None:
        await self._hub.run()

    @property
    def ended(self) -> bool:
        """Whether nothing more is told, because the process stops."""
        return self._hub.closed.is_set()

    def subscribed(self) -> AbstractAsyncContextManager[None]:
        """`following` must be called within. Raises TooManySubscribersError."""
        return self._hub.subscribed()

    async def following(self, after: int, wanted: Wanted, limit: int, seconds: float) -> Page:
        """The next events that are wanted, up to `limit`; or none, after so many seconds, or where looking for them
        takes long. Continue after its `next`."""
        deadline = time.monotonic() + seconds
        await self._hub.wait_begun(_BEGIN_SECONDS)
        while True:
            recent = self._hub.after(after)
            if recent is None:
                async with self._catching_up:
                    page = await self.feed.page(after, wanted, limit)
            else:
                page = _page_of(recent, after, wanted, limit)
            if page.events or not page.end or self.ended:
                return page
            after = page.next
            if (left := deadline - time.monotonic()) <= 0:
                return page
            await self._hub.wait_beyond(after, left)


def _page_of(recent: Sequence[FeedEvent], after: int, wanted: Wanted, limit: int) -> Page:
    found: list[FeedEvent] = []
    for event in recent:
        after = event.position
        if wanted.takes(event):
            found.append(event)
            if len(found) == limit:
                break
    return Page(found, after, end=not recent or after == recent[-1].position)
