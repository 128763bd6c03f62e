"""Workflow tasks that fail repeatedly: which, why, and what to do about them. See docs/reliability.md."""

from dataclasses import dataclass

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType, WorkflowTaskFailedCause
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryReverseRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

FAILING_FROM_ATTEMPT = 3
"""At this attempt, a workflow task has failed or timed out at least twice in a row."""
_LATEST_EVENTS = 20


@dataclass(frozen=True, slots=True)
class FailingTask:
    workflow: str
    attempts: int
    """Attempts so far, including the present one."""
    cause: str
    """In words, as far as the history has it: of failures in a row the server records the first and the sixth."""
    remedy: str

    def __str__(self) -> str:
        return f"its workflow task fails again and again ({self.attempts} attempts): {self.cause}. {self.remedy}"


async def failing_task(temporal: Client, workflow: str) -> FailingTask | None:
    """None: the workflow is not running, or makes progress. Raises RPCError when Temporal cannot be reached."""
    try:
        described = await temporal.get_workflow_handle(workflow).describe()
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            return None
        raise
    pending = described.raw_description.pending_workflow_task
    if described.status != WorkflowExecutionStatus.RUNNING or pending.attempt < FAILING_FROM_ATTEMPT:
        return None
    cause, remedy = await _latest_failure(temporal, workflow)
    return FailingTask(workflow, pending.attempt, cause, remedy)


async def _latest_failure(temporal: Client, workflow: str) -> tuple[str, str]:
    answer = await temporal.workflow_service.get_workflow_execution_history_reverse(
        GetWorkflowExecutionHistoryReverseRequest(
            namespace=temporal.namespace,
            execution=WorkflowExecution(workflow_id=workflow),
            maximum_page_size=_LATEST_EVENTS,
        )
    )
    for event in answer.history.events:
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED:
            failed = event.workflow_task_failed_event_attributes
            return _in_words(failed.cause, failed.failure.message), _remedy(failed.cause)
        if event.event_type == EventType.EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT:
            return (
                "a worker took the task and did not answer in time",
                "Look whether the worker is overloaded, or killed while it replays: its log, and the metric "
                "temporal_workflow_task_execution_latency",
            )
    return (
        "the history does not say why",
        "Look at the worker's log, or at the workflow in Temporal's UI",
    )


def _in_words(cause: WorkflowTaskFailedCause.ValueType, message: str) -> str:
    name = WorkflowTaskFailedCause.Name(cause).removeprefix("WORKFLOW_TASK_FAILED_CAUSE_")
    said = message.strip().split("\n")[0]
    plain = name.replace("_", " ").lower()
    return f"{plain}: {said}" if said else plain


def _remedy(cause: WorkflowTaskFailedCause.ValueType) -> str:
    match cause:
        case WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR:
            return (
                "The code does not replay this history. Run the release that it was recorded with, or end the workflow "
                "with `temporal workflow terminate --workflow-id …`: it is started again from the log"
            )
        case WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_BAD_UPDATE_WORKFLOW_EXECUTION_MESSAGE:
            return (
                "The worker answered an update that the server no longer holds. This passes once the worker drops the "
                "workflow from its cache, at the latest by a restart of the worker; a command that was sent again "
                "with its id gets its recorded answer"
            )
        case _:
            return (
                "Nothing is lost: it goes on by itself once the cause is gone. The worker's log has the traceback; "
                "correct the code or bring back what it needs, and deploy"
            )
