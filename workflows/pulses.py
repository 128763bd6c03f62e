"""The pulses of a program, begun by a Schedule each day: everybody who is due is asked, some journeys at a time."""

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from workflows.contract import PULSES_WORKFLOW
    from workflows.one_activity import call_until_done
    from workflows.survey_activities import FIND_PULSES, AskPulses, PulsesFound

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
            summary = f"Find who is due, behind {asked.after or 'the first'}"
            found = await call_until_done(FIND_PULSES, asked, PulsesFound, summary=summary)
            asked = AskPulses(program=asked.program, after=found.after, due=asked.due + found.due)
            if found.after is None:
                return asked.due
