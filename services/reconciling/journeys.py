"""Journeys: open until the log says that they are closed."""

from collections.abc import AsyncIterator
from typing import ClassVar

from temporalio.client import Client

from client.journeys import JourneyClient
from domain.ids import JourneyId, StreamId
from domain.journey import EVENTS, fold
from projections.sql import query
from services.reconciling.kind import PAGE, Expected, Start
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog
from store.locks import Lock
from workflows.contract import TASK_QUEUE, WORKFLOW, Begin

_CODEC = Codec(EVENTS)


class JourneyWorkflows:
    name: ClassVar = "journey"
    lock: ClassVar = Lock.JOURNEYS_RECONCILED
    workflow_type: ClassVar = WORKFLOW
    role: ClassVar = "journeys"
    category: ClassVar = "journey"
    view: ClassVar = "board"
    shows_version: ClassVar = True

    def __init__(self, pool: Pool, temporal: Client, task_queue: str = TASK_QUEUE) -> None:
        self._pool = pool
        self._log = EventLog(pool)
        self._client = JourneyClient(temporal, task_queue)
        self.task_queue = task_queue

    def workflow_of(self, stream: StreamId) -> str:
        return stream.removeprefix("journey-")

    async def expected(self, program: str | None = None) -> AsyncIterator[list[Expected]]:
        after = ""
        while rows := await self._pool.fetch(query("journeys_open"), after, PAGE, program):
            yield [Expected(*row) for row in rows]
            after = rows[-1]["stream"]

    async def count_expected(self) -> int:
        count: int = await self._pool.fetchval(query("journeys_open_count"))
        return count

    async def unrecorded(self) -> list[Expected]:
        return []  # a journey that has recorded nothing has promised nothing to anybody

    async def to_start(self, stream: StreamId) -> Start | None:
        state = fold(_CODEC.decode_known(await self._log.read_stream(stream)))
        if state is None or state.closing:
            return None
        begin = Begin(program=state.program, learner=state.learner)
        journey = JourneyId(self.workflow_of(stream))
        return lambda: self._client.begin(begin, journey)
