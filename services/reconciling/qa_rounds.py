"""Rounds of reviews: open until every item is settled, or their time is over."""

from collections.abc import AsyncIterator
from typing import ClassVar

from temporalio.client import Client

from client.quality_rounds import hold
from domain.ids import ProgramId, RoundId, StreamId, program_of_round
from domain.quality.reviews import REVIEWS
from projections.sql import query
from services.reconciling.kind import PAGE, Expected, Start
from store.database import Pool
from store.locks import Lock
from store.transact import read
from workflows.contract import PROGRAM_TASK_QUEUE, QA_ROUND, qa_workflow


class QaRoundWorkflows:
    name: ClassVar = "qa-round"
    lock: ClassVar = Lock.QA_ROUNDS_RECONCILED
    workflow_type: ClassVar = QA_ROUND
    role: ClassVar = "programs"
    category: ClassVar = "qa"
    view: ClassVar = "qa_samples"
    shows_version: ClassVar = False

    def __init__(self, pool: Pool, temporal: Client, task_queue: str = PROGRAM_TASK_QUEUE) -> None:
        self._pool = pool
        self._temporal = temporal
        self.task_queue = task_queue

    def workflow_of(self, stream: StreamId) -> str:
        return qa_workflow(_program_of(stream))

    async def expected(self, program: str | None = None) -> AsyncIterator[list[Expected]]:
        after = ""
        while rows := await self._pool.fetch(query("qa_rounds_open"), after, PAGE, program):
            yield [Expected(*row) for row in rows]
            after = rows[-1]["stream"]

    async def count_expected(self) -> int:
        count: int = await self._pool.fetchval(query("qa_rounds_open_count"))
        return count

    async def unrecorded(self) -> list[Expected]:
        return []  # a round that has recorded nothing has asked nobody

    async def to_start(self, stream: StreamId) -> Start | None:
        state = (await read(self._pool, stream, REVIEWS)).state
        if state is None or not state.is_open:
            return None
        return lambda: hold(self._temporal, state.begun.program, self.task_queue)


def _program_of(stream: StreamId) -> ProgramId:
    return program_of_round(RoundId(stream.removeprefix("qa-")))
