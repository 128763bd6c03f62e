"""What is known of a program when it is asked whether it is ready to grow, counted from the views."""

from collections.abc import Sequence
from datetime import datetime

from analysis import comparing
from analysis.samples import Counted
from domain.growth import Evidence, Part, Span
from domain.ids import ProgramId
from projections.reading import View
from projections.sql import query
from projections.views import monthly_reviews, survey_requests
from store.database import Pool

_DELIVERED = View(delivered=3)
_TRAINED = View(delivered=3, training=1)


async def evidence(pool: Pool, program: ProgramId, steps: Sequence[str], recent_since: datetime) -> Evidence:
    """`steps`: the training of mentors. Journeys that ended from `recent_since` on are compared with those before.

    Raises BeingRebuilt.
    """
    journeys = await _DELIVERED.fetchrow(pool, query("growth_evidence"), program, recent_since)
    sessions = await _DELIVERED.fetchrow(pool, query("growth_sessions"), program)
    mentors = await _DELIVERED.fetch(pool, query("growth_mentors"), program)
    trained = await _TRAINED.fetchrow(pool, query("growth_trained"), program, list(steps))
    recent = Part(journeys["recent_completed"], journeys["recent_ended"])
    completed = Part(journeys["completed"], journeys["ended"])
    earlier = Part(completed.count - recent.count, completed.of - recent.of)
    return Evidence(
        completed=completed,
        sessions_held=Part(sessions["held"], sessions["known"]),
        follow_ups_in_time=Part(sessions["in_time"], sessions["asked"]),
        trained=Part(trained["trained"], trained["mentors"]),
        outcomes_known=Part(journeys["known"], journeys["ended"]),
        answered=await _answered(pool, program),
        recent=recent,
        earlier=earlier,
        change=_difference(recent, earlier),
        reviews=await monthly_reviews.released(pool, program),
        by_mentor=tuple(row["completed"] for row in mentors),
    )


async def _answered(pool: Pool, program: ProgramId) -> Part:
    rates = await survey_requests.response_rates(pool, program)
    return Part(sum(one.answered for one in rates), sum(one.asked - one.open for one in rates))


def _difference(one: Part, other: Part) -> Span | None:
    found = comparing.proportions(Counted(one.count, one.of), Counted(other.count, other.of))
    return Span(found.estimate, found.low, found.high) if found else None
