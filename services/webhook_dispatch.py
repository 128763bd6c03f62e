"""Follows the log and tells the workflow of each webhook when there is something for it.

It has no checkpoint: how far a webhook has come is in its own row. When a process begins to lead, and every minute, it
wakes all that are behind or whose next attempt is overdue, and so makes up for whatever was lost.
"""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic

import structlog
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy

from queries.event_feed import EventFeed, FeedEvent
from runtime.fan_out import fan_out
from services.webhook_feed import wanted_of
from store import webhooks
from store.database import Connection, Pool
from store.event_log import EventLog
from store.leading import Interruptions, lead
from store.locks import Lock
from store.signal import Signal
from store.webhooks import WebhookRow
from workflows.contract import NEWS, WEBHOOK_TASK_QUEUE, WEBHOOK_WORKFLOW, webhook_workflow
from workflows.webhook_activities import FollowWebhook

log = structlog.get_logger(__name__)

_PAGE = 1_000
_AT_ONCE = 8
_PATIENCE_SECONDS = 5.0
_RETRY_SECONDS = 2.0
_BREATH_SECONDS = 0.2
"""Between two pages: a webhook is told of news a few times in a second, however many events there are."""
_PASS_OVER_SECONDS = 10.0
_SWEEP_SECONDS = 60.0
_PRUNE_SECONDS = 3600.0
_OVERDUE = timedelta(seconds=30)


async def wake(temporal: Client, webhook: str, task_queue: str = WEBHOOK_TASK_QUEUE) -> None:
    """Tells the workflow of a webhook that there is something to deliver, and starts it where it does not run."""
    await temporal.start_workflow(
        WEBHOOK_WORKFLOW,
        FollowWebhook(webhook=webhook),
        id=webhook_workflow(webhook),
        task_queue=task_queue,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        start_signal=NEWS,
        static_summary=f"webhook {webhook}",
    )


class WebhookDispatch:
    """One process leads, any number may stand by. `run` returns only when cancelled."""

    def __init__(
        self, dsn: str, pool: Pool, temporal: Client, feed: EventFeed, task_queue: str = WEBHOOK_TASK_QUEUE
    ) -> None:
        self._dsn, self._pool, self._temporal, self._feed = dsn, pool, temporal, feed
        self._task_queue = task_queue
        self._signal = Signal(dsn)

    async def run(self) -> None:
        patience = Interruptions("webhooks", pause=lambda _: _RETRY_SECONDS)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._signal.run())
            tasks.create_task(lead(self._dsn, Lock.WEBHOOKS, self._work, name="webhooks", patience=patience))

    async def _work(self, connection: Connection) -> None:
        log_ = EventLog(self._pool)
        head = await log_.head()
        quiet = _Quiet(self._pool)
        due = _Due()
        while True:
            rows = [one for one in await webhooks.listed(self._pool) if one.status == "enabled"]
            if due.sweep():
                await self._wake(one.webhook for one in rows if _has_work(one, head))
            if due.prune():
                await self._prune()
            page = await self._feed.described(await log_.read_all(head, _PAGE)) if rows else []
            if page:
                await self._dispatch(rows, page, quiet, head)
                head = page[-1].position
                await asyncio.sleep(_BREATH_SECONDS)
            else:
                head = head if rows else await log_.head()
                await self._signal.wait_beyond(head, _PATIENCE_SECONDS)
            await quiet.save(head)
            await connection.execute("select 1")  # raises when the connection is lost, and the leadership with it

    async def _dispatch(
        self, rows: Sequence[WebhookRow], page: Sequence[FeedEvent], quiet: "_Quiet", after: int
    ) -> None:
        concerned = {one.webhook for one in rows if _concerns(one, page)}
        quiet.note((one.webhook for one in rows), concerned, after)
        await self._wake(concerned)

    async def _wake(self, those: Iterable[str]) -> None:
        await fan_out(lambda one: wake(self._temporal, one, self._task_queue), list(those), _AT_ONCE)

    async def _prune(self) -> None:
        while await webhooks.prune(self._pool):  # noqa: ASYNC110 - it does some of it each time
            await asyncio.sleep(_BREATH_SECONDS)


class _Due:
    """What is done now and then."""

    def __init__(self) -> None:
        self._swept = self._pruned = float("-inf")

    def sweep(self) -> bool:
        if monotonic() - self._swept < _SWEEP_SECONDS:
            return False
        self._swept = monotonic()
        return True

    def prune(self) -> bool:
        if monotonic() - self._pruned < _PRUNE_SECONDS:
            return False
        self._pruned = monotonic()
        return True


class _Quiet:
    """Since which position there was nothing for a webhook. Its place in the log is moved on without waking it."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._since: dict[str, int] = {}
        self._saved_at, self._saved = monotonic(), 0

    def note(self, those: Iterable[str], concerned: set[str], after: int) -> None:
        self._since = {one: self._since.get(one, after) for one in those if one not in concerned}

    async def save(self, head: int) -> None:
        if self._since and self._saved != head and monotonic() - self._saved_at >= _PASS_OVER_SECONDS:
            await webhooks.pass_over(self._pool, self._since, head)
            self._saved_at, self._saved = monotonic(), head


def _concerns(row: WebhookRow, page: Sequence[FeedEvent]) -> bool:
    wanted = wanted_of(row.types, row.programs)
    return any(wanted.takes(one) for one in page)


def _has_work(row: WebhookRow, head: int) -> bool:
    """Whether its workflow should run, and perhaps does not."""
    overdue = datetime.now(UTC) - _OVERDUE
    if row.not_before and row.not_before > overdue:
        return False
    return row.position < head or (row.next_at is not None and row.next_at < overdue)
