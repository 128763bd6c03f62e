"""Where the journeys of a program are now, and how far those have come that began in a period."""

from dataclasses import dataclass
from datetime import date, datetime

from projections.reading import View
from projections.sql import query
from store.database import Pool


@dataclass(frozen=True, slots=True)
class Standing:
    """How many journeys have all of this in common."""

    stage: str
    pathway: str | None
    ending: str | None
    waiting_for: str | None
    """The duty that is due first."""
    journeys: int
    paused: int
    attention: int
    """Those with an open case."""
    overdue: int


@dataclass(frozen=True, slots=True)
class Reached:
    furthest: int
    """The stage that was reached: 1 intake, 2 matching, 3 sessions, 4 wrap-up."""
    ending: str | None
    journeys: int


_BOARD = View(board=2)
_FUNNEL = View(funnel=1, board=2)
_DELIVERED = View(delivered=1)


async def standings(pool: Pool, program: str, now: datetime) -> list[Standing]:
    """Raises BeingRebuilt."""
    return [Standing(*row) for row in await _BOARD.fetch(pool, query("board_standings"), program, now)]


async def reached(pool: Pool, program: str, since: date, until: date) -> list[Reached]:
    """Of the journeys that began in [since, until), UTC, whatever has come of them by now. Raises BeingRebuilt."""
    return [Reached(*row) for row in await _FUNNEL.fetch(pool, query("funnel_reached"), program, since, until)]


async def on_versions(pool: Pool, program: str) -> dict[str, int]:
    """How many open journeys follow each version of the kit, by its digest. Raises BeingRebuilt."""
    return {row["kit"]: row["journeys"] for row in await _DELIVERED.fetch(pool, query("delivered_versions"), program)}


async def programs_with(pool: Pool, journeys: int) -> list[str]:
    """Those that have at least so many journeys. Raises BeingRebuilt."""
    return [row["program"] for row in await _BOARD.fetch(pool, query("programs_with"), journeys)]
