"""A measurement of how long the learners of a program have been quiet, begun by a Schedule each day."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.contract import SILENCES_WORKFLOW
    from workflows.one_activity import call_until_done
    from workflows.silences_activities import MEASURE_SILENCES, MeasureProgram, MeasureSilences, SilencesFound


@workflow.defn(name=SILENCES_WORKFLOW)
class Silences:
    @workflow.run
    async def run(self, asked: MeasureProgram) -> SilencesFound:
        """Ends when the measurement is in the log."""
        return await call_until_done(
            MEASURE_SILENCES,
            MeasureSilences(program=asked.program, measurement=f"measurement-{workflow.info().run_id}"),
            SilencesFound,
            summary=f"Measure how long the learners of {asked.program} have been quiet",
        )
