"""Journeys: the list, and one of them. All comes from the projections, except `status`, which asks the workflow."""

import base64
import binascii
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query
from fastapi import Path as FromPath
from pydantic import Field, TypeAdapter
from pydantic_core import to_json

from client.journeys import JourneyClient
from domain.ids import JourneyId
from domain.values import STORABLE, Deadline, Whole
from projections.views import board, timeline
from projections.views.board import BoardRow, Cursor
from queries.handled_commands import HandledCommand, handled_command
from queries.profile import Profile, profile
from queries.sessions import Meetings, meetings
from queries.why import Why, why
from store.database import Pool
from workflows.contract import Status

_CURSOR: TypeAdapter[tuple[int, datetime | None, str]] = TypeAdapter(
    tuple[Annotated[Whole, Field(ge=0, le=9)], Deadline | None, Annotated[str, STORABLE]]
)
_LAST_VERSION = 2**63 - 1


class BoardQuery(board.Criteria):
    """Filters and order of journeys. A journey must match all filters that are given."""

    overdue: bool = False
    sort: board.Sort = "due"
    limit: Annotated[int, Query(ge=1, le=500)] = 50
    after: str | None = None
    """The `next` of the previous page."""

    def filter(self) -> board.Filter:
        criteria = self.model_dump(include=set(board.Criteria.model_fields))
        return board.Filter(**criteria, overdue_at=datetime.now(UTC) if self.overdue else None)


@dataclass(frozen=True)
class BoardPage:
    rows: list[BoardRow]
    next: str | None
    """Pass it as `after` to get the next page. Null on the last page."""


@dataclass(frozen=True)
class TimelineEntry:
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


_LARGEST_VERSION = 2**31


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = APIRouter(tags=["journeys"])

    @routes.get("/board", include_in_schema=False)  # its name before there was /v1
    @routes.get("/journeys")
    async def list_journeys(query: Annotated[BoardQuery, Query()]) -> BoardPage:
        """List journeys: where each one stands, whom it waits for, and what happens next."""
        return await board_page(pool, query)

    @routes.get("/journeys/{journey}")
    async def get_journey(journey: JourneyId) -> BoardRow:
        """A journey's row on the board."""
        return await found(pool, journey)

    @routes.get("/journeys/{journey}/timeline")
    async def get_timeline(
        journey: JourneyId,
        after: Annotated[
            int, Query(ge=0, le=_LAST_VERSION, description="the version of the last entry of the previous page")
        ] = 0,
        limit: Annotated[int, Query(ge=1, le=1000)] = 500,
    ) -> list[TimelineEntry]:
        """The events of a journey in order, described in words."""
        await found(pool, journey)
        entries = await timeline.of_journey(pool, journey, after, limit)
        return [
            TimelineEntry(one.version, one.at, one.type, one.words, one.by, one.command, one.rule, one.refused)
            for one in entries
        ]

    @routes.get("/journeys/{journey}/status")
    async def get_status(journey: JourneyId) -> Status:
        """The status as reported by the running workflow: everything awaited, and every timer with its rule."""
        return await journeys.status(journey)

    @routes.get("/journeys/{journey}/why")
    async def get_why(journey: JourneyId) -> Why:
        """Why a journey stands where it does: what it waits for, by which line of the kit, and what comes next."""
        return await why(pool, journey)

    @routes.get("/journeys/{journey}/why/{event}")
    async def get_why_event(
        journey: JourneyId,
        event: Annotated[int, FromPath(ge=1, le=_LARGEST_VERSION, description="its version on the timeline")],
    ) -> HandledCommand:
        """Why an event happened: who asked for it or which rule caused it, and what was written. Personal data."""
        return await handled_command(pool, journey, event)

    @routes.get("/journeys/{journey}/profile")
    async def get_profile(journey: JourneyId) -> Profile:
        """Who the learner is, their intake answers, and their progress. Personal data."""
        return await profile(pool, journey)

    @routes.get("/journeys/{journey}/sessions")
    async def get_sessions(journey: JourneyId) -> Meetings:
        """The sessions with agenda, attendance, notes, next steps, and risk flags. Personal data."""
        return await meetings(pool, journey)

    return routes


async def found(pool: Pool, journey: JourneyId) -> BoardRow:
    """Raises HTTPException 404."""
    row = await board.one(pool, journey)
    if row is None:
        raise HTTPException(404, f"There is no journey {journey!r} on the board.")
    return row


async def board_page(pool: Pool, query: BoardQuery) -> BoardPage:
    """Raises HTTPException 422 for an invalid cursor."""
    shown = await board.page(pool, query.filter(), query.sort, _cursor(query.after), query.limit)
    return BoardPage(shown.rows, _opaque(shown.next) if shown.next else None)


def _opaque(cursor: Cursor) -> str:
    return base64.urlsafe_b64encode(to_json(astuple(cursor))).decode()


def _cursor(opaque: str | None) -> Cursor | None:
    if opaque is None:
        return None
    try:
        return Cursor(*_CURSOR.validate_json(base64.urlsafe_b64decode(opaque)))
    except (binascii.Error, ValueError) as error:
        detail: Any = "`after` must be the `next` of an earlier page"
        raise HTTPException(422, detail) from error
