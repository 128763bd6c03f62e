"""What Temporal knows of the health of Trellis: search attributes, workers, workflow tasks."""

from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from client.failing_tasks import failing_task
from runtime.search_attributes import require_search_attributes
from runtime.server_problems import NotReadyError
from services.diagnosis.finding import Finding, broken, needs_a_person, number, of_problem, ok
from services.reconciling import KINDS, running
from workflows.contract import MESSAGE_TASK_QUEUE, PROGRAM_TASK_QUEUE, SEARCH_ATTRIBUTES, TASK_QUEUE

_RECENT = timedelta(minutes=2)
"""A worker that polls asks at least once a minute."""
_MOST = 5


async def search_attribute_findings(client: Client) -> list[Finding]:
    try:
        await require_search_attributes(client)
    except NotReadyError as problem:
        return [of_problem("search attributes", problem)]
    return [ok("search attributes", f"{number(len(SEARCH_ATTRIBUTES), 'attribute')} registered")]


async def worker_findings(client: Client, *, with_messages: bool) -> list[Finding]:
    queues = {TASK_QUEUE: "journeys", PROGRAM_TASK_QUEUE: "programs"} | (
        {MESSAGE_TASK_QUEUE: "messages"} if with_messages else {}
    )
    found = []
    for queue, role in queues.items():
        answer = await client.workflow_service.describe_task_queue(
            DescribeTaskQueueRequest(
                namespace=client.namespace,
                task_queue=TaskQueue(name=queue),
                task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
            )
        )
        since = datetime.now(UTC) - _RECENT
        workers = {one.identity for one in answer.pollers if one.last_access_time.ToDatetime(UTC) > since}
        about = f"workers of {role}"
        if workers:
            found.append(ok(about, f"{number(len(workers), 'process', 'processes')} polling {queue}"))
        else:
            found.append(
                broken(
                    about,
                    f"no process polls {queue}, so {role} do not progress",
                    f"start one with `trellis worker --roles {role}`, or run everything here with `trellis up`",
                )
            )
    return found


async def workflow_task_findings(client: Client) -> list[Finding]:
    """A line for each workflow whose task fails again and again, the first few."""
    failing = [one for kind in KINDS for one in await running.failing(client, kind.workflow_type)]
    described = [task for one in failing[:_MOST] if (task := await failing_task(client, one))]
    found = [
        broken(
            f"workflow {task.workflow}",
            f"its workflow task keeps failing ({task.attempts} attempts): {task.cause}",
            task.remedy,
        )
        for task in described
    ]
    if len(failing) > _MOST:
        found.append(
            needs_a_person(
                "workflow tasks",
                f"{len(failing) - _MOST} more workflows fail in the same way",
                "to list them: `temporal workflow list --query 'TemporalReportedProblems IS NOT NULL'`",
            )
        )
    return found or [ok("workflow tasks", "none keeps failing")]
