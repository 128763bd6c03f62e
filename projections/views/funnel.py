"""The funnel: how many journeys entered and left each stage, and how long they stayed, by program, pathway and week."""

from dataclasses import dataclass
from datetime import date

from domain.journey import events as e
from projections.projection import SqlProjection
from projections.reading import View
from projections.sql import query
from store.database import Pool


class Funnel(SqlProjection):
    name = "funnel"
    version = 2
    handles = frozenset(
        one.type
        for one in (
            *(e.JourneyStarted, e.IntakeApproved, e.PathwayStarted, e.WrapUpStarted, e.WrapUpTakenBack),
            *(e.JourneyClosed, e.JourneyReopened),
        )
    )
    statements = ("funnel_apply",)


@dataclass(frozen=True, slots=True)
class Step:
    program: str
    pathway: str | None
    """None for journeys whose pathway was not chosen yet when they entered."""
    week: date
    """The Monday of the week in which they entered, UTC."""
    stage: str
    entered: int
    left: int
    hours_median: float | None
    """The median time in the stage of those who left it."""
    hours_p90: float | None


_FUNNEL = View(funnel=1, board=2)


async def steps(
    pool: Pool, since: date, until: date, program: str | None = None, segment: str | None = None
) -> list[Step]:
    """Of the journeys that entered in [since, until), in the order of program, pathway, week and stage. Those of a
    segment are the ones that the board has in it now.
    """
    return [Step(*row) for row in await _FUNNEL.fetch(pool, query("funnel_steps"), since, until, program, segment)]
