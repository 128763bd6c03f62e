"""Letters of monthly reviews: released, and not yet sent to everybody who is to get them."""

from collections.abc import AsyncIterator
from typing import ClassVar

from temporalio.client import Client

from domain.ids import StreamId
from domain.monthly_review import REVIEW, of_stream
from projections.sql import query
from services.monthly_reviews import start_letters
from services.reconciling.kind import PAGE, Expected, Start
from store.database import Pool
from store.locks import Lock
from store.transact import read
from workflows.contract import MESSAGE_TASK_QUEUE, REVIEW_LETTERS, review_letters_workflow


class ReviewLetterWorkflows:
    name: ClassVar = "review letter"
    lock: ClassVar = Lock.REVIEW_LETTERS_RECONCILED
    workflow_type: ClassVar = REVIEW_LETTERS
    role: ClassVar = "messages"
    category: ClassVar = "monthly"
    view: ClassVar = "monthly_reviews"
    shows_version: ClassVar = False

    def __init__(self, pool: Pool, temporal: Client, task_queue: str = MESSAGE_TASK_QUEUE) -> None:
        self._pool = pool
        self._temporal = temporal
        self.task_queue = task_queue

    def workflow_of(self, stream: StreamId) -> str:
        return review_letters_workflow(*of_stream(stream))

    async def expected(self, program: str | None = None) -> AsyncIterator[list[Expected]]:
        after = ""
        while rows := await self._pool.fetch(query("monthly_reviews_open"), after, PAGE, program):
            yield [Expected(*row) for row in rows]
            after = rows[-1]["stream"]

    async def count_expected(self) -> int:
        count: int = await self._pool.fetchval(query("monthly_reviews_open_count"))
        return count

    async def unrecorded(self) -> list[Expected]:
        return []  # before its release is recorded, nobody is to get a review

    async def to_start(self, stream: StreamId) -> Start | None:
        state = (await read(self._pool, stream, REVIEW)).state
        if not any(one.open or one.status == "handed_over" for one in state.letters.values()):
            return None
        program, month = of_stream(stream)
        return lambda: start_letters(self._temporal, program, month, self.task_queue)
