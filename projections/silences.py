"""How long the learners of a program have been quiet, from the views."""

from collections.abc import Sequence
from datetime import datetime

from domain.ids import PathwayId, ProgramId
from domain.silences import Silence
from projections.generations import live_of
from projections.reading import View
from projections.sql import query_in
from store.database import Pool

_ACTIVITY = View(board=1, daily_activity=1)


async def silences(pool: Pool, program: ProgramId, at: datetime) -> Sequence[Silence]:
    """Of those whose journey is in its sessions and not paused. A moment behind the log. What was reported of days
    after `at` does not count. Raises BeingRebuilt."""
    async with pool.acquire() as connection:
        live = await live_of(connection, "board")
    statement = query_in(live.schema, "silences") if live else "select 1"
    rows = await _ACTIVITY.fetch(pool, statement, *([program, at] if live else []))
    return [Silence(PathwayId(row["pathway"]), row["since"]) for row in rows]
