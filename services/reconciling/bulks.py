"""Bulk actions: begun, and neither finished nor stopped."""

from collections.abc import AsyncIterator
from typing import ClassVar

from temporalio.client import Client

from client.bulk import BulkClient
from domain.bulk import BULK
from domain.ids import BulkId, StreamId
from projections.sql import query
from services.reconciling.kind import PAGE, Expected, Start
from store.database import Pool
from store.locks import Lock
from store.transact import read
from workflows.contract import BULK_WORKFLOW, PROGRAM_TASK_QUEUE


class BulkWorkflows:
    name: ClassVar = "bulk"
    lock: ClassVar = Lock.BULKS_RECONCILED
    workflow_type: ClassVar = BULK_WORKFLOW
    role: ClassVar = "programs"
    category: ClassVar = "bulk"
    view: ClassVar = "bulks"
    shows_version: ClassVar = True

    def __init__(self, pool: Pool, temporal: Client, task_queue: str = PROGRAM_TASK_QUEUE) -> None:
        self._pool = pool
        self._bulks = BulkClient(temporal, task_queue)
        self.task_queue = task_queue

    def workflow_of(self, stream: StreamId) -> str:
        return stream

    async def expected(self, program: str | None = None) -> AsyncIterator[list[Expected]]:
        after = ""
        while rows := await self._pool.fetch(query("bulks_open"), after, PAGE, program):
            yield [Expected(*row) for row in rows]
            after = rows[-1]["stream"]

    async def count_expected(self) -> int:
        count: int = await self._pool.fetchval(query("bulks_open_count"))
        return count

    async def unrecorded(self) -> list[Expected]:
        return []  # an action of which nothing is recorded has promised nothing to anybody

    async def to_start(self, stream: StreamId) -> Start | None:
        found = await read(self._pool, stream, BULK)
        if found.state is None or not found.state.is_open:
            return None

        async def start() -> bool:
            await self._bulks.wake(BulkId(stream.removeprefix("bulk-")), found.version)
            return True

        return start
