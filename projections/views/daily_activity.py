"""Who was active on which day, and on how many days of each week, from the raw facts."""

from dataclasses import dataclass
from datetime import date

from domain.activity import LearnerWasActive
from domain.ids import JourneyId, activity_stream
from projections.projection import SqlProjection
from projections.reading import View
from projections.sql import query
from store.database import Pool


class DailyActivity(SqlProjection):
    name = "daily_activity"
    version = 2
    handles = frozenset({LearnerWasActive.type})
    statements = ("daily_activity_apply",)


@dataclass(frozen=True, slots=True)
class ActiveDay:
    day: date
    clicks: int
    pages: int


_DAYS = View(daily_activity=1)


async def of_journey(pool: Pool, journey: JourneyId, since: date, until: date) -> list[ActiveDay]:
    """The days with any activity in [since, until), in order. Days are those of UTC."""
    rows = await _DAYS.fetch(pool, query("daily_activity_of_journey"), activity_stream(journey), since, until)
    return [ActiveDay(*row) for row in rows]
