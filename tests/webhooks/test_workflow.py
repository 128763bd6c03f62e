"""Webhooks on a real Temporal server: news arrive by themselves, failures are repeated, losses are made up for."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.client import WorkflowExecutionStatus
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

import domain.webhook
from client.journeys import JourneyClient
from domain.access import Caller, KeyRole
from domain.ids import ProgramId
from queries.event_feed import EventFeed
from services import webhook_dispatch, webhooks
from services.webhook_dispatch import WebhookDispatch
from services.webhooks import Webhooks, Wish
from store import sequencer
from store.database import Pool
from tests.support.hook_receivers import Receiver
from tests.support.workers import when
from tests.webhooks.delivering import HERE, Log, checked_in, started, worker
from workflows.contract import webhook_workflow
from workflows.webhook import DeliverToWebhook, TestWebhook

ANA = Caller(key="k", role=KeyRole.OPS, actor="ops:ana")


class Place:
    """Everything that delivers, on a task queue of its own; ids are its own as well, for tests share a server."""

    def __init__(self, environment: WorkflowEnvironment, pool: Pool, dsn: str) -> None:
        self.environment, self.pool, self.dsn = environment, pool, dsn
        self.queue = f"webhooks-{uuid4()}"
        self.log = Log(pool, dsn)
        self.webhooks = Webhooks(pool, JourneyClient(environment.client), ANA, allowed=HERE, task_queue=self.queue)

    async def add(self, url: str, *types: str) -> str:
        wish = Wish(url=url, types=types)
        return (await self.webhooks.add(wish, f"wh-{uuid4().hex[:20]}")).webhook.webhook

    @asynccontextmanager
    async def delivering(self) -> AsyncIterator[None]:
        async with (
            worker(self.pool) as working,
            Worker(
                self.environment.client,
                task_queue=self.queue,
                workflows=[DeliverToWebhook, TestWebhook],
                activities=working.activities.all,
            ),
        ):
            yield

    @asynccontextmanager
    async def dispatching(self) -> AsyncIterator[None]:
        feed = EventFeed(self.pool)
        dispatch = WebhookDispatch(self.dsn, self.pool, self.environment.client, feed, self.queue)
        tasks = [asyncio.create_task(dispatch.run()), asyncio.create_task(sequencer.Sequencer(self.dsn).run())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def arrived(self, receiver: Receiver, many: int) -> None:
        async def count() -> int:
            return len(receiver.events)

        await when(count, lambda count: count >= many)


@pytest.fixture
async def place(temporal: WorkflowEnvironment, pool: Pool, dsn: str) -> Place:
    return Place(temporal, pool, dsn)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver().listening() as receiver:
        yield receiver


async def test_from_the_log_to_the_receiver(place: Place, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook_dispatch, "_PASS_OVER_SECONDS", 0.0)
    hook = await place.add(receiver.url)
    other = await place.add(receiver.url, "journey.paused")
    async with place.delivering(), place.dispatching():
        await place.log.happens(1, started(1))
        await place.arrived(receiver, 1)
        await place.log.happens(1, checked_in())
        await place.log.happens(2, started(2))
        await place.arrived(receiver, 3)
        assert len(receiver.events) == 3

        async def moved_on() -> int:
            return (await place.webhooks.get(other)).position

        await when(moved_on, lambda position: position == 3)  # without a request, and without waking anything
        await place.webhooks.disable(hook, "maintenance")
        await place.log.happens(1, checked_in("again"))
        await when(moved_on, lambda position: position == 4)
        assert len(receiver.events) == 3
        await place.webhooks.enable(hook)
        await place.arrived(receiver, 4)


async def test_after_a_failure_it_is_tried_again_by_itself(
    place: Place, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(domain.webhook, "WAITS", [timedelta(seconds=0.2)])
    await place.log.journeys(1)
    receiver.answer = lambda _: "500 No" if len(receiver.requests) < 2 else "200 OK"
    hook = await place.add(receiver.url)
    await place.webhooks.replay(hook, 1)
    async with place.delivering():
        await place.arrived(receiver, 1)
        (only,) = await when(lambda: place.webhooks.deliveries(hook), lambda found: found[0].state == "delivered")
    assert len(receiver.requests) == 2
    assert [one.status for one in only.tries] == [500, 200]


async def test_what_temporal_has_lost_is_made_up_for(place: Place, receiver: Receiver) -> None:
    hook = await place.add(receiver.url)
    handle = place.environment.client.get_workflow_handle(webhook_workflow(hook))
    await handle.terminate("lost")
    await place.log.journeys(3)
    async with place.delivering(), place.dispatching():
        await place.arrived(receiver, 3)


async def test_the_workflow_of_a_removed_webhook_ends(place: Place, receiver: Receiver) -> None:
    hook = await place.add(receiver.url)
    handle = place.environment.client.get_workflow_handle(webhook_workflow(hook))
    async with place.delivering():
        await place.webhooks.remove(hook)
        await handle.signal("news", "whatever is sent with it")
        assert (await handle.result()) == {"enabled": False, "more": False, "next_at": None}
        assert (await handle.describe()).status == WorkflowExecutionStatus.COMPLETED


async def test_a_test_event(place: Place, receiver: Receiver) -> None:
    hook = await place.add(receiver.url)
    async with place.delivering():
        made = await place.webhooks.test(hook)
        assert (made.outcome, made.status) == ("delivered", 200)
        receiver.answer = lambda _: "404 Not Found"
        assert (await place.webhooks.test(hook)).because == "the receiver answered 404"


async def test_a_webhook_of_some_programs_is_seen_by_whoever_may_see_those(place: Place) -> None:
    hook = await place.add("https://example.org/")
    for programs in (frozenset({ProgramId("one")}), frozenset[ProgramId]()):
        caller = Caller(key="k", role=KeyRole.OPS, actor="ops:ben", programs=programs)
        his = Webhooks(place.pool, JourneyClient(place.environment.client), caller, task_queue=place.queue)
        assert await his.listed() == []
        with pytest.raises(webhooks.NoSuchWebhook):
            await his.get(hook)
