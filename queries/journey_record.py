"""A journey as the log tells it, with the kit that it follows: what every reader of a journey begins with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from client.journeys import NoSuchJourney
from domain.ids import JourneyId, KitDigest, journey_stream
from domain.journey import JourneyEvent, JourneyState, evolve
from domain.kit import Kit
from projections.journeys import JOURNEY_CODEC
from store import kits
from store.database import Pool
from store.errors import StoreError
from store.event_log import EventLog, RecordedEvent


@dataclass(frozen=True, slots=True)
class Story:
    journey: JourneyId
    kit: Kit
    """The version that it follows now."""
    state: JourneyState
    recorded: Sequence[RecordedEvent]
    events: Sequence[JourneyEvent]
    as_of: datetime
    """Now; in a rehearsal that is ahead of us, when the last thing happened."""

    @property
    def clock(self) -> datetime:
        """What its clocks show: now, or when it closed, or since when it is paused."""
        if self.state.closing:
            return self.state.closing.at
        return self.state.pause.since if self.state.pause else self.as_of


class NotFoldable(StoreError):
    """The recorded events can each be read, and do not follow from one another."""

    def __init__(self, journey: JourneyId, event: RecordedEvent) -> None:
        super().__init__(
            f"{event.type} at {event.stream}@{event.version} cannot follow what was recorded before it: if a newer "
            "Trellis wrote it, run that; otherwise `trellis log verify` shows whether the log changed"
        )
        self.journey = journey


async def read_story(pool: Pool, journey: JourneyId) -> Story:
    """Raises NoSuchJourney when the log knows none of this name; NotDecodable, NotFoldable."""
    return (await read_stories(pool, [journey]))[0]


async def read_stories(pool: Pool, journeys: Iterable[JourneyId]) -> list[Story]:
    """In the order given. Raises NoSuchJourney when the log knows none of a name."""
    return [await _read(pool, journey) for journey in journeys]


async def _read(pool: Pool, journey: JourneyId) -> Story:
    recorded = await EventLog(pool).read_stream(journey_stream(journey))
    if not recorded:
        raise NoSuchJourney(journey)
    events = JOURNEY_CODEC.decode_known(recorded)
    state = _folded(journey, recorded, events)
    as_of = max(datetime.now(UTC), recorded[-1].occurred_at)
    return Story(journey, await kits.load(pool, state.kit), state, recorded, events, as_of)


async def kit_of(pool: Pool, digest: KitDigest) -> Kit:
    """A version that a journey follows or has followed."""
    return await kits.load(pool, digest)


def _folded(journey: JourneyId, recorded: Sequence[RecordedEvent], events: Iterable[JourneyEvent]) -> JourneyState:
    """Raises NotFoldable."""
    state: JourneyState | None = None
    for one, event in zip(recorded, events, strict=True):
        try:
            state = evolve(state, event)
        except Exception as error:  # whatever a fold trips over, the event is what does not fit
            raise NotFoldable(journey, one) from error
    assert state, "a stream with events has a state"
    return state
