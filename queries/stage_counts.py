"""How many journeys are in each stage."""

from collections.abc import Collection, Mapping

from projections.views import board
from queries.counted import Counted
from store.database import Pool


class StageCounts:
    def __init__(self, pool: Pool) -> None:
        self._counts = Counted(
            pool, {"board"}, lambda: board.counts(pool), lambda found: sum(one.journeys for one in found)
        )

    async def by_stage(self, programs: Collection[str] | None) -> Mapping[str, int]:
        """Of these programs; None: of all. Raises BeingRebuilt."""
        found: dict[str, int] = {}
        for one in await self._counts.read():
            if programs is None or one.program in programs:
                found[one.stage] = found.get(one.stage, 0) + one.journeys
        return found
