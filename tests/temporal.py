"""A real Temporal server, on which every workflow's clock is moved by hand, and a worker of the test's own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.journeys import Journeys
from client.journeys import JourneyClient
from domain.ids import JourneyId
from runtime.embedded.time_skipping import time_skipping_server
from store.database import Pool
from workflows.contract import SEARCH_ATTRIBUTES, Status
from workflows.learner_journey import LearnerJourney
from workflows.pinned_kits import with_kits


@pytest.fixture(scope="session")
async def temporal() -> AsyncIterator[WorkflowEnvironment]:
    async with time_skipping_server(search_attributes=SEARCH_ATTRIBUTES, manual=True) as environment:
        yield environment


@dataclass(frozen=True)
class Running:
    """A worker on a task queue of its own, and a client that begins journeys there."""

    environment: WorkflowEnvironment
    task_queue: str
    pool: Pool

    @property
    def client(self) -> JourneyClient:
        return JourneyClient(self.environment.client, self.task_queue)

    async def pass_time(self, journey: JourneyId, duration: timedelta) -> None:
        """Moves the journey's clock, and returns when nothing is due any more."""
        before = await self.client.status(journey)
        handle = self.environment.client.get_workflow_handle(journey)
        await move_clock(self.environment, handle, duration)
        until = before.as_of + duration

        def caught_up(status: Status) -> bool:
            return not status.timers or status.timers[0].at > until

        await self.status_when(journey, caught_up)

    async def status_when(self, journey: JourneyId, holds: Callable[[Status], bool]) -> Status:
        async with asyncio.timeout(30):
            while not holds(status := await self.client.status(journey)):  # noqa: ASYNC110 it is another process's
                await asyncio.sleep(0.02)
        return status


async def move_clock(environment: WorkflowEnvironment, handle: WorkflowHandle[Any, Any], duration: timedelta) -> None:
    """Moves the workflow's clock to a minute past the moment that is `duration` away.

    Where a timer falls due within the milliseconds before the end of a skip, the workflow is still at work when its
    clock gets there; the server then misses the end and skips on to the next timer, however far away. Timers and skips
    are both counted in hours or days from one command, so without the minute they often meet.
    """
    await environment.fast_forward(handle, duration + timedelta(minutes=1))


@asynccontextmanager
async def worker_on(environment: WorkflowEnvironment, pool: Pool, task_queue: str) -> AsyncIterator[Running]:
    journeys = Journeys(pool)
    async with Worker(
        with_kits(environment.client, journeys.kit),
        task_queue=task_queue,
        workflows=[LearnerJourney],
        activities=journeys.all,
        workflow_runner=_sandbox(),
        graceful_shutdown_timeout=timedelta(seconds=2),
    ):
        yield Running(environment, task_queue, pool)


def _sandbox() -> SandboxedWorkflowRunner:
    restrictions = SandboxRestrictions.default.with_passthrough_modules("domain", "pydantic", "pydantic_core")
    return SandboxedWorkflowRunner(restrictions=restrictions)


@pytest.fixture
async def running(temporal: WorkflowEnvironment, pool: Pool) -> AsyncIterator[Running]:
    async with worker_on(temporal, pool, f"journeys-{uuid4()}") as running:
        yield running


def own_id(name: str) -> JourneyId:
    """A journey id that no other test has: they share a server."""
    return JourneyId(f"{name}-{uuid4()}")
