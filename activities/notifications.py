"""The activities of a notification: plan when it is sent, and send it once through the channel."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import structlog
from prometheus_client import Counter
from pydantic import ValidationError
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import template_variables
from channels.channel import Bounced, Channel, Letter, NotTaken, Uncertain
from channels.rendering import TemplateError, render, render_subject
from domain import journey, notification
from domain.ids import KitDigest, MessageId, journey_stream, message_stream
from domain.journey import JourneyEvent, JourneyState
from domain.kit import Change, Kit, QuietHours
from domain.notification import MESSAGE, MessageEvent, MessageState, Notice
from domain.notification.decide import (
    ClaimMessage,
    MessageCommand,
    RecordResult,
    RequestMessage,
    RetryMessage,
    SkipMessage,
)
from domain.refusal import Rejected
from store import kits, people
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from store.transact import Transaction, read, transact
from workflows.notification_activities import (
    PLAN_MESSAGE,
    SEND_MESSAGE,
    SILENCE_OF_SENDER,
    Delivery,
    DeliveryPlan,
    DeliveryResult,
)

log = structlog.get_logger()
_JOURNEYS = Codec(journey.EVENTS)
_ATTEMPTS = Counter("trellis_message_attempts", "Letters handed to a channel, by what came of it.", ("channel", "came"))

OPS = "ops"
_ON_ITS_WAY = frozenset({"sent", "handed_over", "uncertain"})
"""These may have reached the recipient."""
_LONGEST_WAIT = timedelta(hours=12)
_FIRST_RETRY, _LAST_RETRY = timedelta(minutes=1), timedelta(hours=1)
_HEARTBEAT_SECONDS = SILENCE_OF_SENDER.total_seconds() / 5


class _Skipped(Exception):
    """There is nothing to send, or nowhere to send it. The message says why, without personal data."""


@dataclass(frozen=True, slots=True)
class _Context:
    """What there is to know when a notification is planned or sent."""

    notice: Notice
    kit: Kit
    then: JourneyState
    """The journey right after the event that calls for the notification."""
    now: JourneyState
    version: int
    log: Sequence[JourneyEvent]
    """All events of the journey, also those after this version."""


class Notifications:
    """Nobody is sent the same notification twice, whenever a sender is killed (docs/adr/0009)."""

    def __init__(self, pool: Pool, channel: Channel, ops_address: str | None = None) -> None:
        self._pool = pool
        self._log = EventLog(pool)
        self._channel = channel
        for came in ("sent", "not_taken", "bounced", "uncertain"):  # so that each series begins at 0
            _ATTEMPTS.labels(channel.name, came)
        self._ops_address = ops_address

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (self.plan_message, self.send_message)

    @activity.defn(name=PLAN_MESSAGE)
    async def plan_message(self, delivery: Delivery) -> DeliveryPlan:
        """Records that the notification is wanted, and returns when it may be sent: outside the quiet hours."""
        context = await self._context(delivery)
        message = _id(delivery)
        state = await self._record(message, _request(delivery, context))
        if delivery.retried_by:
            with suppress(Rejected):
                state = await self._record(message, RetryMessage(message=message, asked_by=delivery.retried_by))
        if not state.open:
            return DeliveryPlan(send_at=None)
        now = datetime.now(UTC)
        person = await self._person(state)
        quiet = _quiet_hours(context.kit, person) if state.to != OPS else None
        return DeliveryPlan(send_at=quiet.first_moment(now, people.zone_of(person)) if quiet else now)

    @activity.defn(name=SEND_MESSAGE)
    async def send_message(self, delivery: Delivery) -> DeliveryResult:
        """Claims the notification, hands it to the channel, and records the result.

        Raises:
            ApplicationError: when the channel could not accept it now. To be retried.
        """
        message = _id(delivery)
        state = await self._state(message)
        assert state, "it was planned before"
        if state.status == "handed_over":
            if not self._channel.repeatable:
                because = "the one who sent it was cut off in the middle"
                await self._record(message, RecordResult(status="uncertain", because=because))
                return DeliveryResult(status="uncertain")
        elif not state.open:
            return DeliveryResult(status=state.status)
        try:
            name, letter = await self._letter(message, state, await self._context(delivery))
        except _Skipped as why:
            await self._record(message, SkipMessage(because=str(why)))
            return DeliveryResult(status="skipped")
        claim = ClaimMessage(channel=self._channel.name, message=name, attempt=state.attempts + 1)
        if not (await self._transact(message, claim)).events:
            return DeliveryResult(status="handed_over")  # by another worker, which records the result
        return await self._hand_over(message, state, letter)

    async def _hand_over(self, message: MessageId, state: MessageState, letter: Letter) -> DeliveryResult:
        result, wait = await self._send(letter)
        _ATTEMPTS.labels(self._channel.name, result.status).inc()
        await self._record(message, result)
        log.info("message", message=message, journey=state.journey, program=state.program, came=result.status)
        if result.status == "not_taken":
            raise ApplicationError(result.because, type="NotTaken", next_retry_delay=wait or _retry_delay())
        return DeliveryResult(status=result.status)

    async def _send(self, letter: Letter) -> tuple[RecordResult, timedelta | None]:
        """The result of the attempt, and for how long the receiver asks for no other."""
        try:
            async with _heartbeats():
                await self._channel.send(letter)
        except Bounced as error:
            return RecordResult(status="bounced", because=str(error)), None
        except NotTaken as error:
            return RecordResult(status="not_taken", because=str(error)), _bounded(error.retry_after)
        except Uncertain as error:
            return RecordResult(status="uncertain", because=str(error)), None
        return RecordResult(status="sent"), None

    async def _state(self, message: MessageId) -> MessageState | None:
        return (await read(self._pool, message_stream(message), MESSAGE)).state

    async def _record(self, message: MessageId, command: MessageCommand) -> MessageState:
        """The state afterwards."""
        state = (await self._transact(message, command)).after.state
        assert state, "a message with events has a state"
        return state

    async def _transact(
        self, message: MessageId, command: MessageCommand
    ) -> Transaction[MessageState | None, MessageEvent]:
        return await transact(self._pool, message_stream(message), MESSAGE, command, datetime.now(UTC))

    async def _context(self, delivery: Delivery) -> _Context:
        """Raises a non-retryable ApplicationError when there is no such event, or it calls for no notification."""
        recorded = await self._log.read_stream(journey_stream(delivery.journey))
        events = _JOURNEYS.decode_known(recorded)
        of_event = notification.notices(events[delivery.version - 1]) if delivery.version <= len(events) else ()
        notice = next((one for one in of_event if one.to == delivery.to), None)
        then, now = journey.fold(events[: delivery.version]), journey.fold(events)
        if not (notice and then and now):
            says = f"event {delivery.version} of journey {delivery.journey} calls for no message to {delivery.to}"
            raise ApplicationError(says, type="NoSuchMessage", non_retryable=True)
        return _Context(notice, await self._kit(then.kit), then, now, delivery.version, events)

    async def _kit(self, digest: KitDigest) -> Kit:
        return await kits.load(self._pool, digest)

    async def _person(self, state: MessageState) -> Person | None:
        return None if state.to == OPS else await people.get(self._pool, state.recipient)

    async def _letter(self, message: MessageId, state: MessageState, context: _Context) -> tuple[str, Letter]:
        """The name of the message in the kit, and what is sent. Raises _Skipped."""
        notice, kit = context.notice, context.kit
        if (
            why := notification.untimely(notice.at, datetime.now(UTC))
            or notification.obsolete(context.now, notice)
            or _moved_on(context, state)
            or await self._undone(context, state)
        ):
            raise _Skipped(why)
        name = kit.message_for(notice.when, notice.to, notice.rule, notice.of)
        if name is None:
            raise _Skipped("the kit has no message for it")
        person = await self._person(state)
        address = self._ops_address if state.to == OPS else person and person.email
        if not address:
            raise _Skipped("there is no address to send it to")
        try:
            values = await self._variables(context, person)
            text = kit.texts.get(kit.messages[name].text)
            if text is None:
                raise _Skipped(f"the text of the message {name!r} is not in the kit")
            subject = render_subject(kit.messages[name].subject, values)
            return name, Letter(message, values["name"], address, subject, render(text, values))
        except TemplateError as error:
            raise _Skipped(f"the message {name!r} cannot be written: {error}") from error

    async def _undone(self, context: _Context, state: MessageState) -> str | None:
        """Why a change needs no notification: a later one covers it, or nothing differs from what the recipient was
        last notified of."""
        notice = context.notice
        if notice.when not in (*get_args(Change), "follow_up"):
            return None
        if why := notification.superseded(context.log[context.version :], notice):
            return why
        first = context.version
        for version in notification.earlier(context.log, context.version, notice):
            before = await self._state(notification.message_id(journey_stream(state.journey), version, notice.to))
            if before and before.status in _ON_ITS_WAY:
                break
            first = version
        known = journey.fold(context.log[: first - 1])
        return notification.undone(known, context.now, notice) if known else None

    async def _variables(self, context: _Context, person: Person | None) -> dict[str, str]:
        kit, then, notice = context.kit, context.then, context.notice
        contents = notification.contents(kit, then, notice, context.log[: context.version], context.now)
        names = await people.names_of(self._pool, filter(None, (then.learner, contents.mentor)))
        reader = person.name if person else "all"
        zone = people.zone_of(person)
        return template_variables.variables(kit, then, notice, contents, names=names, reader=reader, zone=zone)


@asynccontextmanager
async def _heartbeats() -> AsyncIterator[None]:
    """Reports that this sender is alive, so that its death is noticed long before the attempt would end."""

    async def beat() -> None:
        while True:
            activity.heartbeat()
            await asyncio.sleep(_HEARTBEAT_SECONDS)

    beating = asyncio.create_task(beat())
    try:
        yield
    finally:
        beating.cancel()


def _retry_delay() -> timedelta:
    """After a receiver that did not say when to retry: a minute, twice as long after each attempt, up to an hour."""
    doublings = min(activity.info().attempt - 1, 10)
    return min(_FIRST_RETRY * (1 << doublings), _LAST_RETRY)


def _bounded(wait: timedelta | None) -> timedelta | None:
    """Limits what a receiver asks for, so that there is another attempt within the day for which a workflow retries."""
    return min(wait, _LONGEST_WAIT) if wait else None


def _id(delivery: Delivery) -> MessageId:
    return notification.message_id(journey_stream(delivery.journey), delivery.version, delivery.to)


def _request(delivery: Delivery, context: _Context) -> RequestMessage:
    return RequestMessage(
        journey=delivery.journey,
        program=context.then.program,
        version=delivery.version,
        when=context.notice.when,
        to=delivery.to,
        recipient=_recipient(context) or "nobody",
    )


def _recipient(context: _Context) -> str | None:
    notice, offer = context.notice, context.then.offer
    match notice.to:
        case "learner":
            return context.then.learner
        case "mentor" if notice.mentor:
            return notice.mentor
        case "mentor":
            return offer.mentor if notice.when == "offer" and offer else context.now.mentor
        case "ops":
            return OPS


def _moved_on(context: _Context, state: MessageState) -> str | None:
    if state.to == "mentor" and state.recipient != (_recipient(context) or "nobody"):
        return "the journey has another mentor by now"
    return None if _recipient(context) else "there is no mentor to tell"


def _quiet_hours(kit: Kit, person: Person | None) -> QuietHours | None:
    """The person's own, if they have any, otherwise the program's."""
    own = person.attributes.get("quiet_hours") if person else None
    if own is None:
        return kit.quiet_hours
    try:
        return QuietHours.model_validate(own)
    except ValidationError:
        return kit.quiet_hours
