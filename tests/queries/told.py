"""Journeys that are only told, for what reads the log."""

from collections.abc import Sequence
from datetime import datetime

from domain.ids import JourneyId, LearnerId, journey_id, journey_stream
from domain.journey import JourneyEvent, fold
from domain.kit import Kit
from queries.journey_record import JourneyRecord
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from tests.projections.stories import publish


def story_of(kit: Kit, events: Sequence[JourneyEvent], as_of: datetime) -> JourneyRecord:
    state = fold(events)
    assert state
    return JourneyRecord(journey_id(state.program, state.learner), kit, state, (), events, as_of)


async def tell(pool: Pool, kit: Kit, events: Sequence[JourneyEvent], learner: str) -> JourneyId:
    """Publishes the kit, and puts the events on the log as the journey of this learner."""
    await publish(pool, kit)
    begun = events[0].model_copy(update={"learner": LearnerId(learner), "kit": kit.digest})
    journey = journey_id(kit.program_id, LearnerId(learner))
    await EventLog(pool).append(journey_stream(journey), 0, journey, encode([begun, *events[1:]], journey))
    return journey
