"""What associations are calculated from: counts by mentor and by pathway, of learners who were alike at the start."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from analysis.clustered import Cell
from analysis.samples import Counted, Summary
from projections.reading import View
from projections.sql import query
from projections.views.measured import GAIN
from store.database import Pool


@dataclass(frozen=True, slots=True)
class PathwayOfLevel:
    segment: str | None
    pathway: str
    version: str
    completed: Counted
    promise_kept: Counted
    stayed: Counted
    gain: Summary


_BEHAVIORS = View(measured=3, board=2, daily_activity=2)
_PATHWAYS = View(measured=2, board=2, delivered=3)


async def behaviors(
    pool: Pool, program: str, as_of: datetime, since: datetime | None = None
) -> dict[tuple[str, str], list[Cell]]:
    """By behavior and momentum. Of the journeys that began at `since` or later; the clusters are the mentors."""
    found: dict[tuple[str, str], list[Cell]] = {}
    for row in await _BEHAVIORS.fetch(pool, query("behaviors_cells"), program, as_of, since):
        behavior, momentum, mentor, stratum, shown, n, total = row
        found.setdefault((behavior, momentum), []).append(Cell(mentor, stratum, shown, n, total))
    return found


async def pathways(
    pool: Pool, program: str, as_of: datetime, since: datetime | None = None
) -> Sequence[PathwayOfLevel]:
    """Of the journeys that began at `since` or later."""
    rows = await _PATHWAYS.fetch(pool, query("pathways_by_level"), program, as_of, since)
    return [
        PathwayOfLevel(
            row[0], row[1], row[2], Counted(row[4], row[3]), Counted(row[6], row[5]), Counted(row[8], row[7]),
            Summary.measured(row[9], row[10], row[11], GAIN),
        )
        for row in rows
    ]  # fmt: skip
