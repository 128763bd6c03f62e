"""Whose a journey is: its program, and the mentors whom it concerns. It decides who may see and steer it."""

from contextlib import suppress
from dataclasses import dataclass

from domain.ids import JourneyId, journey_stream
from domain.journey import JourneyState
from projections.reading import BeingRebuilt, View
from projections.sql import query
from queries.journey_record import read_record
from store.database import Pool


@dataclass(frozen=True, slots=True)
class Parties:
    program: str
    mentor: str | None
    """Who has the learner."""
    proposed: str | None
    """Who was proposed and is to answer."""


_BOARD = View(board=5)


async def parties_of(pool: Pool, journey: JourneyId) -> Parties:
    """By the view; by the log for a journey that is not in it yet, or while it is rebuilt. Raises NoSuchJourney."""
    with suppress(BeingRebuilt):
        if row := await _BOARD.fetchrow(pool, query("parties_of"), journey_stream(journey)):
            return Parties(*row)
    return _of((await read_record(pool, journey)).state)


def _of(state: JourneyState) -> Parties:
    return Parties(state.program, state.mentor, state.offer.mentor if state.offer else None)
