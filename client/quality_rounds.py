"""The typed client of rounds of reviews: begin one, and say that it is settled.

As client/journeys.py, it imports nothing of Trellis beyond the contract of the workflow.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta

from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.ids import ProgramId
from workflows.contract import PROGRAM_TASK_QUEUE, QA_ROUND, qa_workflow
from workflows.quality_activities import HoldReviews, Reviews

PATIENCE = timedelta(seconds=30)


class NobodySamples(Exception):
    """No worker has begun the round in time. It is begun once there is one."""

    def __init__(self, program: str) -> None:
        super().__init__(
            f"nobody has begun the round of reviews of {program!r} yet: is a worker with the role programs running? "
            "`trellis doctor` tells"
        )


async def hold(temporal: Client, program: ProgramId, task_queue: str = PROGRAM_TASK_QUEUE) -> bool:
    """Starts the workflow, which goes on with the round that is open. Returns False when it runs already."""
    try:
        await temporal.start_workflow(
            QA_ROUND,
            HoldReviews(program=program),
            id=qa_workflow(program),
            task_queue=task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            static_summary=f"Reviews of sessions in {program}",
        )
    except WorkflowAlreadyStartedError:
        return False
    return True


async def begun(temporal: Client, program: ProgramId) -> Reviews:
    """What the workflow that was started has begun, or goes on with.

    Raises:
        NobodySamples: when no worker does it in time.
        RPCError: when Temporal cannot be reached.
    """
    handle = temporal.get_workflow_handle(qa_workflow(program), result_type=Reviews)
    try:
        async with asyncio.timeout(PATIENCE.total_seconds()):
            try:
                found: Reviews = await handle.execute_update("begun", result_type=Reviews)
            except (WorkflowUpdateFailedError, RPCError) as error:
                if isinstance(error, RPCError) and error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                found = await handle.result()  # it was over before it could be asked: there was nothing to sample
    except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as error:
        raise NobodySamples(program) from error
    return found


async def tell_settled(temporal: Client, program: ProgramId) -> None:
    """Lets the workflow end at once. Where this is lost, it ends when the round's time is over."""
    with suppress(RPCError):
        await temporal.get_workflow_handle(qa_workflow(program)).signal("settled")
