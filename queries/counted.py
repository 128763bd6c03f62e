"""A count for pages that many people look at: made for all of them, and again when its views have moved on."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection
from typing import Generic, TypeVar

from queries.recent import Positions, positions_of
from store.database import Pool

Answer = TypeVar("Answer")

_MANY = 5_000
_AGAIN_SECONDS = 2.0
"""Where so many things are counted, it is not done again within so long, whatever the views have taken in."""
_BELIEVED_SECONDS = 20.0
"""What is late is so by the clock."""


class Counted(Generic[Answer]):
    def __init__(
        self,
        pool: Pool,
        views: Collection[str],
        make: Callable[[], Awaitable[Answer]],
        size: Callable[[Answer], int],
    ) -> None:
        """`views`: what is counted is in these. `size`: how many things an answer has counted."""
        self._pool = pool
        self._views = frozenset(views)
        self._make = make
        self._size = size
        self._lock = asyncio.Lock()
        self._answer: Answer | None = None
        self._at = 0.0
        self._positions: Positions = {}

    async def read(self) -> Answer:
        """As of now; where there are many, as of some seconds ago. Raises what making it raises."""
        async with self._lock:  # whoever comes meanwhile gets the same
            if self._answer is None or not await self._stands(self._answer):
                positions = await self._positions_now()
                self._answer = await self._make()
                self._positions, self._at = positions, time.monotonic()
            return self._answer

    async def _stands(self, answer: Answer) -> bool:
        age = time.monotonic() - self._at
        if self._size(answer) >= _MANY and age < _AGAIN_SECONDS:
            return True
        return age < _BELIEVED_SECONDS and await self._positions_now() == self._positions

    async def _positions_now(self) -> Positions:
        return {
            view: position
            for view, position in (await positions_of(self._pool)).items()
            if view.partition(" ")[0] in self._views
        }
