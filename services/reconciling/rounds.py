"""Rounds of matching: open until everything is sent, or until everything is withdrawn that can be."""

from collections.abc import AsyncIterator
from typing import ClassVar

from temporalio.client import Client

from client.rounds import RoundClient
from domain.ids import RoundId, StreamId, program_of_round
from domain.round import ROUND, RoundState
from projections.sql import query
from services.reconciling.kind import PAGE, Expected, Start
from store.database import Pool
from store.locks import Lock
from store.transact import read
from workflows.contract import (
    PROGRAM_TASK_QUEUE,
    ROUND_WORKFLOW,
    TAKE_BACK_WORKFLOW,
    BeginMatching,
    matching_workflow,
    take_back_workflow,
)


class _OfRounds:
    role: ClassVar = "programs"
    category: ClassVar = "round"
    view: ClassVar = "rounds"
    shows_version: ClassVar = False
    _listed: ClassVar[str]
    _counted: ClassVar[str]

    def __init__(self, pool: Pool, temporal: Client, task_queue: str = PROGRAM_TASK_QUEUE) -> None:
        self._pool = pool
        self._rounds = RoundClient(temporal, task_queue)
        self.task_queue = task_queue

    async def expected(self, program: str | None = None) -> AsyncIterator[list[Expected]]:
        after = ""
        while rows := await self._pool.fetch(query(self._listed), after, PAGE, program):
            yield [Expected(*row) for row in rows]
            after = rows[-1]["stream"]

    async def count_expected(self) -> int:
        count: int = await self._pool.fetchval(query(self._counted))
        return count

    async def unrecorded(self) -> list[Expected]:
        return []  # a round that has recorded nothing has promised nothing to anybody

    async def _state(self, stream: StreamId) -> RoundState | None:
        return (await read(self._pool, stream, ROUND)).state


class RoundWorkflows(_OfRounds):
    name: ClassVar = "round"
    lock: ClassVar = Lock.ROUNDS_RECONCILED
    workflow_type: ClassVar = ROUND_WORKFLOW
    _listed: ClassVar = "rounds_open"
    _counted: ClassVar = "rounds_open_count"

    def workflow_of(self, stream: StreamId) -> str:
        return matching_workflow(program_of_round(_round_of(stream)))

    async def to_start(self, stream: StreamId) -> Start | None:
        state = await self._state(stream)
        if state is None or not state.is_open:
            return None
        begin = BeginMatching(program=state.program, cause=state.cause, round=state.id)
        return lambda: self._rounds.start(begin)


class TakeBackWorkflows(_OfRounds):
    name: ClassVar = "take-back"
    lock: ClassVar = Lock.TAKE_BACKS_RECONCILED
    workflow_type: ClassVar = TAKE_BACK_WORKFLOW
    _listed: ClassVar = "rounds_taking_back"
    _counted: ClassVar = "rounds_taking_back_count"

    def workflow_of(self, stream: StreamId) -> str:
        return take_back_workflow(_round_of(stream))

    async def to_start(self, stream: StreamId) -> Start | None:
        state = await self._state(stream)
        if state is None or not state.outstanding:
            return None
        return lambda: self._rounds.start_taking_back(state.id)


def _round_of(stream: StreamId) -> RoundId:
    return RoundId(stream.removeprefix("round-"))
