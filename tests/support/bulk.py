"""Bulk actions on real servers: their workers, one that can be killed among them, and what journeys have recorded."""

import asyncio
import os
import sys
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch
from uuid import uuid4

from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.bulk import BulkActions
from domain.ids import BulkId
from projections.runner import catch_up
from services.bulk import BulkPlan, Bulks, BulkShown, Order, plan
from store.database import Pool, open_pool
from store.sequencer import drain
from workflows.bulk import Bulk

PAUSE: dict[str, Any] = {"action": "command", "command": "pause", "fields": {"reason": "holidays"}}

_SHORT_SILENCE = timedelta(seconds=3)
"""After which a worker that was killed is taken for dead, so that no test waits for the usual ten."""


@dataclass(frozen=True)
class InBulk:
    """Workers on task queues of the test's own."""

    pool: Pool
    client: Client
    dsn: str
    journeys_queue: str = field(default_factory=lambda: f"journeys-{uuid4()}")
    queue: str = field(default_factory=lambda: f"programs-{uuid4()}")

    @property
    def bulks(self) -> Bulks:
        return Bulks(self.pool, self.client, self.queue)

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        async with Worker(
            self.client,
            task_queue=self.queue,
            workflows=[Bulk],
            activities=BulkActions(self.pool, self.client, self.journeys_queue).all,
            workflow_runner=UnsandboxedWorkflowRunner(),
        ):
            yield

    async def shown(self) -> None:
        """Views are up to date."""
        await drain(self.dsn)
        await catch_up(self.dsn)

    async def plan(self, action: Mapping[str, Any], where: Mapping[str, Any], rate: float = 200) -> BulkPlan:
        return await plan(self.pool, Order.model_validate({"action": action, "filter": where, "rate": rate}))

    async def begin(self, planned: BulkPlan) -> None:
        await self.bulks.begin(planned.id, journeys=planned.journeys, by="ops")

    async def over(self, bulk: BulkId, seconds: float = 60) -> BulkShown:
        return await self.until(bulk, lambda shown: shown.status in ("stopped", "finished"), seconds)

    async def until(self, bulk: BulkId, holds: Callable[[BulkShown], bool], seconds: float = 60) -> BulkShown:
        async with asyncio.timeout(seconds):
            while not holds(shown := await self.bulks.show(bulk)):  # noqa: ASYNC110 - of another process
                await asyncio.sleep(0.05)
        return shown

    async def recorded(self, type_: str) -> Counter[str]:
        """How many events of this type each journey has."""
        rows = await self.pool.fetch("select stream from trellis.events where type = $1", type_)
        return Counter(row["stream"].removeprefix("journey-") for row in rows)

    async def kill_while_it_runs(self, bulk: BulkId, times: int, every: int, seconds: float = 60) -> None:
        """Starts a worker in a process of its own and kills it, each time after so many more journeys."""
        for nth in range(1, times + 1):
            worker = await self._process()
            try:
                await self.until(bulk, partial(_has_done, nth * every), seconds)
            finally:
                worker.kill()
                await worker.wait()

    async def _process(self) -> Process:
        target = self.client.service_client.config.target_host
        arguments = (self.dsn, target, self.client.namespace, self.journeys_queue, self.queue)
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.support.bulk", *arguments, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
        )


def _has_done(many: int, shown: BulkShown) -> bool:
    return shown.outcomes.all >= many


async def _serve(dsn: str, target: str, namespace: str, journeys_queue: str, queue: str) -> None:
    client = await Client.connect(target, namespace=namespace, data_converter=pydantic_data_converter)
    pool = await open_pool(dsn)
    with patch("workflows.bulk.SILENCE_OF_BULK", _SHORT_SILENCE):
        async with InBulk(pool, client, dsn, journeys_queue, queue).worker():
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_serve(*sys.argv[1:]))
