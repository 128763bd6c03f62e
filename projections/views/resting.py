"""Mentors who are left in peace for a while after a declined offer, as the kit says for the reason that was given."""

from datetime import datetime

from domain.ids import MentorId
from domain.journey.events import OfferDeclined
from projections.projection import SqlProjection
from projections.reading import View
from projections.sql import query
from store.database import Pool


class Resting(SqlProjection):
    name = "resting"
    version = 1
    handles = frozenset({OfferDeclined.type})
    statements = ("resting_apply",)


_RESTING = View(resting=1)


async def resting(pool: Pool, at: datetime) -> dict[MentorId, datetime]:
    """Until when, by mentor. Raises BeingRebuilt."""
    rows = await _RESTING.fetch(pool, query("resting_at"), at)
    return {MentorId(row["mentor"]): row["until"] for row in rows}
