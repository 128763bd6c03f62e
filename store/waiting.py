"""Journeys that wait for a mentor, as their streams have it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ids import JourneyId, MentorId, StreamId
from domain.journey import EVENTS, JourneyEvent, JourneyState, fold
from domain.kit import Kit
from domain.matching.pooling import ENDED_OFFERS, is_unmatched
from store import kits
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog, RecordedEvent

_AT_ONCE = 500
_CODEC: Codec[JourneyEvent] = Codec(EVENTS)

Progress = Callable[[int, int], None]
"""Told how many of how many journeys are read."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A journey that waits for a mentor."""

    journey: JourneyId
    state: JourneyState
    kit: Kit
    declined: tuple[MentorId, ...]
    """Whose offers were declined or lapsed, and who have left."""
    asked_at: datetime
    """Since when nobody has been proposed: the last time that an offer ended, or the stage began."""

    @property
    def is_urgent(self) -> bool:
        return self.kit.is_urgent(self.state.answers)


async def waiting_among(
    pool: Pool, streams: Sequence[StreamId], progress: Progress = lambda _done, _of: None
) -> list[Waiting]:
    """Those of these journeys that wait for a mentor by what is recorded now, in their order."""
    found: list[Waiting] = []
    for first in range(0, len(streams), _AT_ONCE):
        some = streams[first : first + _AT_ONCE]
        recorded = await EventLog(pool).read_streams(some)
        for stream in some:
            if stream in recorded and (one := await _waiting(pool, stream, recorded[stream])):
                found.append(one)  # noqa: PERF401 - what is awaited in it is mostly there
        progress(first + len(some), len(streams))
    return found


async def _waiting(pool: Pool, stream: StreamId, recorded: Sequence[RecordedEvent]) -> Waiting | None:
    events = _CODEC.decode_known(recorded)
    state = fold(events)
    if state is None or not is_unmatched(state):
        return None
    ended = [one for one in events if isinstance(one, ENDED_OFFERS)]
    return Waiting(
        journey=JourneyId(stream.removeprefix("journey-")),
        state=state,
        kit=await kits.load(pool, state.kit),
        declined=tuple(dict.fromkeys(one.mentor for one in ended)),
        asked_at=max([state.stage_since, *(one.at for one in ended)]),
    )
