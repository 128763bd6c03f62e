"""A measurement of how long the learners of a program have been quiet, begun by a Schedule each day."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from workflows.contract import SILENCES_WORKFLOW
    from workflows.silences_activities import MEASURE_SILENCES, MeasureProgram, MeasureSilences, SilencesFound

_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=2))


@workflow.defn(name=SILENCES_WORKFLOW)
class Silences:
    @workflow.run
    async def run(self, asked: MeasureProgram) -> SilencesFound:
        """Ends when the measurement is in the log. While a view is being rebuilt, or Postgres is away, it waits."""
        found: SilencesFound = await workflow.execute_activity(
            MEASURE_SILENCES,
            MeasureSilences(program=asked.program, measurement=f"measurement-{workflow.info().run_id}"),
            result_type=SilencesFound,
            start_to_close_timeout=timedelta(minutes=5),
            retry_policy=_PATIENT,
            summary=f"Measure how long the learners of {asked.program} have been quiet",
        )
        return found
