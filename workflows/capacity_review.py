"""A review of a program's capacity, begun by a Schedule at the interval that the kit sets, or by hand."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.capacity_activities import RECORD_CAPACITY, CapacityRecorded, RecordCapacity, ReviewProgram
    from workflows.contract import CAPACITY_REVIEW
    from workflows.one_activity import call_until_done


@workflow.defn(name=CAPACITY_REVIEW)
class CapacityReview:
    @workflow.run
    async def run(self, asked: ReviewProgram) -> CapacityRecorded:
        """Ends when the review is in the log."""
        return await call_until_done(
            RECORD_CAPACITY,
            RecordCapacity(program=asked.program, review=f"review-{workflow.info().run_id}"),
            CapacityRecorded,
            summary=f"Review the capacity of {asked.program}",
        )
