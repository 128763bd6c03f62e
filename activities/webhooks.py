"""The activities of webhooks: a pass delivers what there is for one of them, in rounds that are recorded one by one."""

import asyncio
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Protocol
from uuid import UUID

import structlog
from prometheus_client import Counter
from pydantic_core import to_json
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.heartbeats import heartbeats
from channels import signing
from channels.event_hooks import EventHooks, Receiver
from channels.public_addresses import HookUrl
from domain.ids import StreamId
from domain.webhook import OUTCOMES, STREAMS_IN_TROUBLE, Answer, DeliveryState, next_attempt
from store import webhooks
from store.database import Pool
from store.event_log import RecordedEvent
from store.webhooks import MOST_WAITING, Round, Subscription, WebhookDelivery
from workflows.webhook_activities import (
    DELIVER_TO_WEBHOOK,
    SEND_TEST_EVENT,
    SILENCE_OF_PASS,
    FollowWebhook,
    Passed,
    SendTestEvent,
    WebhookTestResult,
)

log = structlog.get_logger()
_ATTEMPTS = Counter(
    "trellis_webhook_attempts", "Attempts to deliver an event to a webhook, by what came of it.", ("outcome",)
)
for _outcome in OUTCOMES:  # so that each series begins at 0
    _ATTEMPTS.labels(_outcome)

_PASS_SECONDS = 45.0
_CONNECTIONS = 8
"""To one receiver at once."""
_EVENTS_A_ROUND = 40
_DUE_A_ROUND = 32
TEST_EVENT = "trellis.webhook_test"
"""The type of the event that `trellis webhooks test` sends. It is in no log."""


class OutwardEvent(Protocol):
    """An event of the log in its outward form, as in queries/event_feed.py."""

    @property
    def id(self) -> str: ...
    @property
    def position(self) -> int: ...
    @property
    def type(self) -> str: ...
    @property
    def stream(self) -> StreamId: ...
    def encoded(self, *, personal: bool) -> bytes: ...


class Feed(Protocol):
    """Where outward events come from (services/webhook_feed.py)."""

    async def page(self, wanted: Subscription, after: int, limit: int) -> tuple[Sequence[OutwardEvent], int, bool]:
        """The next events, the position up to which they are all, and whether that is the end of the log."""
        ...

    async def described(self, recorded: Sequence[RecordedEvent]) -> Sequence[OutwardEvent]: ...

    def sees_personal_data(self, wanted: Subscription) -> bool: ...


@dataclass(frozen=True, slots=True)
class _Item:
    event: OutwardEvent
    delivery: WebhookDelivery


@dataclass(slots=True)
class _Attempts:
    """What came of a round, stream by stream."""

    those: list[WebhookDelivery] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    failed: int = 0

    @property
    def over(self) -> bool:
        """Whether nothing more is tried in this round: the receiver asks for that, or seems to be unwell."""
        if any(one.outcome in {"limited", "gone"} for one in self.answers):
            return True
        return self.failed >= STREAMS_IN_TROUBLE and not any(one.delivered for one in self.answers)


