"""The timeline of a journey with all that was written: for those who may read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query

from client.journeys import NoSuchJourney
from domain.ids import JourneyId
from domain.journey.words import Words, words_of
from domain.values import LAST_POSITION
from interfaces.http.access import PersonalJourneyReader
from interfaces.http.v1.visibility import require_journey
from projections.views import board, timeline
from queries.journey_record import read_record
from store.database import Pool


@dataclass(frozen=True, slots=True)
class WrittenEntry:
    version: int
    at: datetime
    type: str
    words: str
    by: str | None
    """Who caused it, such as `ops:ana`; `system` for automatic events."""
    command: str | None
    rule: str | None
    """The place in the kit, for automatic events."""
    refused: bool
    """True for a refused command, which changed nothing."""
    details: Mapping[str, Any]
    """The data of the event."""
    said: Sequence[Words]
    """What people wrote."""


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["journeys"])

    @routes.get("/journeys/{journey}/timeline/written")
    async def get_written_timeline(
        journey: JourneyId,
        caller: PersonalJourneyReader,
        after: Annotated[int, Query(ge=0, le=LAST_POSITION, description="the version of the last entry before")] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    ) -> list[WrittenEntry]:
        """The events of a journey with their data and what people wrote. Personal data."""
        await require_journey(pool, caller, journey)
        entries = await timeline.of_journey(pool, journey, after, limit)
        if not entries and await board.one(pool, journey) is None:
            raise NoSuchJourney(journey)
        said = await _said(pool, journey) if entries else {}
        return [
            WrittenEntry(
                *(one.version, one.at, one.type, one.words, one.by, one.command, one.rule, one.refused, one.details),
                said.get(one.version, ()),
            )
            for one in entries
        ]

    return routes


async def _said(pool: Pool, journey: JourneyId) -> Mapping[int, Sequence[Words]]:
    """What was written in each event, by its version."""
    story = await read_record(pool, journey)
    return {one.version: words_of(event) for one, event in zip(story.recorded, story.events, strict=True)}
