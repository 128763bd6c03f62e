"""Workers that fail, and waiting until something holds."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from temporalio import workflow
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from workflows.contract import WORKFLOW, Status

T = TypeVar("T")


async def when(ask: Callable[[], Awaitable[T]], holds: Callable[[T], bool]) -> T:
    async with asyncio.timeout(30):
        while not holds(answer := await ask()):  # noqa: ASYNC110 - of other processes
            await asyncio.sleep(0.02)
    return answer


@workflow.defn(name=WORKFLOW)
class Broken:
    """As after a deployment of code that cannot run the journeys that there are."""

    @workflow.run
    async def run(self, _begin: object) -> None:
        raise RuntimeError("this release is broken")

    @workflow.query
    def status(self) -> Status:
        raise NotImplementedError


@asynccontextmanager
async def broken_worker(
    environment: WorkflowEnvironment, task_queue: str, workflow_class: type = Broken
) -> AsyncIterator[None]:
    async with Worker(
        environment.client,
        task_queue=task_queue,
        workflows=[workflow_class],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        yield
