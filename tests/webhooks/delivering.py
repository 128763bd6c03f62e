"""A log, a webhook on it, and passes of a worker, for tests that look at what a receiver gets."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from temporalio.testing import ActivityEnvironment

from activities.webhooks import Webhooks
from channels import signing
from channels.event_hooks import EventHooks, Resolver
from channels.public_addresses import Allowed
from domain.ids import JourneyId, KitDigest, LearnerId, ProgramId, StreamId, journey_stream
from domain.journey import events as e
from domain.values import Event
from queries.event_feed import EventFeed
from services.webhook_feed import WebhookFeed
from store import sequencer, webhooks
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from store.webhooks import Subscription, WebhookDelivery, WebhookRow
from workflows.webhook_activities import FollowWebhook, Passed

HERE = Allowed.of("127.0.0.0/8")
ID = "wh-1"


def started(number: int, program: str = "one") -> e.JourneyStarted:
    return e.JourneyStarted(
        at=datetime(2026, 3, 2, 9, tzinfo=UTC),
        program=ProgramId(program),
        learner=LearnerId(f"l-{number}"),
        kit=KitDigest("0" * 64),
        intake_due_at=datetime(2026, 3, 9, 9, tzinfo=UTC),
    )


def checked_in(text: str = "hello") -> e.CheckedIn:
    return e.CheckedIn(at=datetime(2026, 3, 3, 9, tzinfo=UTC), notes=text)


@dataclass
class Log:
    pool: Pool
    dsn: str
    versions: dict[StreamId, int] = field(default_factory=dict)

    async def happens(self, journey: int, *events: Event) -> None:
        stream = journey_stream(JourneyId(f"one.l-{journey}"))
        version = self.versions.get(stream, 0)
        append_id = f"{stream}-{version}"
        await EventLog(self.pool).append(stream, version, append_id, encode(events, append_id))
        self.versions[stream] = version + len(events)

    async def positions(self) -> int:
        """Gives everything its position. The last one."""
        await sequencer.drain(self.dsn)
        return await EventLog(self.pool).head()

    async def journeys(self, count: int, checks: int = 0) -> None:
        await asyncio.gather(*(self.happens(number, started(number)) for number in range(count)))
        for turn in range(checks):
            await asyncio.gather(*(self.happens(number, checked_in(f"{turn}")) for number in range(count)))
        await self.positions()


async def subscribed(pool: Pool, url: str, *, webhook: str = ID, position: int = 0, **wanted: object) -> str:
    """From the beginning of the log. Returns the secret."""
    secret = signing.new_secret()
    usual: dict[str, Any] = {"url": url, "description": "", "types": [], "programs": None, "role": "observer"}
    subscription = Subscription(**{**usual, **wanted})
    assert await webhooks.add(pool, webhook, subscription, secret=secret, position=position, actor="ops:test")
    return secret


@asynccontextmanager
async def worker(pool: Pool, *, seconds: float = 2.0, pass_seconds: float = 20.0) -> AsyncIterator["Worker"]:
    resolver = Resolver(HERE, threads=2)
    feed = WebhookFeed(EventFeed(pool))
    no_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    hooks = EventHooks(resolver, seconds=seconds, certificates=no_tls)
    try:
        yield Worker(pool, Webhooks(pool, feed, hooks, pass_seconds=pass_seconds))
    finally:
        resolver.close()


@dataclass
class Worker:
    pool: Pool
    activities: Webhooks

    async def passes(self, webhook: str = ID) -> Passed:
        return await ActivityEnvironment().run(self.activities.deliver, FollowWebhook(webhook=webhook))

    async def row(self, webhook: str = ID) -> WebhookRow:
        row = await webhooks.get(self.pool, webhook)
        assert row
        return row

    async def deliveries(self, webhook: str = ID) -> list[WebhookDelivery]:
        """The earliest first."""
        return (await webhooks.deliveries(self.pool, webhook, None, None, 1_000))[::-1]

    async def all_is_due(self) -> None:
        """As if the time for it had come."""
        await self.pool.execute("update trellis.webhook_deliveries set next_at = now() where next_at is not null")
        await self.pool.execute("update trellis.webhooks set not_before = now() where not_before is not null")
