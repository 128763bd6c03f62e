"""The client of the workflows of surveys. As client/journeys.py, it imports only the contract of workflows."""

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from workflows.contract import PROGRAM_TASK_QUEUE, SURVEY_WORKFLOW
from workflows.survey_activities import RunSurvey, survey_workflow


async def start_survey(temporal: Client, survey: RunSurvey, task_queue: str = PROGRAM_TASK_QUEUE) -> None:
    """Starts the workflow unless it runs. One that has ended looks at the log again, and does nothing twice."""
    await temporal.start_workflow(
        SURVEY_WORKFLOW,
        survey,
        id=survey_workflow(survey.ask.request),
        task_queue=task_queue,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=f"survey {survey.ask.survey} of {survey.ask.about.program}",
    )