class Webhooks:
    """Every event is delivered at least once. Those of one stream are delivered in their order, each only once those
    before it were accepted or given up.

    A receiver holds up nobody else: each webhook has an activity of its own, which tries so many connections and no
    more. Nobody waits inside an activity for a receiver to get well; the workflow has a timer for that.
    """

    def __init__(self, pool: Pool, feed: Feed, hooks: EventHooks, *, pass_seconds: float = _PASS_SECONDS) -> None:
        self._pool, self._feed, self._hooks = pool, feed, hooks
        self._pass_seconds = pass_seconds

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (self.deliver, self.send_test_event)

    @activity.defn(name=DELIVER_TO_WEBHOOK)
    async def deliver(self, follow: FollowWebhook) -> Passed:
        """Delivers until nothing is due or the time of a pass is up."""
        async with heartbeats(SILENCE_OF_PASS):
            pass_ = await webhooks.begin(self._pool, follow.webhook)
            if pass_ is None:
                return Passed(enabled=False)
            return await _Pass(self._pool, self._feed, follow.webhook, pass_, self._pass_seconds).run(self._hooks)

    @activity.defn(name=SEND_TEST_EVENT)
    async def send_test_event(self, send: SendTestEvent) -> WebhookTestResult:
        """Whether or not the webhook is enabled.

        Raises:
            ApplicationError: when there is no such webhook any more.
        """
        row = await webhooks.get(self._pool, send.webhook)
        if row is None:
            raise ApplicationError("the webhook was removed", type="NoSuchWebhook", non_retryable=True)
        keys = [signing.key(one) for one in await webhooks.secrets(self._pool, send.webhook)]
        began = time.monotonic()
        async with self._hooks.opened(HookUrl.of(row.url), connections=1) as receiver:
            answer = await receiver.post(send.event, _test_event(send), keys)
        return WebhookTestResult(
            outcome=answer.outcome,
            because=answer.because,
            status=answer.status,
            milliseconds=_milliseconds_since(began),
        )


class _Pass:
    def __init__(self, pool: Pool, feed: Feed, webhook: str, pass_: int, seconds: float) -> None:
        self._pool, self._feed = pool, feed
        self._webhook, self._pass = webhook, pass_
        self._deadline = time.monotonic() + seconds
        self._caught_up = False

    async def run(self, hooks: EventHooks) -> Passed:
        now = await webhooks.round_of(self._pool, self._webhook, self._pass)
        if now:
            async with hooks.opened(HookUrl.of(now.subscription.url), connections=_CONNECTIONS) as receiver:
                while now and not self._time_is_up and await self._round(receiver, now):
                    now = await webhooks.round_of(self._pool, self._webhook, self._pass)
        return await self._outcome()

    @property
    def _time_is_up(self) -> bool:
        return time.monotonic() >= self._deadline or activity.is_worker_shutdown()

    async def _round(self, receiver: Receiver, now: Round) -> bool:
        """Whether there may be more to do at once."""
        if now.health.not_before and now.health.not_before > datetime.now(UTC):
            return False
        again, fresh, behind, position = await self._work(now)
        self._caught_up = not again and not fresh and not behind and position == now.position
        if self._caught_up:
            return False
        attempts = await self._attempt(receiver, now, [*again, *fresh])
        recorded = await webhooks.record(
            self._pool,
            self._webhook,
            self._pass,
            those=[*attempts.those, *behind],
            answers=attempts.answers,
            position=position,
            at=datetime.now(UTC),
        )
        if recorded and recorded.disabled:
            log.warning("webhook_disabled", webhook=self._webhook, because=recorded.disabled)
        return recorded is not None and not recorded.disabled

    async def _work(self, now: Round) -> tuple[list[list[_Item]], list[list[_Item]], list[WebhookDelivery], int]:
        """What is tried in this round, a list for each stream: what failed before, and what is new. Then what is not
        tried, as it stands behind something that waits. Then the position up to which the log has been read.

        A receiver that may still be unwell gets one event, a new one where there is one: an event that it never takes
        must not be the one that it is judged by.
        """
        room = now.waiting < MOST_WAITING
        fresh, behind, position = await self._fresh(now) if room else ([], [], now.position)
        if now.health.is_held and fresh:
            return [], fresh, behind, position
        again, lost = await self._again(1 if now.health.is_held else _DUE_A_ROUND)
        return again, fresh, [*behind, *lost], position

    async def _again(self, limit: int) -> tuple[list[list[_Item]], list[WebhookDelivery]]:
        """What is due, and what of it can no longer be sent."""
        due = {one.position: one for one in await webhooks.due(self._pool, self._webhook, limit)}
        events = await self._feed.described(await webhooks.events_at(self._pool, due)) if due else []
        lost = due.keys() - {event.position for event in events}
        given_up = [replace(due[one], state="given_up", because="it was moved from the log to a file") for one in lost]
        return [[_Item(event, due[event.position])] for event in events], given_up

    async def _fresh(self, now: Round) -> tuple[list[list[_Item]], list[WebhookDelivery], int]:
        limit = 1 if now.health.is_held else _EVENTS_A_ROUND
        events, position, _ = await self._feed.page(now.subscription, now.position, limit)
        held = await webhooks.held(self._pool, self._webhook, {one.stream for one in events}) if events else set()
        behind = [_delivery_of(one) for one in events if one.stream in held]
        free = sorted((one for one in events if one.stream not in held), key=lambda one: (one.stream, one.position))
        streams = [[_Item(one, _delivery_of(one)) for one in items] for _, items in groupby(free, _stream)]
        return sorted(streams, key=lambda items: items[0].event.position), behind, position

    async def _attempt(self, receiver: Receiver, now: Round, streams: Sequence[Sequence[_Item]]) -> _Attempts:
        attempts = _Attempts()
        keys = [signing.key(one) for one in now.secrets]
        personal = self._feed.sees_personal_data(now.subscription)
        free = asyncio.Semaphore(_CONNECTIONS)

        async def one_stream(items: Sequence[_Item]) -> None:
            async with free:
                await self._deliver_stream(receiver, items, attempts, (keys, personal))

        async with asyncio.TaskGroup() as tasks:
            for items in streams:
                tasks.create_task(one_stream(items))
        return attempts

    async def _deliver_stream(
        self, receiver: Receiver, items: Sequence[_Item], attempts: _Attempts, form: tuple[Sequence[bytes], bool]
    ) -> None:
        """In order, up to the first that fails or is not tried in this round. It and the rest wait."""
        keys, personal = form
        for number, item in enumerate(items):
            if attempts.over or self._time_is_up:
                attempts.those.append(replace(item.delivery, next_at=datetime.now(UTC)))
                attempts.those += [later.delivery for later in items[number + 1 :]]
                return
            began = time.monotonic()
            answer = await receiver.post(item.event.id, item.event.encoded(personal=personal), keys)
            _ATTEMPTS.labels(answer.outcome).inc()
            done = _after(item.delivery, answer, datetime.now(UTC), _milliseconds_since(began))
            attempts.answers.append(answer)
            attempts.those.append(done)
            if done.state == "waiting":
                attempts.failed += 1
                attempts.those += [later.delivery for later in items[number + 1 :]]
                return

    async def _outcome(self) -> Passed:
        outlook = await webhooks.outlook(self._pool, self._webhook)
        if outlook is None:
            return Passed(enabled=False)
        if outlook.not_before and outlook.not_before > outlook.at:
            return Passed(enabled=True, next_at=outlook.not_before)
        more = not self._caught_up or (outlook.next_at is not None and outlook.next_at <= outlook.at)
        return Passed(enabled=True, more=more, next_at=outlook.next_at)


