"""The activity of a capacity review: look, and record what there is to see."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import structlog
from temporalio import activity
from temporalio.exceptions import ApplicationError

from domain.capacity_review import REVIEWS, RecordReview, capacity_stream
from kits.lookup import NoSuchProgram
from projections.capacity import capacity, figures
from store.database import Pool
from store.transact import given, transact
from workflows.capacity_activities import RECORD_CAPACITY, CapacityRecorded, RecordCapacity
from workflows.journey_activities import NO_SUCH_KIT

log = structlog.get_logger()


class CapacityReviews:
    """Can be repeated at any time: what is recorded under a name stays. Contract: workflows/capacity_activities.py."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (self.record_capacity,)

    @activity.defn(name=RECORD_CAPACITY)
    async def record_capacity(self, asked: RecordCapacity) -> CapacityRecorded:
        """Raises a non-retryable ApplicationError when the program has published no kit."""
        at = datetime.now(UTC)
        try:
            found = await capacity(self._pool, asked.program, at)
        except NoSuchProgram as error:
            raise ApplicationError(str(error), type=NO_SUCH_KIT, non_retryable=True) from error
        command = RecordReview(review=asked.review, figures=figures(found))
        done = await transact(self._pool, capacity_stream(asked.program), REVIEWS, command, at, meta=given(command))
        latest = done.after.state.latest
        assert latest, "a review is recorded, now or before"
        log.info("capacity_reviewed", program=asked.program, over_limit=latest.mentors_over_limit)
        return CapacityRecorded(
            version=done.after.version,
            mentors_over_limit=latest.mentors_over_limit,
            mentors_under_used=latest.mentors_under_used,
            waiting=latest.figures.wait.learners,
        )
