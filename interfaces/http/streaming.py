"""Responses that last: events as they are recorded, sent as server-sent events."""

import asyncio
import random
import time
from collections.abc import AsyncIterator, Iterator, Sequence

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from interfaces.http.connections import STREAMING
from queries.event_feed import FeedEvent, Wanted
from queries.live_events import LiveEvents

HEARTBEAT_SECONDS = 15.0
LIFE_SECONDS = 300.0
"""About so long lasts a stream; then it ends, and the client comes back with a key that must still be valid."""
_COME_BACK = b"retry: 1000\n\n"
_PIECE_BYTES = 32 * 2**10
"""A stream waits for its client before each piece."""
_PAGE = 200


class EventStream(StreamingResponse):
    """What is recorded after a position. It ends by itself now and then; whoever comes back with the last id misses
    nothing."""

    media_type = "text/event-stream"

    def __init__(self, live: LiveEvents, after: int, wanted: Wanted, *, personal: bool) -> None:
        super().__init__(_told(live, after, wanted, personal=personal), headers={"X-Accel-Buffering": "no"})
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Raises TooManySubscribersError before anything is sent."""
        async with self._live.subscribed():
            scope.setdefault("state", {})[STREAMING] = True
            await super().__call__(scope, receive, send)


async def _told(live: LiveEvents, after: int, wanted: Wanted, *, personal: bool) -> AsyncIterator[bytes]:
    until = life()
    yield _COME_BACK + _heartbeat(after)
    patience = 0.0  # at first, so that the id of a client that comes back moves at once where nothing matches
    while not live.ended and time.monotonic() < until:
        page = await live.following(after, wanted, _PAGE, patience)
        for piece in _pieces(page.events, personal=personal):
            yield piece
            await asyncio.sleep(0)  # sending need not wait; others get their turn, and news of a lost connection arrive
        if not page.events or page.next != page.events[-1].position:
            yield _heartbeat(page.next)
        after, patience = page.next, HEARTBEAT_SECONDS


def life() -> float:
    """Until when a stream that begins now lasts, on the monotonic clock."""
    return time.monotonic() + LIFE_SECONDS * random.uniform(0.9, 1.1)  # noqa: S311 - so that not all return at once


def _pieces(events: Sequence[FeedEvent], *, personal: bool) -> Iterator[bytes]:
    piece: list[bytes] = []
    size = 0
    for event in events:
        line = event.encoded(personal=personal)
        piece.append(b"id: %d\ndata: %b\n\n" % (event.position, line))
        size += len(line)
        if size >= _PIECE_BYTES:
            yield b"".join(piece)
            piece, size = [], 0
    if piece:
        yield b"".join(piece)


def _heartbeat(position: int) -> bytes:
    """Moves the client's last id without telling it anything: nothing that it wants is up to there."""
    return b": \nid: %d\n\n" % position
