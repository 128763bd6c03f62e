"""The status of the projections: their position, lag and state."""

from dataclasses import dataclass
from datetime import datetime

from projections.sql import query
from store.database import Pool


@dataclass(frozen=True, slots=True)
class ProjectionStatus:
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


async def statuses(pool: Pool) -> list[ProjectionStatus]:
    """Of all generations that there are, by name, the live one first."""
    return [ProjectionStatus(*row) for row in await pool.fetch(query("statuses"))]


async def followed(pool: Pool) -> set[str]:
    """The projections that a runner follows just now, in whatever process."""
    return {row["name"] for row in await pool.fetch(query("leases_held"))}
