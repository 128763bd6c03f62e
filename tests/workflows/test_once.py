"""Every order is obeyed once, also when a workflow task fails after several of them were recorded."""

import asyncio
from collections import Counter
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

import domain.journey
from domain.ids import JourneyId, journey_stream
from domain.journey import Finish, JourneyState, Wait
from domain.kit import Kit
from interfaces.client import JourneyClient
from store.database import Pool
from store.event_log import EventLog
from tests.temporal import worker_on
from tests.workflows.kits import publish
from workflows.contract import Begin


@pytest.mark.parametrize("known", [False, True])
async def test_a_failed_task_repeats_nothing(
    temporal: WorkflowEnvironment, pool: Pool, monkeypatch: pytest.MonkeyPatch, known: bool
) -> None:
    """`known`: whether the history had come to the journey's start before."""
    await publish(pool)
    queue = f"journeys-{uuid4()}"
    client = JourneyClient(temporal.client, queue)
    journey = JourneyId(f"small.{uuid4()}")
    await client.begin(Begin(program="small", learner="lea"), journey)
    if known:
        async with worker_on(temporal, pool, queue):
            await client.status(journey)
    for _ in range(4):
        for command in ("pause", "resume", "dance"):
            await client.signal(journey, command, {"reason": "ill"} if command == "pause" else {})
    calls = 0
    really = domain.journey.next_action

    def fails_once(kit: Kit, state: JourneyState) -> Wait | Finish:
        nonlocal calls
        calls += 1
        if calls == 8:
            raise RuntimeError("only once")
        return really(kit, state)

    monkeypatch.setattr(domain.journey, "next_action", fails_once)
    async with worker_on(temporal, pool, queue), asyncio.timeout(30):
        await client.send(journey, "withdraw", {"reason": "moved"})
    recorded = await EventLog(pool).read_stream(journey_stream(journey))
    assert calls > 8
    assert not [order for order, count in Counter(one.meta["order"] for one in recorded).items() if count > 1]
    kinds = Counter(one.type.removeprefix("journey.") for one in recorded)
    assert kinds == {"started": 1, "paused": 4, "resumed": 4, "command_rejected": 4, "closed": 1}
