"""Records a review of a program's capacity at once, besides those that its schedule records."""

import asyncio
from datetime import timedelta

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from domain.ids import ProgramId
from workflows.capacity_activities import CapacityRecorded, ReviewProgram
from workflows.contract import CAPACITY_REVIEW, PROGRAM_TASK_QUEUE

PATIENCE = timedelta(seconds=30)


class NobodyReviews(Exception):
    """No worker recorded the review in time. It is recorded once there is one."""

    def __init__(self, program: str) -> None:
        super().__init__(
            f"nobody has reviewed the capacity of {program!r} yet: is a worker with the role programs running? "
            "`trellis doctor` tells"
        )


async def review(
    temporal: Client, program: ProgramId, task_queue: str = PROGRAM_TASK_QUEUE, patience: timedelta = PATIENCE
) -> CapacityRecorded:
    """Whoever asks while a review is under way gets that one. Raises NobodyReviews."""
    handle = await temporal.start_workflow(
        CAPACITY_REVIEW,
        ReviewProgram(program=program),
        id=f"capacity-now-{program}",
        task_queue=task_queue,
        result_type=CapacityRecorded,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=f"Review the capacity of {program}",
    )
    try:
        async with asyncio.timeout(patience.total_seconds()):
            recorded: CapacityRecorded = await handle.result()
    except TimeoutError as error:
        raise NobodyReviews(program) from error
    return recorded
