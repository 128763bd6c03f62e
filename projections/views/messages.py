"""Every message to a person: to whom, about what, and what has become of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from domain.ids import JourneyId, NotificationId, notification_stream
from domain.kit import NoticeReason, Role
from domain.notification import EVENTS, NotificationEvent, NotificationState, Status, evolve
from projections.fold import DecodedEvent, Fold, Rows
from projections.kits import Kits
from projections.reading import View
from projections.sql import query
from store.codec import Codec
from store.database import Pool


class Messages(Fold[NotificationEvent, NotificationState]):
    name = "messages"
    version = 1
    handles = frozenset(EVENTS)
    codec = Codec(EVENTS)
    state = NotificationState
    columns: ClassVar = {
        "messages": (
            *("stream", "message", "journey", "program", "version", "occasion", "recipient_role", "recipient"),
            *("channel", "status", "since", "attempts", "because"),
        )
    }

    def evolve(self, state: NotificationState | None, event: NotificationEvent) -> NotificationState:
        return evolve(state, event)

    def rows(
        self, stream: str, state: NotificationState, _: Sequence[DecodedEvent[NotificationEvent]], __: Kits, /
    ) -> Rows:
        return {
            "messages": [
                (
                    *(stream, stream.removeprefix("message-"), state.journey, state.program, state.version),
                    *(state.when, state.to, state.recipient, state.channel, state.status, state.since),
                    *(state.attempts, state.because),
                )
            ]
        }


@dataclass(frozen=True, slots=True)
class MessageRow:
    message: NotificationId
    journey: JourneyId
    program: str
    version: int
    """Of the event that it is about, in the journey's stream."""
    when: NoticeReason
    to: Role
    recipient: str
    """The id of the person; of ops: `ops`."""
    channel: str | None
    status: Status
    since: datetime
    attempts: int
    because: str | None


_MESSAGES = View(messages=1)


async def latest(
    pool: Pool,
    journey: str | None = None,
    status: Sequence[str] | None = None,
    limit: int = 100,
    *,
    programs: Sequence[str] | None = None,
    after: MessageRow | None = None,
) -> list[MessageRow]:
    """The latest to change first; of one journey, with these statuses, of these programs only, if given. `after`: only
    those behind this one."""
    since, stream = (after.since, notification_stream(after.message)) if after else (None, None)
    statuses, wanted = list(status) if status else None, None if programs is None else list(programs)
    rows = await _MESSAGES.fetch(pool, query("messages_latest"), journey, statuses, limit, wanted, since, stream)
    return [MessageRow(*row) for row in rows]


async def one(pool: Pool, message: NotificationId) -> MessageRow | None:
    rows = await _MESSAGES.fetch(pool, query("messages_one"), notification_stream(message))
    return MessageRow(*rows[0]) if rows else None


@dataclass(frozen=True, slots=True)
class Tally:
    program: str
    status: Status
    messages: int


async def not_sent(pool: Pool) -> list[Tally]:
    """How many messages need attention, by program: neither sent nor skipped on purpose."""
    return [Tally(*row) for row in await _MESSAGES.fetch(pool, query("messages_not_sent"))]


@dataclass(frozen=True, slots=True)
class Undelivered:
    status: Status
    messages: int
    because: str | None
    """Why the latest of them was not delivered."""


async def undelivered(pool: Pool, since: datetime) -> list[Undelivered]:
    """What bounced, may not have arrived, or was not taken, since that moment."""
    return [Undelivered(*row) for row in await _MESSAGES.fetch(pool, query("messages_undelivered"), since)]
