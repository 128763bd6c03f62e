"""How the projections stand against the log: lag, state, and waiting until a view shows what was written."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from domain.ids import StreamId
from projections.sql import query
from store.database import Pool
from store.errors import StoreError

_SHORTEST_LOOK, _LONGEST_LOOK = 0.003, 0.05


@dataclass(frozen=True, slots=True)
class Standing:
    """One generation of one projection."""

    name: str
    generation: int
    version: int
    status: str
    position: int
    behind_events: int
    behind_seconds: float
    """The age of the oldest event that is not applied yet; 0 when none is missing."""
    events_a_second: float
    """In the last batch that had any."""
    seen_at: datetime | None
    """The last sign of life of its runner."""
    stopped_at: int | None
    stopped_because: str | None
    set_aside: int
    """Events parked or skipped by a person."""
    built: float | None
    """How much of it is built, from 0 to 1, while it is being built."""


async def standings(pool: Pool) -> list[Standing]:
    """Of all generations that there are, by name, the live one first."""
    return [Standing(*row) for row in await pool.fetch(query("standings"))]


async def followed(pool: Pool) -> set[str]:
    """The projections that a runner follows just now, in whatever process."""
    return {row["name"] for row in await pool.fetch(query("leases_held"))}


class NotShownInTime(StoreError):
    """The view does not show the event yet. It is in the log, and will be shown."""

    def __init__(self, stream: str, version: int, projection: str, seconds: float) -> None:
        super().__init__(
            f"{projection} does not show {stream}@{version} after {seconds:g} seconds: "
            "look at `trellis projections` for what holds it up, or read again later"
        )


async def wait_for(pool: Pool, stream: StreamId, version: int, projection: str, seconds: float = 5.0) -> None:
    """Returns once the live view shows this version of the stream: read your own writes. Raises NotShownInTime."""
    pause = _SHORTEST_LOOK
    try:
        async with asyncio.timeout(seconds):
            while not await pool.fetchval(query("shows"), projection, stream, version):
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, _LONGEST_LOOK)
    except TimeoutError:
        raise NotShownInTime(stream, version, projection, seconds) from None
