"""The role `webhooks`: events to other systems. Its process connects to whatever others have named, and may be kept
apart for that."""

from collections.abc import Iterator, Sequence

from temporalio.worker import Worker

from activities.webhooks import Webhooks
from channels.event_hooks import EventHooks, Resolver
from channels.public_addresses import Allowed
from queries.event_feed import EventFeed
from roles.part import Part, Process
from roles.role import Role
from roles.workers import temporal_worker
from runtime.process import BackgroundService
from services.webhook_dispatch import WebhookDispatch
from services.webhook_feed import WebhookFeed
from store.webhooks import MOST_WEBHOOKS
from workflows.contract import WEBHOOK_TASK_QUEUE
from workflows.webhook import DeliverToWebhook, TestWebhook
from workflows.webhook_activities import SILENCE_OF_PASS

WORKFLOWS: Sequence[type] = [DeliverToWebhook, TestWebhook]


def parts(process: Process) -> Iterator[Part]:
    feed = EventFeed(process.pool)
    dispatch = WebhookDispatch(process.settings.dsn, process.pool, process.client, feed)
    yield Part(Role.WEBHOOKS, worker(process, feed))
    yield Part("webhook dispatch", BackgroundService(dispatch.run), own_connections=2)


def worker(process: Process, feed: EventFeed) -> Worker:
    """Each webhook may have an activity at the same time as all others, so that a receiver that is slow keeps nobody
    waiting."""
    resolver = Resolver(Allowed.of(process.settings.private_networks), threads=MOST_WEBHOOKS)
    return temporal_worker(
        process.client,
        process.settings,
        WEBHOOK_TASK_QUEUE,
        WORKFLOWS,
        Webhooks(process.pool, WebhookFeed(feed), EventHooks(resolver)).all,
        activities_at_once=2 * MOST_WEBHOOKS,
        heartbeats_within=SILENCE_OF_PASS / 3,
    )
