"""The activities of a notification: plan when it is sent, and send it once through the channel."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from prometheus_client import Counter
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.composing import OPS, Composer, Context, Pages, Skipped
from activities.heartbeats import heartbeats
from activities.survey_letters import Link
from channels.addresses import Mailbox
from channels.channel import Bounced, Channel, Notification, NotTaken, Uncertain
from domain.ids import NotificationId, notification_stream
from domain.notification import NOTIFICATION, NotificationEvent, NotificationState
from domain.notification.decide import (
    ClaimNotification,
    NotificationCommand,
    RecordResult,
    RequestNotification,
    RetryNotification,
    SkipNotification,
)
from domain.refusal import Rejected
from store import people
from store.database import Pool
from store.transact import Transaction, read, transact
from workflows.notification_activities import (
    PLAN_MESSAGE,
    SEND_MESSAGE,
    SILENCE_OF_SENDER,
    Delivery,
    DeliveryPlan,
    DeliveryResult,
    id_of,
)

log = structlog.get_logger()
_ATTEMPTS = Counter(
    "trellis_message_attempts", "Attempts to send a notification, by channel and result.", ("channel", "came")
)

_LONGEST_WAIT = timedelta(hours=12)
_FIRST_RETRY, _LAST_RETRY = timedelta(minutes=1), timedelta(hours=1)


class Notifications:
    """Nobody is sent the same notification twice, whenever a sender is killed (docs/adr/0009)."""

    def __init__(
        self,
        pool: Pool,
        channel: Channel,
        ops_address: str | None = None,
        organizer: Mailbox | None = None,
        *,
        link: Link | None = None,
        pages: Pages | None = None,
    ) -> None:
        """`organizer`: in whose name people are invited to sessions. `link`: gives the addresses of surveys; without it
        nobody is sent one. `pages`: those of people's own pages; without it no letter has one."""
        self._pool = pool
        self._channel = channel
        for came in ("sent", "not_taken", "bounced", "uncertain"):  # so that each series begins at 0
            _ATTEMPTS.labels(channel.name, came)
        self._composer = Composer(
            pool, ops_address, organizer or Mailbox("", "trellis@localhost"), link=link, pages=pages
        )

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (self.plan_message, self.send_message)

    @activity.defn(name=PLAN_MESSAGE)
    async def plan_message(self, delivery: Delivery) -> DeliveryPlan:
        """Records that the notification is wanted, and returns when it may be sent: outside the quiet hours."""
        context = await self._composer.context(delivery)
        message = id_of(delivery)
        state = await self._record(message, _request(delivery, context))
        if delivery.retried_by:
            with suppress(Rejected):
                state = await self._record(message, RetryNotification(message=message, asked_by=delivery.retried_by))
        if not state.open:
            return DeliveryPlan(send_at=None)
        now = datetime.now(UTC)
        person = await self._composer.person(state)
        quiet = people.quiet_hours(context.kit.quiet_hours, person) if state.to != OPS else None
        return DeliveryPlan(send_at=quiet.first_moment(now, people.zone_of(person)) if quiet else now)

    @activity.defn(name=SEND_MESSAGE)
    async def send_message(self, delivery: Delivery) -> DeliveryResult:
        """Claims the notification, hands it to the channel, and records the result.

        Raises:
            ApplicationError: when the channel could not accept it now. To be retried.
        """
        async with heartbeats(SILENCE_OF_SENDER):
            return await self._send_once(delivery)

    async def _send_once(self, delivery: Delivery) -> DeliveryResult:
        message = id_of(delivery)
        state = await self._state(message)
        assert state, "it has been planned"
        if state.status == "handed_over":
            if not self._channel.repeatable:
                because = "the sender stopped in the middle of an attempt"
                await self._record(message, RecordResult(status="uncertain", because=because))
                return DeliveryResult(status="uncertain")
        elif not state.open:
            return DeliveryResult(status=state.status)
        try:
            name, rendered = await self._composer.render(message, state, await self._composer.context(delivery))
        except Skipped as why:
            await self._record(message, SkipNotification(because=str(why)))
            return DeliveryResult(status="skipped")
        claim = ClaimNotification(channel=self._channel.name, message=name, attempt=state.attempts + 1)
        if not (await self._transact(message, claim)).events:
            return DeliveryResult(status="handed_over")  # by another worker, which records the result
        return await self._hand_over(message, state, rendered)

    async def _hand_over(
        self, message: NotificationId, state: NotificationState, rendered: Notification
    ) -> DeliveryResult:
        result, wait = await self._send(rendered)
        _ATTEMPTS.labels(self._channel.name, result.status).inc()
        await self._record(message, result)
        log.info("message", message=message, journey=state.journey, program=state.program, came=result.status)
        if result.status == "not_taken":
            raise ApplicationError(result.because, type="NotTaken", next_retry_delay=wait or _retry_delay())
        return DeliveryResult(status=result.status)

    async def _send(self, rendered: Notification) -> tuple[RecordResult, timedelta | None]:
        """The result of the attempt, and for how long the receiver asks for no other."""
        try:
            await self._channel.send(rendered)
        except Bounced as error:
            return RecordResult(status="bounced", because=str(error)), None
        except NotTaken as error:
            return RecordResult(status="not_taken", because=str(error)), _bounded(error.retry_after)
        except Uncertain as error:
            return RecordResult(status="uncertain", because=str(error)), None
        return RecordResult(status="sent"), None

    async def _state(self, message: NotificationId) -> NotificationState | None:
        return (await read(self._pool, notification_stream(message), NOTIFICATION)).state

    async def _record(self, message: NotificationId, command: NotificationCommand) -> NotificationState:
        """The state afterwards."""
        state = (await self._transact(message, command)).after.state
        assert state, "a notification with events has a state"
        return state

    async def _transact(
        self, message: NotificationId, command: NotificationCommand
    ) -> Transaction[NotificationState | None, NotificationEvent]:
        return await transact(self._pool, notification_stream(message), NOTIFICATION, command, datetime.now(UTC))


def _retry_delay() -> timedelta:
    """After a receiver that did not say when to retry: a minute, twice as long after each attempt, up to an hour."""
    doublings = min(activity.info().attempt - 1, 10)
    return min(_FIRST_RETRY * (1 << doublings), _LAST_RETRY)


def _bounded(wait: timedelta | None) -> timedelta | None:
    """Limits what a receiver asks for, so that there is another attempt within the day for which a workflow retries."""
    return min(wait, _LONGEST_WAIT) if wait else None


def _request(delivery: Delivery, context: Context) -> RequestNotification:
    return RequestNotification(
        journey=delivery.journey,
        program=context.then.program,
        version=delivery.version,
        when=context.notice.when,
        to=delivery.to,
        recipient=context.recipient or "nobody",
        session=delivery.session,
        survey=delivery.survey,
        reminder=delivery.reminder or None,
    )
