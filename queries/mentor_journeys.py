"""The open journeys that concern a mentor: those of their learners, and those for which they are asked."""

from domain.ids import JourneyId, MentorId
from domain.mentor import MENTOR, mentor_stream
from projections.board_filter import Filter
from projections.journeys import journey_of
from projections.views import board
from store.database import Pool
from store.transact import read

MOST = 100
"""Of one mentor, those first where something is due first."""


async def journeys_of_mentor(pool: Pool, mentor: MentorId) -> tuple[list[JourneyId], int]:
    """With how many there are besides: 0, or 1 for some."""
    own = await board.page(pool, Filter(mentor=mentor, open=True), limit=MOST)
    state = (await read(pool, mentor_stream(mentor), MENTOR)).state
    asked = [journey_of(holder) for holder in state.places if holder.startswith("journey-")][:MOST]
    return list(dict.fromkeys((*(row.journey for row in own.rows), *asked))), int(own.next is not None)
