"""The client of the workflows of bulk actions: start one, tell it that its stream has moved on.

As client/journeys.py, it imports nothing of Trellis beyond the contract of the workflow.
"""

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from domain.ids import BulkId, bulk_stream
from workflows.contract import BULK_WORKFLOW, CATCH_UP, PROGRAM_TASK_QUEUE, RunBulk


class BulkClient:
    """Holds nothing but the connection. Raises `temporalio.service.RPCError` where Temporal cannot be reached."""

    def __init__(self, temporal: Client, task_queue: str = PROGRAM_TASK_QUEUE) -> None:
        self._temporal = temporal
        self._task_queue = task_queue

    async def wake(self, bulk: BulkId, version: int) -> None:
        """Starts the workflow unless it runs, and has it look at this version of its stream."""
        await self._temporal.start_workflow(
            BULK_WORKFLOW,
            RunBulk(bulk=bulk, version=version),
            id=bulk_stream(bulk),
            task_queue=self._task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            start_signal=CATCH_UP,
            start_signal_args=[{"version": version}],
            static_summary=f"Bulk action {bulk}",
        )
