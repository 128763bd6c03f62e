"""A review of a program's capacity, on a real Temporal server and a real log."""

from datetime import timedelta
from uuid import uuid4

from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.capacity import CapacityReviews
from domain.ids import ProgramId
from projections.runner import catch_up
from queries.capacity import reviews
from services.schedules import capacity_review
from store.database import Pool
from tests.workflows.kits import SMALL, publish
from workflows.capacity_activities import CapacityRecorded, ReviewProgram
from workflows.capacity_review import CapacityReview
from workflows.contract import CAPACITY_REVIEW


async def test_it_is_recorded_as_the_kit_says(temporal: WorkflowEnvironment, pool: Pool, dsn: str) -> None:
    await publish(pool)
    await catch_up(dsn)
    queue = f"programs-{uuid4()}"
    async with Worker(
        temporal.client, task_queue=queue, workflows=[CapacityReview], activities=CapacityReviews(pool).all
    ):
        done = await temporal.client.execute_workflow(
            CAPACITY_REVIEW,
            ReviewProgram(program=ProgramId("small")),
            id=f"review-{uuid4()}",
            task_queue=queue,
            result_type=CapacityRecorded,
        )
    assert done == CapacityRecorded(version=1, mentors_over_limit=0, mentors_under_used=0, waiting=0)
    assert len(await reviews(pool, ProgramId("small"))) == 1


def test_it_is_scheduled_at_the_interval_of_the_kit() -> None:
    scheduled = capacity_review(SMALL)
    assert scheduled
    assert (scheduled.id, scheduled.every, scheduled.workflow) == ("capacity-small", timedelta(days=7), CAPACITY_REVIEW)
    assert scheduled.input == ReviewProgram(program=ProgramId("small")).model_dump()
    never = SMALL.capacity.model_copy(update={"review_every": timedelta(0)})
    assert capacity_review(SMALL.model_copy(update={"capacity": never})) is None
