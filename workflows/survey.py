"""One survey of one person: waits until it is to be asked, writes to them, reminds them, and closes it.

It may be started at any time and any number of times: what has happened is in the log, and each step looks there.
"""

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.workflow import ParentClosePolicy

with workflow.unsafe.imports_passed_through():
    from domain.ids import notification_stream
    from domain.survey import Standing, next_step, person_of
    from workflows.contract import MESSAGE_TASK_QUEUE, MESSAGE_WORKFLOW, SURVEY_WORKFLOW
    from workflows.notification_activities import Delivery, id_of
    from workflows.survey_activities import (
        ASK_SURVEY,
        EXPIRE_SURVEY,
        REMIND_OF_SURVEY,
        Asked,
        RemindOf,
        RunSurvey,
    )

_PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=2))


@workflow.defn(name=SURVEY_WORKFLOW)
class Survey:
    @workflow.run
    async def run(self, survey: RunSurvey) -> Standing:
        """Returns how the asking stands in the end: answered, expired or skipped."""
        await _sleep_until(survey.ask_at, "Wait until it is asked")
        asked = await _act(ASK_SURVEY, survey.ask, "Ask, unless the person was asked too often")
        if asked.standing != "open" or asked.expires_at is None:
            return asked.standing
        await _write(survey, asked, 0)
        reminders = asked.reminders
        while reminder := (step := next_step(survey.ask.asking, asked.expires_at, reminders)).reminder:
            await _sleep_until(step.at, f"Wait until reminder {reminder}")
            reminded = await _act(REMIND_OF_SURVEY, RemindOf(ask=survey.ask, reminder=reminder), "Remind")
            if reminded.standing != "open":
                return reminded.standing
            await _write(survey, asked, reminder)
            reminders = reminder
        await _sleep_until(step.at, "Wait until it can no longer be answered")
        return (await _act(EXPIRE_SURVEY, survey.ask, "Close it unless it was answered")).standing


async def _act(name: str, given: object, summary: str) -> Asked:
    done: Asked = await workflow.execute_activity(
        name,
        given,
        result_type=Asked,
        start_to_close_timeout=timedelta(seconds=30),
        retry_policy=_PATIENT,
        summary=summary,
    )
    return done


async def _write(survey: RunSurvey, asked: Asked, reminder: int) -> None:
    """Starts the letter, which is sent once, whoever starts it again."""
    role, person = person_of(survey.ask.respondent)
    delivery = Delivery.model_validate(
        {
            "journey": survey.ask.about.journey,
            "version": asked.version,
            "to": role,
            "person": person,
            "survey": survey.ask.request,
            "reminder": reminder,
        }
    )
    try:
        await workflow.start_child_workflow(
            MESSAGE_WORKFLOW,
            delivery,
            id=notification_stream(id_of(delivery)),
            task_queue=MESSAGE_TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            parent_close_policy=ParentClosePolicy.ABANDON,
            static_summary=f"to {role}, a survey",
        )
    except WorkflowAlreadyStartedError:
        return


async def _sleep_until(at: datetime, summary: str) -> None:
    if at > workflow.now():
        await workflow.sleep(at - workflow.now(), summary=summary)
