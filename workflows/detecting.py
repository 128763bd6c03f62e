"""A look of a program's detectors at what was written lately, begun by a Schedule as the kit says, or by hand."""

from datetime import timedelta

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.contract import DETECTING
    from workflows.detecting_activities import LOOK_FOR_FINDINGS, SILENCE_OF_DETECTORS, Looked, LookForFindings
    from workflows.one_activity import call_until_done


@workflow.defn(name=DETECTING)
class Detecting:
    @workflow.run
    async def run(self, asked: LookForFindings) -> Looked:
        """Ends when everything that was found is in the log."""
        return await call_until_done(
            LOOK_FOR_FINDINGS,
            asked,
            Looked,
            summary=f"Look for findings in {asked.program}",
            within=timedelta(hours=2),
            heartbeats=SILENCE_OF_DETECTORS,
        )
