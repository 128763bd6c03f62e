"""What a message's workflow asks for: whether and when it is to be sent, and then to send it, once."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import structlog
from prometheus_client import Counter
from pydantic import ValidationError
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import letter_words
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
from domain.notification.ports import PLAN_MESSAGE, SEND_MESSAGE, Deliver, Outcome, Plan
from domain.refusal import Rejected
from store import kits, people
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from store.transact import Transaction, read, transact

log = structlog.get_logger()
_JOURNEYS = Codec(journey.EVENTS)
_ATTEMPTS = Counter("trellis_message_attempts", "Letters handed to a channel, by what came of it.", ("channel", "came"))

OPS = "ops"
_ON_ITS_WAY = frozenset({"sent", "handed_over", "uncertain"})
"""What may have reached its reader."""
_LONGEST_WAIT = timedelta(hours=12)


class _NotSent(Exception):
    """There is nothing to send, or nowhere to send it; says why, without anything personal."""


@dataclass(frozen=True, slots=True)
class _Case:
    """All that is known when a message is planned or sent."""

    notice: Notice
    kit: Kit
    then: JourneyState
    """The journey right after the event that the message is of."""
    now: JourneyState
    version: int
    log: Sequence[JourneyEvent]
    """All events of the journey, also those after this version."""


class Messages:
    """The activities of messages. Whatever is cut off when, nobody is sent the same thing twice (docs/adr/0009)."""

    def __init__(self, pool: Pool, channel: Channel, ops_address: str | None = None) -> None:
        self._pool = pool
        self._log = EventLog(pool)
        self._channel = channel
        for came in ("sent", "not_taken", "bounced", "uncertain"):  # a series begins at 0, not at 1
            _ATTEMPTS.labels(channel.name, came)
        self._ops_address = ops_address

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (self.plan_message, self.send_message)

    @activity.defn(name=PLAN_MESSAGE)
    async def plan_message(self, deliver: Deliver) -> Plan:
        """Says in the log that the message is wanted, and when the one who gets it may be disturbed."""
        case = await self._case(deliver)
        message = _id(deliver)
        state = await self._record(message, _request(deliver, case))
        if deliver.retried_by:
            with suppress(Rejected):
                state = await self._record(message, RetryMessage(message=message, asked_by=deliver.retried_by))
        if not state.open:
            return Plan(send_at=None)
        now = datetime.now(UTC)
        person = await self._person(state)
        quiet = _quiet_hours(case.kit, person) if state.to != OPS else None
        return Plan(send_at=quiet.first_moment(now, people.zone_of(person)) if quiet else now)

    @activity.defn(name=SEND_MESSAGE)
    async def send_message(self, deliver: Deliver) -> Outcome:
        """Hands the message to the channel, if nobody else has, and records what became of it.

        Raises:
            ApplicationError: when the channel could not take it now; to be tried again.
        """
        message = _id(deliver)
        state = await self._state(message)
        assert state, "it was planned before"
        if state.status == "handed_over":
            if not self._channel.repeatable:
                because = "the one who sent it was cut off in the middle"
                await self._record(message, RecordResult(status="uncertain", because=because))
                return Outcome(status="uncertain")
        elif not state.open:
            return Outcome(status=state.status)
        try:
            name, letter = await self._letter(message, state, await self._case(deliver))
        except _NotSent as why:
            await self._record(message, SkipMessage(because=str(why)))
            return Outcome(status="skipped")
        claim = ClaimMessage(channel=self._channel.name, message=name, attempt=state.attempts + 1)
        if not (await self._transact(message, claim)).events:
            return Outcome(status="handed_over")  # by another worker, which records the result
        return await self._hand_over(message, state, letter)

    async def _hand_over(self, message: MessageId, state: MessageState, letter: Letter) -> Outcome:
        result, wait = await self._send(letter)
        _ATTEMPTS.labels(self._channel.name, result.status).inc()
        await self._record(message, result)
        log.info("message", message=message, journey=state.journey, program=state.program, came=result.status)
        if result.status == "not_taken":
            raise ApplicationError(result.because, type="NotTaken", next_retry_delay=wait)
        return Outcome(status=result.status)

    async def _send(self, letter: Letter) -> tuple[RecordResult, timedelta | None]:
        """What came of the attempt, and how long the receiver wants to be left alone."""
        try:
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

    async def _case(self, deliver: Deliver) -> _Case:
        """Raises ApplicationError, not to be retried, when the log has no such event or it calls for no message."""
        recorded = await self._log.read_stream(journey_stream(deliver.journey))
        events = _JOURNEYS.decode_known(recorded)
        of_event = notification.notices(events[deliver.version - 1]) if deliver.version <= len(events) else ()
        notice = next((one for one in of_event if one.to == deliver.to), None)
        then, now = journey.fold(events[: deliver.version]), journey.fold(events)
        if not (notice and then and now):
            says = f"event {deliver.version} of journey {deliver.journey} calls for no message to {deliver.to}"
            raise ApplicationError(says, type="NoSuchMessage", non_retryable=True)
        return _Case(notice, await self._kit(then.kit), then, now, deliver.version, events)

    async def _kit(self, digest: KitDigest) -> Kit:
        return await kits.load(self._pool, digest)

    async def _person(self, state: MessageState) -> Person | None:
        return None if state.to == OPS else await people.get(self._pool, state.recipient)

    async def _letter(self, message: MessageId, state: MessageState, case: _Case) -> tuple[str, Letter]:
        """The name of the message in the kit, and what is sent. Raises _NotSent."""
        notice, kit = case.notice, case.kit
        if (
            why := notification.untimely(notice.at, datetime.now(UTC))
            or notification.obsolete(case.now, notice)
            or _moved_on(case, state)
            or await self._undone(case, state)
        ):
            raise _NotSent(why)
        name = kit.message_for(notice.when, notice.to, notice.rule, notice.of)
        if name is None:
            raise _NotSent("the kit has no message for it")
        person = await self._person(state)
        address = self._ops_address if state.to == OPS else person and person.email
        if not address:
            raise _NotSent("there is no address to send it to")
        try:
            words = await self._words(case, person)
            text = kit.texts.get(kit.messages[name].text)
            if text is None:
                raise _NotSent(f"the text of the message {name!r} is not in the kit")
            subject = render_subject(kit.messages[name].subject, words)
            return name, Letter(message, words["name"], address, subject, render(text, words))
        except TemplateError as error:
            raise _NotSent(f"the message {name!r} cannot be written: {error}") from error

    async def _undone(self, case: _Case, state: MessageState) -> str | None:
        """Why a change needs no letter of its own: a later one tells of it, or nothing differs from what its reader
        was told last."""
        notice = case.notice
        if notice.when not in (*get_args(Change), "follow_up"):
            return None
        if why := notification.superseded(case.log[case.version :], notice):
            return why
        first = case.version
        for version in notification.earlier(case.log, case.version, notice):
            before = await self._state(notification.message_id(journey_stream(state.journey), version, notice.to))
            if before and before.status in _ON_ITS_WAY:
                break
            first = version
        known = journey.fold(case.log[: first - 1])
        return notification.undone(known, case.now, notice) if known else None

    async def _words(self, case: _Case, person: Person | None) -> dict[str, str]:
        told = notification.contents(case.kit, case.then, case.notice, case.log[: case.version], case.now)
        names = await people.names_of(self._pool, filter(None, (case.then.learner, told.mentor)))
        reader = person.name if person else "all"
        zone = people.zone_of(person)
        return letter_words.words(case.kit, case.then, case.notice, told, names=names, reader=reader, zone=zone)


def _bounded(wait: timedelta | None) -> timedelta | None:
    """What a receiver asks for, as far as an attempt after that still falls within the day that a letter is tried."""
    return min(wait, _LONGEST_WAIT) if wait else None


def _id(deliver: Deliver) -> MessageId:
    return notification.message_id(journey_stream(deliver.journey), deliver.version, deliver.to)


def _request(deliver: Deliver, case: _Case) -> RequestMessage:
    return RequestMessage(
        journey=deliver.journey,
        program=case.then.program,
        version=deliver.version,
        when=case.notice.when,
        to=deliver.to,
        recipient=_recipient(case) or "nobody",
    )


def _recipient(case: _Case) -> str | None:
    match case.notice.to:
        case "learner":
            return case.then.learner
        case "mentor" if case.notice.mentor:
            return case.notice.mentor
        case "mentor":
            return case.then.offer.mentor if case.notice.when == "offer" and case.then.offer else case.now.mentor
        case "ops":
            return OPS


def _moved_on(case: _Case, state: MessageState) -> str | None:
    if state.to == "mentor" and state.recipient != (_recipient(case) or "nobody"):
        return "the journey has another mentor by now"
    return None if _recipient(case) else "there is no mentor to tell"


def _quiet_hours(kit: Kit, person: Person | None) -> QuietHours | None:
    """The person's own, where they gave any, before those of the program."""
    own = person.attributes.get("quiet_hours") if person else None
    if own is None:
        return kit.quiet_hours
    try:
        return QuietHours.model_validate(own)
    except ValidationError:
        return kit.quiet_hours
