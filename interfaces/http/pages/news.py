"""What keeps an open page up to date: a stream that only says that something was recorded that the page may show.

The page then asks for its own address again. What it shows comes from the views, so it is told once they have it.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from interfaces.http.connections import STREAMING
from interfaces.http.streaming import HEARTBEAT_SECONDS, life
from projections.sql import query
from queries.event_feed import Wanted
from queries.live_events import LiveEvents
from store.database import Pool

_PACE_SECONDS = 1.0
"""Between two news."""
_PATIENCE_SECONDS = 3.0
"""For so long, views that are behind are waited for. Then the page shows what they have."""
_PAUSE_SECONDS = 0.1
_LOOK_AT = 1_000


class Views:
    """How far the views of this installation are, asked for once for everybody who waits."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lock = asyncio.Lock()
        self._known: tuple[float, int] = (0.0, 0)

    async def reach(self, position: int) -> None:
        """Returns once all live views are there, or after a few seconds."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while await self._position() < position and time.monotonic() < until:  # noqa: ASYNC110 - Postgres does not say
            await asyncio.sleep(_PAUSE_SECONDS)

    async def _position(self) -> int:
        async with self._lock:
            read_at, position = self._known
            if time.monotonic() >= read_at + _PAUSE_SECONDS:
                position = await self._pool.fetchval(query("live_slowest")) or 0
                self._known = (time.monotonic(), position)
            return position


class NewsStream(StreamingResponse):
    """Ends by itself now and then; the browser comes back by itself."""

    media_type = "text/event-stream"

    def __init__(self, live: LiveEvents, views: Views, after: int, wanted: Wanted) -> None:
        super().__init__(_news(live, views, after, wanted), headers={"X-Accel-Buffering": "no"})
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises TooManySubscribersError before anything is sent."""
        async with self._live.subscribed():
            state: dict[str, Any] = scope.setdefault("state", {})
            state[STREAMING] = True
            await super().__call__(scope, receive, send)


async def _news(live: LiveEvents, views: Views, after: int, wanted: Wanted) -> AsyncIterator[bytes]:
    until = life()
    yield b"retry: 2000\n: \nid: %d\n\n" % after
    while not live.ended and time.monotonic() < until:
        page = await live.following(after, wanted, _LOOK_AT, HEARTBEAT_SECONDS)
        after = page.next
        if page.events:
            await views.reach(page.events[-1].position)
            yield b"id: %d\ndata: %d\n\n" % (after, after)
            await asyncio.sleep(_PACE_SECONDS)
        else:
            yield b": \nid: %d\n\n" % after
