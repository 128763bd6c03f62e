"""A journey as read from the log, with its kit: the starting point of every query about one journey."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from weakref import WeakKeyDictionary

from client.journeys import NoSuchJourney
from domain.ids import JourneyId, KitDigest, journey_stream
from domain.journey import JourneyEvent, JourneyState, evolve
from domain.journey.events import JourneyStarted
from domain.kit import Kit
from projections.journeys import JOURNEY_CODEC
from store import kits
from store.database import Pool
from store.errors import StoreError
from store.event_log import EventLog, RecordedEvent
from store.sharing import SharedPool


@dataclass(frozen=True, slots=True)
class JourneyRecord:
    journey: JourneyId
    kit: Kit
    """The version that it follows at present."""
    state: JourneyState
    recorded: Sequence[RecordedEvent]
    events: Sequence[JourneyEvent]
    as_of: datetime
    """Now. In a rehearsal on future dates: the time of the last event."""

    @property
    def clock(self) -> datetime:
        """The time on the journey's clock: now, or when it was paused or closed."""
        if self.state.closing:
            return self.state.closing.at
        return self.state.pause.since if self.state.pause else self.as_of


class NotFoldable(StoreError):
    """Each event can be read, but they cannot follow one another."""

    def __init__(self, journey: JourneyId, event: RecordedEvent) -> None:
        super().__init__(
            f"{event.type} at {event.stream}@{event.version} cannot follow what was recorded before it: if a newer "
            "Trellis wrote it, run that; otherwise `trellis log verify` shows whether the log changed"
        )
        self.journey = journey


async def read_record(pool: Pool, journey: JourneyId) -> JourneyRecord:
    """Raises NoSuchJourney when the log has no such journey; NotDecodable, NotFoldable, Detached."""
    return (await read_records(pool, [journey]))[0]


async def read_records(pool: Pool, journeys: Iterable[JourneyId]) -> list[JourneyRecord]:
    """In the given order. Raises as `read_record`, when the log lacks one of them."""
    wanted, kept = list(journeys), _kept_of(pool)
    known = {one: kept.get(one) for one in wanted}
    newer = await EventLog(pool).read_streams_on(
        {journey_stream(one): len(told.recorded) if told else 0 for one, told in known.items()}
    )
    told: dict[JourneyId, _Told] = {}
    for one, before in known.items():
        events = newer.get(journey_stream(one)) or ([] if before else await _whole(pool, one))
        told[one] = _after(one, before, events) if events or before is None else before
        kept.keep(one, told[one])
    return [await _record(pool, one, told[one]) for one in wanted]


async def _whole(pool: Pool, journey: JourneyId) -> Sequence[RecordedEvent]:
    """Of a journey of which nothing was found among others: there is none, or it was detached to a file."""
    events = await EventLog(pool).read_stream(journey_stream(journey))
    if not events:
        raise NoSuchJourney(journey)
    return events


async def _record(pool: Pool, journey: JourneyId, told: "_Told") -> JourneyRecord:
    as_of = max(datetime.now(UTC), told.recorded[-1].occurred_at)
    return JourneyRecord(journey, await kits.load(pool, told.state.kit), told.state, told.recorded, told.events, as_of)


@dataclass(frozen=True, slots=True)
class _Told:
    """A stream up to its last event."""

    recorded: Sequence[RecordedEvent]
    events: Sequence[JourneyEvent]
    state: JourneyState


class _Kept:
    """The journeys that were read last: what is recorded stays, so only what is new is read again."""

    def __init__(self) -> None:
        self._told: OrderedDict[JourneyId, _Told] = OrderedDict()
        self._events = 0

    def get(self, journey: JourneyId) -> _Told | None:
        return self._told.get(journey)

    def keep(self, journey: JourneyId, one: _Told) -> None:
        self._forget(journey)
        self._told[journey] = one
        self._events += len(one.recorded)
        while self._events > _MOST_EVENTS:
            self._forget(next(iter(self._told)))

    def _forget(self, journey: JourneyId) -> None:
        if before := self._told.pop(journey, None):
            self._events -= len(before.recorded)


_MOST_EVENTS = 20_000
"""So many are kept of all journeys together."""
_KEPT: WeakKeyDictionary[SharedPool, _Kept] = WeakKeyDictionary()


def _kept_of(pool: Pool) -> _Kept:
    """Kept with the pool, and so for one database. Of the driver's own pools there are no weak references."""
    return _KEPT.setdefault(pool, _Kept()) if isinstance(pool, SharedPool) else _Kept()


async def read_beginning(pool: Pool, journey: JourneyId) -> JourneyStarted | None:
    """The first event of a journey. None: the log has no such journey."""
    recorded = await EventLog(pool).read_stream(journey_stream(journey), limit=1)
    event = JOURNEY_CODEC.decode_known(recorded)[0] if recorded else None
    return event if isinstance(event, JourneyStarted) else None


async def kit_of(pool: Pool, digest: KitDigest) -> Kit:
    """A version that a journey follows, or followed before."""
    return await kits.load(pool, digest)


def _after(journey: JourneyId, known: _Told | None, newer: Sequence[RecordedEvent]) -> _Told:
    """Raises NotDecodable, NotFoldable."""
    events = JOURNEY_CODEC.decode_known(newer)
    state = _folded(journey, newer, events, known.state if known else None)
    if known is None:
        return _Told(newer, events, state)
    return _Told([*known.recorded, *newer], [*known.events, *events], state)


def _folded(
    journey: JourneyId,
    recorded: Sequence[RecordedEvent],
    events: Iterable[JourneyEvent],
    state: JourneyState | None,
) -> JourneyState:
    """Raises NotFoldable."""
    for one, event in zip(recorded, events, strict=True):
        try:
            state = evolve(state, event)
        except Exception as error:  # whatever a fold trips over, the event is what does not fit
            raise NotFoldable(journey, one) from error
    assert state, "a stream with events has a state"
    return state
