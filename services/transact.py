"""Obeying a command of an aggregate that no workflow runs: decided on what its stream says, and decided anew when
somebody else was faster."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar
from uuid import uuid4

from domain.ids import StreamId
from domain.values import Event
from store.codec import Codec, encode
from store.database import Pool
from store.errors import Conflict
from store.event_log import EventLog

E = TypeVar("E", bound=Event)


class _Command(Protocol):
    @property
    def by(self) -> str: ...


async def obey(
    pool: Pool, stream: StreamId, codec: Codec[E], command: _Command, decide: Callable[[Sequence[E]], Sequence[E]]
) -> Sequence[E]:
    """The events that it brought about; they are in the log. None: it had been obeyed before.

    `decide` is asked with the events of the stream, again after every conflict. What it raises is raised.
    """
    log = EventLog(pool)
    while True:
        recorded = await log.read_stream(stream)
        events = decide(codec.decode_known(recorded))
        if not events:
            return []
        append_id = f"{stream}:{uuid4()}"
        meta = {"by": command.by, "command": type(command).__name__}
        try:
            await log.append(stream, len(recorded), append_id, encode(events, append_id, meta))
        except Conflict:
            continue
        return events