def _stream(event: OutwardEvent) -> StreamId:
    return event.stream


def _delivery_of(event: OutwardEvent) -> WebhookDelivery:
    return WebhookDelivery(position=event.position, event=UUID(event.id), type=event.type, stream=event.stream)


def _after(before: WebhookDelivery, answer: Answer, at: datetime, milliseconds: int) -> WebhookDelivery:
    first_at, attempts = before.first_at or at, before.attempts + 1
    state: DeliveryState = "delivered"
    next_at = None
    if not answer.delivered:
        next_at = next_attempt(attempts, first_at, at, answer, random.random())  # noqa: S311 - no secret
        state = "waiting" if next_at else "given_up"
    return replace(
        before,
        state=state,
        attempts=attempts,
        first_at=first_at,
        last_at=at,
        next_at=next_at,
        outcome=answer.outcome,
        status=answer.status,
        because=answer.because,
        tries=before.with_try(at, answer, milliseconds),
    )


def _test_event(send: SendTestEvent) -> bytes:
    said: Mapping[str, Any] = {
        "specversion": "1.0",
        "id": send.event,
        "source": "trellis",
        "type": TEST_EVENT,
        "subject": send.webhook,
        "time": datetime.now(UTC),
        "datacontenttype": "application/json",
        "data": {},
    }
    return to_json(said)


def _milliseconds_since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
