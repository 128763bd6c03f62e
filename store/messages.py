"""A message, as its stream tells of it."""

from typing import NamedTuple

from domain import notification as messages
from domain.ids import MessageId, StreamId, message_stream
from domain.notification import MessageEvent, MessageState
from store.codec import Codec
from store.event_log import EventLog

_CODEC = Codec(messages.EVENTS)


class Kept(NamedTuple):
    message: MessageId
    state: MessageState
    version: int
    """Of the stream, at which the state was read."""

    @property
    def stream(self) -> StreamId:
        return message_stream(self.message)


async def find(log: EventLog, message: MessageId) -> Kept | None:
    """None when the log knows none of this id."""
    events = await history(log, message)
    state = messages.fold(events)
    return Kept(message, state, len(events)) if state else None


async def history(log: EventLog, message: MessageId) -> list[MessageEvent]:
    """Everything that the log knows of it, in order; nothing when it knows none of this id."""
    return _CODEC.decode_known(await log.read_stream(message_stream(message)))
