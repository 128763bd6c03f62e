"""How many learners each mentor has, and has had."""

from dataclasses import dataclass
from datetime import datetime

from domain.ids import MentorId
from domain.journey.events import JourneyClosed, JourneyReopened, JourneyStarted, MentorMatched, MentorReleased
from projections.projection import SqlProjection
from projections.reading import View
from projections.sql import query
from store.database import Pool


class MentorLoad(SqlProjection):
    name = "mentor_load"
    version = 2
    handles = frozenset(
        one.type for one in (JourneyStarted, MentorMatched, MentorReleased, JourneyClosed, JourneyReopened)
    )
    statements = ("mentor_load_apply",)


@dataclass(frozen=True, slots=True)
class Load:
    mentor: MentorId
    program: str
    learners: int
    """At present."""
    ever: int
    busiest_since: datetime | None
    """Since when the mentor has had the learner of longest standing."""


_LOADS = View(mentor_load=1)


async def loads(pool: Pool, program: str | None = None, limit: int = 1000) -> list[Load]:
    """By mentor and program, the most loaded first."""
    return [Load(*row) for row in await _LOADS.fetch(pool, query("mentor_load_all"), program, limit)]


async def mentors(pool: Pool, program: str) -> frozenset[MentorId]:
    """All that were ever matched in the program."""
    return frozenset(MentorId(row["mentor"]) for row in await _LOADS.fetch(pool, query("mentor_load_mentors"), program))
