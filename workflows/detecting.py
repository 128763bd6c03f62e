"""A look of a program's detectors at what was written lately, begun by a Schedule as the kit says, or by hand."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from workflows.contract import DETECTING
    from workflows.detecting_activities import LOOK_FOR_FINDINGS, SILENCE_OF_DETECTORS, Looked, LookForFindings

_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=2))


@workflow.defn(name=DETECTING)
class Detecting:
    @workflow.run
    async def run(self, asked: LookForFindings) -> Looked:
        """Ends when everything that was found is in the log. While Postgres is away, it waits."""
        looked: Looked = await workflow.execute_activity(
            LOOK_FOR_FINDINGS,
            asked,
            result_type=Looked,
            start_to_close_timeout=timedelta(hours=2),
            heartbeat_timeout=SILENCE_OF_DETECTORS,
            retry_policy=_PATIENT,
            summary=f"Look for findings in {asked.program}",
        )
        return looked
