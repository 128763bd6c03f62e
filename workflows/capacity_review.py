"""A review of a program's capacity, begun by a Schedule at the interval that the kit sets, or by hand."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from workflows.capacity_activities import RECORD_CAPACITY, CapacityRecorded, RecordCapacity, ReviewProgram
    from workflows.contract import CAPACITY_REVIEW

_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=2))


@workflow.defn(name=CAPACITY_REVIEW)
class CapacityReview:
    @workflow.run
    async def run(self, asked: ReviewProgram) -> CapacityRecorded:
        """Ends when the review is in the log. While a view is being rebuilt, or Postgres is away, it waits."""
        recorded: CapacityRecorded = await workflow.execute_activity(
            RECORD_CAPACITY,
            RecordCapacity(program=asked.program, review=f"review-{workflow.info().run_id}"),
            result_type=CapacityRecorded,
            start_to_close_timeout=timedelta(minutes=5),
            retry_policy=_PATIENT,
            summary=f"Review the capacity of {asked.program}",
        )
        return recorded
