"""The smallest workflow that obeys a command: an update that waits for one local activity. Nothing is recorded.

What it takes is what Temporal takes for any command; a journey's takes that and the rest.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from time import perf_counter
from uuid import uuid4

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

_LONGEST = timedelta(seconds=30)


@activity.defn
async def nothing(notes: str) -> str:
    return notes


@workflow.defn
class Bare:
    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: False)

    @workflow.update
    async def obey(self, notes: str) -> str:
        return await workflow.execute_local_activity(nothing, notes, start_to_close_timeout=_LONGEST)


@asynccontextmanager
async def worker(target: str, queue: str) -> AsyncIterator[None]:
    """In a process of its own, as that of the journeys."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.bare", target, queue)
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


async def updates(client: Client, clients: int, each: int) -> tuple[list[float], float]:
    """How many milliseconds each command took, and how many were obeyed a second."""
    queue = f"bare-{uuid4()}"
    async with worker(client.service_client.config.target_host, queue):
        handles = [
            await client.start_workflow(Bare.run, id=f"bare-{uuid4()}", task_queue=queue) for _ in range(clients)
        ]
        await asyncio.gather(*(one.execute_update(Bare.obey, "first") for one in handles))

        async def steer(nth: int) -> list[float]:
            took = []
            for number in range(each):
                began = perf_counter()
                await handles[nth].execute_update(Bare.obey, f"the {number}th time")
                took.append(1000 * (perf_counter() - began))
            return took

        began = perf_counter()
        measured = await asyncio.gather(*(steer(nth) for nth in range(clients)))
        rate = clients * each / (perf_counter() - began)
        await asyncio.gather(*(one.terminate() for one in handles))
    return [one for took in measured for one in took], rate


async def _serve(target: str, queue: str) -> None:
    client = await Client.connect(target)
    async with Worker(
        client,
        task_queue=queue,
        workflows=[Bare],
        activities=[nothing],
        workflow_runner=UnsandboxedWorkflowRunner(),
        build_id="bare",
    ):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(*sys.argv[1:]))
