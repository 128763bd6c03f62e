"""Reads who has places with mentors: journeys and groups. What they say about them is in domain/holding.py."""

from domain import cohort
from domain.cohort import CohortEvent
from domain.holding import OF_GROUPS, OF_JOURNEYS, Bearing, GroupAsHolder, Holder, JourneyAsHolder
from domain.ids import KitDigest, StreamId
from domain.journey import EVENTS, JourneyEvent, JourneyState, evolve
from store import kits
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog

_JOURNEYS: Codec[JourneyEvent] = Codec(EVENTS)
_GROUPS: Codec[CohortEvent] = Codec(cohort.EVENTS)


async def find_holder(pool: Pool, stream: StreamId) -> Holder | None:
    """None for a stream without events, and for one that holds no places.

    Raises MissingKit, KitNotReadable, NotDecodable.
    """
    if stream.startswith(OF_JOURNEYS):
        return await find_journey(pool, stream)
    return await find_group(pool, stream) if stream.startswith(OF_GROUPS) else None


async def find_journey(pool: Pool, stream: StreamId, up_to: int | None = None) -> JourneyAsHolder | None:
    """None for a stream without events. `up_to`: only so many are read.

    Raises MissingKit, KitNotReadable, NotDecodable.
    """
    recorded = await EventLog(pool).read_stream(stream, limit=up_to)
    state: JourneyState | None = None
    bearing = Bearing()
    for one, event in zip(recorded, _JOURNEYS.decode_known(recorded), strict=True):
        state = evolve(state, event)
        bearing = bearing.after(one.version, event)
    if state is None:
        return None
    return JourneyAsHolder(stream, state, await kits.load(pool, KitDigest(state.kit)), bearing)


async def find_group(pool: Pool, stream: StreamId) -> GroupAsHolder | None:
    """Raises MissingKit, KitNotReadable, NotDecodable."""
    recorded = await EventLog(pool).read_stream(stream)
    state, bearing = cohort.INITIAL, Bearing()
    for one, event in zip(recorded, _GROUPS.decode_known(recorded), strict=True):
        state = cohort.evolve(state, event)
        bearing = bearing.after_group(one.version, event, state.mentors)
    if state.kit is None:
        return None
    return GroupAsHolder(stream, state, await kits.load(pool, state.kit), bearing)
