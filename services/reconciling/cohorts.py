"""Groups: open until they are closed and everybody knows it."""

from collections.abc import AsyncIterator
from functools import partial
from typing import ClassVar

from temporalio.client import Client

from domain.ids import CohortId, StreamId
from projections.sql import query
from queries.cohorts import snapshot
from services.cohorts import start
from services.reconciling.kind import PAGE, Expected, Start
from store.database import Pool
from store.locks import Lock
from workflows.contract import COHORT_WORKFLOW, PROGRAM_TASK_QUEUE


class CohortWorkflows:
    name: ClassVar = "cohort"
    lock: ClassVar = Lock.COHORTS_RECONCILED
    workflow_type: ClassVar = COHORT_WORKFLOW
    role: ClassVar = "programs"
    category: ClassVar = "cohort"
    view: ClassVar = "cohorts"
    shows_version: ClassVar = True

    def __init__(self, pool: Pool, temporal: Client, task_queue: str = PROGRAM_TASK_QUEUE) -> None:
        self._pool = pool
        self._temporal = temporal
        self.task_queue = task_queue

    def workflow_of(self, stream: StreamId) -> str:
        return stream

    async def expected(self, program: str | None = None) -> AsyncIterator[list[Expected]]:
        after = ""
        while rows := await self._pool.fetch(query("cohorts_open"), after, PAGE, program):
            yield [Expected(*row) for row in rows]
            after = rows[-1]["stream"]

    async def count_expected(self) -> int:
        count: int = await self._pool.fetchval(query("cohorts_open_count"))
        return count

    async def unrecorded(self) -> list[Expected]:
        return []  # a group of which nothing is recorded has promised nothing to anybody

    async def to_start(self, stream: StreamId) -> Start | None:
        group = CohortId(stream.removeprefix("cohort-"))
        found = await snapshot(self._pool, group)
        if not found.state.formed or found.state.over:
            return None
        return partial(start, self._temporal, group, self.task_queue)
