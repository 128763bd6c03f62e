"""A program with learners who wait for mentors, and the workers that match them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from temporalio.client import WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from activities.rounds import Rounds
from client.journeys import JourneyClient
from client.rounds import RoundClient
from domain.ids import JourneyId, LearnerId, ProgramId, journey_id
from domain.kit import Kit
from projections.runner import catch_up
from store import people
from store.database import Pool
from store.people import Person
from store.sequencer import drain
from tests.temporal import worker_on
from tests.workflows.kits import SMALL, publish
from workflows.contract import (
    PROGRAM_TASK_QUEUE,
    ROUND_WORKFLOW,
    Begin,
    BeginMatching,
    RoundStatus,
    matching_workflow,
)
from workflows.matching_round import MatchingRound, RoundTakeBack

MENTORS = ("ana", "ben")


def small_kit(program: str, matching: Mapping[str, Any] | None = None, capacity: int = 6) -> Kit:
    content = SMALL.model_dump(mode="json")
    return Kit.model_validate(
        content | {"program": program, "matching": matching or {}, "capacity": {"learners_per_mentor": capacity}}
    )


@dataclass
class Matching:
    """A program of its own on a server that tests share."""

    temporal: WorkflowEnvironment
    pool: Pool
    dsn: str
    queue: str = field(default_factory=lambda: f"journeys-{uuid4()}")
    program: ProgramId = field(default_factory=lambda: ProgramId(f"small-{uuid4().hex[:8]}"))

    @property
    def rounds(self) -> RoundClient:
        return RoundClient(self.temporal.client)

    @property
    def journeys(self) -> JourneyClient:
        return JourneyClient(self.temporal.client, self.queue)

    def journey(self, number: int) -> JourneyId:
        return journey_id(self.program, LearnerId(f"l-{number}"))

    async def published(self, matching: Mapping[str, Any] | None = None, capacity: int = 6) -> Kit:
        kit = small_kit(self.program, matching, capacity)
        await publish(self.pool, kit)
        return kit

    async def mentors(self, *ids: str) -> None:
        await people.upsert_many(self.pool, [Person(one, "mentor", one.capitalize()) for one in ids])

    async def waiting(self, learners: Sequence[int]) -> None:
        """These learners have come to the stage of matching, and views show it."""
        await asyncio.gather(*map(self._to_matching, learners))
        await self.shown()

    async def _to_matching(self, number: int) -> None:
        journey = self.journey(number)
        await self.journeys.begin(Begin(program=self.program, learner=f"l-{number}"), journey)
        await self.journeys.send(journey, "submit_intake", {"answers": {"goal": "job"}})
        await self.journeys.send(journey, "review_intake", {"verdict": "approve"})

    async def shown(self) -> None:
        await drain(self.dsn)
        await catch_up(self.dsn)

    async def begin(self, **begin: Any) -> WorkflowHandle[Any, Any]:
        return await self.temporal.client.start_workflow(
            ROUND_WORKFLOW,
            BeginMatching(program=self.program, **begin),
            id=matching_workflow(self.program),
            task_queue=PROGRAM_TASK_QUEUE,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )

    async def ask(self, update: str, payload: Mapping[str, Any] | None = None) -> RoundStatus:
        handle = self.temporal.client.get_workflow_handle(matching_workflow(self.program))
        answer: RoundStatus = await handle.execute_update(
            update, args=[payload] if payload is not None else [], result_type=RoundStatus
        )
        return answer

    @asynccontextmanager
    async def workers(self, rounds: Callable[[Pool, Any], Rounds] = Rounds) -> AsyncIterator[None]:
        async with worker_on(self.temporal, self.pool, self.queue), self.programs(rounds):
            yield

    @asynccontextmanager
    async def programs(self, rounds: Callable[[Pool, Any], Rounds] = Rounds) -> AsyncIterator[None]:
        client = self.temporal.client
        async with Worker(
            client,
            task_queue=PROGRAM_TASK_QUEUE,
            workflows=[MatchingRound, RoundTakeBack],
            activities=rounds(self.pool, client).all,
            workflow_runner=UnsandboxedWorkflowRunner(),
        ):
            yield
