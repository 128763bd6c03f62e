"""How many journeys are in each stage, for pages that many people look at: counted at most every few seconds."""

import asyncio
import time
from collections.abc import Collection, Mapping, Sequence

from projections.views import board
from projections.views.board import Count
from store.database import Pool

BELIEVED_SECONDS = 5.0


class StageCounts:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lock = asyncio.Lock()
        self._until, self._counts = 0.0, list[Count]()

    async def by_stage(self, programs: Collection[str] | None) -> Mapping[str, int]:
        """Of these programs; None: of all. A few seconds old. Raises BeingRebuilt."""
        found: dict[str, int] = {}
        for one in await self._all():
            if programs is None or one.program in programs:
                found[one.stage] = found.get(one.stage, 0) + one.journeys
        return found

    async def _all(self) -> Sequence[Count]:
        async with self._lock:  # whoever comes meanwhile gets the same
            if time.monotonic() >= self._until:
                self._counts = await board.counts(self._pool)
                self._until = time.monotonic() + BELIEVED_SECONDS
            return self._counts
