"""The review of a program's capacity, at the interval that its kit sets (R17): figures of one moment, kept for good.

In reading order: event, command, state, evolve, decide. The stream is `capacity-` and the program's id.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from domain.decider import Decider
from domain.ids import KitDigest, MentorId, ProgramId, Slug, StreamId
from domain.values import Actor, Event, Frozen

MENTORS_AT_MOST = 500
"""The most that are named of those over the limit, and of those under-used. All are counted."""


def capacity_stream(program: ProgramId) -> StreamId:
    return StreamId(f"capacity-{program}")


class WeekForecast(Frozen):
    """Minutes of all mentors of the program in one week."""

    week: str
    planned: int
    """By the plans of all journeys and groups."""
    waiting: int
    """That those who wait would take, if they were matched at once."""
    available: int | None
    """At a utilization of 1, without mentors who are on leave all week. None: minutes have no limit."""


class Wait(Frozen):
    """Of those who wait for a mentor."""

    learners: int
    longest_days: int
    """How long the first of them has waited."""
    expected_days: int | None
    """Until the last of them can expect a place. None: no date is known at which there will be one for all."""
    without_date: int
    """Of how many that is not known."""


class Figures(Frozen):
    kit: KitDigest
    mentors: int
    places: int
    taken: int
    utilization: float
    """The mean of the mentors."""
    over_limit: tuple[MentorId, ...]
    under_used: tuple[MentorId, ...]
    at_target: int
    forecast: tuple[WeekForecast, ...]
    wait: Wait
    on_waiting_list: int
    """Of the program itself: they have not begun."""


class CapacityReviewed(Event):
    """What the mentors of a program could take on, and what was asked of them, at this moment."""

    type: ClassVar[str] = "capacity.reviewed"
    review: Slug
    figures: Figures
    mentors_over_limit: int
    """How many, of whom at most 500 are named."""
    mentors_under_used: int


EVENTS: dict[str, type[CapacityReviewed]] = {CapacityReviewed.type: CapacityReviewed}


class RecordReview(Frozen):
    review: Slug
    """Names it: recorded once."""
    figures: Figures
    by: Actor = "system"


class ReviewsState(Frozen):
    latest: CapacityReviewed | None = None
    reviews: frozenset[str] = frozenset()


INITIAL = ReviewsState()


def evolve(state: ReviewsState, event: CapacityReviewed) -> ReviewsState:
    return ReviewsState(latest=event, reviews=state.reviews | {event.review})


def decide(state: ReviewsState, command: RecordReview, at: datetime) -> Sequence[CapacityReviewed]:
    """Returns no event for a review that is recorded."""
    if command.review in state.reviews:
        return []
    over, under = command.figures.over_limit, command.figures.under_used
    named = {"over_limit": over[:MENTORS_AT_MOST], "under_used": under[:MENTORS_AT_MOST]}
    return [
        CapacityReviewed(
            at=at,
            review=command.review,
            figures=command.figures.model_copy(update=named),
            mentors_over_limit=len(over),
            mentors_under_used=len(under),
        )
    ]


REVIEWS: Decider[RecordReview, ReviewsState, CapacityReviewed] = Decider(EVENTS, INITIAL, decide, evolve)
