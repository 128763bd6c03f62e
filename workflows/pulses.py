"""The pulses of a program, begun by a Schedule each day: everybody who is due is asked, some journeys at a time."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from workflows.contract import PULSES_WORKFLOW
    from workflows.survey_activities import FIND_PULSES, AskPulses, PulsesFound

_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=2))
_STEPS_A_RUN = 200


@workflow.defn(name=PULSES_WORKFLOW)
class Pulses:
    @workflow.run
    async def run(self, asked: AskPulses) -> int:
        """Ends when every open journey was looked at. Returns how many surveys fell due."""
        steps = 0
        while True:
            if steps >= _STEPS_A_RUN:
                workflow.continue_as_new(asked)
            steps += 1
            found: PulsesFound = await workflow.execute_activity(
                FIND_PULSES,
                asked,
                result_type=PulsesFound,
                start_to_close_timeout=timedelta(minutes=5),
                retry_policy=_PATIENT,
                summary=f"Find who is due, behind {asked.after or 'the first'}",
            )
            asked = AskPulses(program=asked.program, after=found.after, due=asked.due + found.due)
            if found.after is None:
                return asked.due
