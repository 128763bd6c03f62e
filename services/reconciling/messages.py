"""Notifications: called for by an event, and open until the log has their result."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from temporalio.client import Client

from domain.ids import StreamId
from domain.notification import EVENTS, NotificationState, fold
from domain.notification.events import (
    NotificationEvent,
    NotificationHandedOver,
    NotificationRequested,
    NotificationRetried,
)
from projections.sql import query
from runtime.courier import delivery_of, start_notification
from services.reconciling.kind import PAGE, Expected, Start
from store import courier
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog
from store.locks import Lock
from workflows.contract import MESSAGE_TASK_QUEUE, MESSAGE_WORKFLOW
from workflows.notification_activities import Delivery

GIVEN_UP_AFTER = timedelta(days=1)
"""How long a notification is tried, from the first attempt on. workflows/notification.py has the same limit."""
_GONE_AFTER = timedelta(minutes=6)
"""Whoever has claimed a message and said nothing for so long is gone: an attempt has three minutes."""
_PLANNED_WITHIN = timedelta(seconds=30)
"""From the beginning of the workflow to the first event of the message, where a worker is free."""
_TOO_OLD = timedelta(days=4)
"""Nobody is notified any more: a notification is too late after three days."""

_CODEC = Codec(EVENTS)


class NotificationWorkflows:
    name: ClassVar = "message"
    lock: ClassVar = Lock.MESSAGES_RECONCILED
    workflow_type: ClassVar = MESSAGE_WORKFLOW
    role: ClassVar = "messages"
    category: ClassVar = "message"
    view: ClassVar = "messages"
    shows_version: ClassVar = False

    def __init__(self, pool: Pool, temporal: Client, task_queue: str = MESSAGE_TASK_QUEUE) -> None:
        self._pool = pool
        self._temporal = temporal
        self.task_queue = task_queue

    def workflow_of(self, stream: StreamId) -> str:
        return stream

    async def expected(self, program: str | None = None) -> AsyncIterator[list[Expected]]:
        now, after = datetime.now(UTC), ""
        while rows := await self._pool.fetch(
            query("messages_open"), after, PAGE, now - GIVEN_UP_AFTER, now - _GONE_AFTER, program
        ):
            yield [Expected(*row) for row in rows]
            after = rows[-1]["stream"]

    async def count_expected(self) -> int:
        count: int = await self._pool.fetchval(query("messages_open_count"), datetime.now(UTC) - GIVEN_UP_AFTER)
        return count

    async def unrecorded(self) -> list[Expected]:
        now = datetime.now(UTC)
        found = await courier.called_before(self._pool, now - _PLANNED_WITHIN, "", 1)
        if not found:
            return []
        await courier.settle(self._pool, now - _TOO_OLD)
        page = await courier.called_before(self._pool, now - _PLANNED_WITHIN, "", PAGE)
        return [Expected(StreamId(one.stream), 0) for one in page]

    async def to_start(self, stream: StreamId) -> Start | None:
        events = _CODEC.decode_known(await EventLog(self._pool).read_stream(stream))
        state = fold(events)
        if state is None:
            return await self._to_start_unrecorded(stream)
        if not _is_open(state, events, datetime.now(UTC)):
            return None
        return self._start(delivery_of(state))

    async def _to_start_unrecorded(self, stream: StreamId) -> Start | None:
        one = await courier.called(self._pool, stream)
        if one is None:
            return None
        called = {"journey": one.journey, "version": one.version, "to": one.role}
        return self._start(Delivery.model_validate(called | {"session": one.session, "person": one.person}))

    def _start(self, delivery: Delivery) -> Start:
        return lambda: start_notification(self._temporal, delivery, self.task_queue, again=True)


def _is_open(state: NotificationState, events: list[NotificationEvent], now: datetime) -> bool:
    """Whether a workflow must run for it. A claimed one is left alone as long as its sender may be alive."""
    match state.status:
        case "wanted":
            return True
        case "handed_over":
            return state.since < now - _GONE_AFTER
        case "not_taken":
            return _tried_since(events) > now - GIVEN_UP_AFTER
        case _:
            return False


def _tried_since(events: list[NotificationEvent]) -> datetime:
    """When the first attempt was made since the notification was requested, or since another try was asked for."""
    since = events[0].at
    is_first = True
    for event in events:
        if isinstance(event, NotificationRequested | NotificationRetried):
            is_first = True
        elif isinstance(event, NotificationHandedOver) and is_first:
            since, is_first = event.at, False
    return since
