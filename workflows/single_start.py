"""Starts a workflow of which at most one runs at a time, for a Temporal Schedule.

A Schedule adds the time to the id of the workflow that it starts, so ids alone would not keep two from running.
"""

from temporalio import workflow
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.workflow import ParentClosePolicy

with workflow.unsafe.imports_passed_through():
    from workflows.contract import SINGLE_START, Single


@workflow.defn(name=SINGLE_START)
class SingleStart:
    @workflow.run
    async def run(self, single: Single) -> bool:
        """Returns False when it is running already; then nothing is started."""
        try:
            await workflow.start_child_workflow(
                single.workflow,
                single.input,
                id=single.id,
                task_queue=single.task_queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                parent_close_policy=ParentClosePolicy.ABANDON,
            )
        except WorkflowAlreadyStartedError:
            return False
        return True
