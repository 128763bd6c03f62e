"""The places that journeys and groups have with mentors, and the minutes that they take of each week."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.ids import MentorId
from domain.mentor.ledger import PlaceConfirmed, PlaceMoved, PlaceReleased, PlaceReserved
from projections.projection import SqlProjection
from projections.reading import View
from projections.sql import query
from store.database import Pool


class MentorPlaces(SqlProjection):
    name = "mentor_places"
    version = 1
    handles = frozenset(one.type for one in (PlaceReserved, PlaceConfirmed, PlaceMoved, PlaceReleased))
    statements = (
        "mentor_places_end",
        "mentor_places_begin",
        "mentor_places_confirm",
        "mentor_places_move",
        "mentor_minutes_end",
        "mentor_minutes_begin",
    )


_PLACES = View(mentor_places=1)


async def overdue(pool: Pool) -> Sequence[str]:
    """Mentors with places whose holder has had the time to record what they were for, and that are not confirmed.
    Raises BeingRebuilt."""
    return [row["mentor"] for row in await _PLACES.fetch(pool, query("mentor_places_overdue"))]


async def mentors(pool: Pool, program: str) -> frozenset[MentorId]:
    """Those with whom somebody of the program has a place."""
    rows = await _PLACES.fetch(pool, query("mentor_places_mentors"), program)
    return frozenset(MentorId(row["mentor"]) for row in rows)


@dataclass(frozen=True, slots=True)
class Taken:
    program: str
    confirmed: int
    reserved: int
    mentors: int


async def taken(pool: Pool) -> Sequence[Taken]:
    """By program."""
    return [Taken(*row) for row in await _PLACES.fetch(pool, query("mentor_places_counts"))]
