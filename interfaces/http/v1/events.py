"""The feed of events: in pages, waiting for the next ones, or as a stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field

from domain.access import Caller
from domain.ids import JourneyId, ProgramId, Slug
from domain.values import LAST_POSITION, STORABLE
from interfaces.http.access import Reader, require_program
from interfaces.http.streaming import EventStream
from kits.lookup import newest_published
from queries.event_feed import Page, Wanted
from queries.event_types import EventType, event_types, types_named
from queries.live_events import LiveEvents
from store.database import Pool

_MOST_SECONDS = 30
_Position = Annotated[int, Field(ge=0, le=LAST_POSITION)]


class EventFilter(BaseModel, extra="forbid"):
    """Which events. They must meet every condition that is given."""

    type: Annotated[list[Annotated[str, Field(max_length=100)]], Query(max_length=200)] = []
    """Of one of these types, such as `journey.closed`, or `journey.*` for a whole category: see GET /v1/event-types."""
    program: Slug | None = None
    """Of this program."""
    journey: Annotated[str, STORABLE] | None = None
    """Of this journey: its own events, the learner's activity, and the messages about it."""


class EventsQuery(EventFilter, extra="forbid"):
    after: _Position = 0
    """The `next` of the page before; 0: from the first event on."""
    limit: Annotated[int, Field(ge=1, le=1_000)] = 100
    wait: Annotated[int, Field(ge=0, le=_MOST_SECONDS)] = 0
    """For how many seconds to wait for an event while there is none."""


class StreamQuery(EventFilter, extra="forbid"):
    after: _Position | None = None
    """From the event after this position on. Default: from what is recorded from now on."""


class CloudEvent(BaseModel):
    """An event, as CloudEvents 1.0 has it in JSON. Attributes that have no value are absent."""

    specversion: Literal["1.0"]
    id: UUID
    """The same whenever the event is sent."""
    source: str
    type: str
    subject: str
    """The stream that it belongs to, such as `journey-job-ready.l-12`."""
    time: datetime
    """When it happened."""
    recordedtime: datetime
    position: int
    """Its place among all events. Positions have no gaps and never change."""
    version: int
    """Its place in its stream, from 1."""
    program: str | None = None
    journey: str | None = None
    by: str | None = None
    """Who gave the command, as its sender says."""
    command: str | None = None
    rule: str | None = None
    """The rule of the kit that brought it about."""
    origin: str | None = None
    """Who was known where the command came in, such as `key:ID`."""
    channel: str | None = None
    correlation: str | None = None
    """The `X-Request-Id` of the request that brought it about."""
    schemaversion: int
    """Of the form of `data`."""
    datacontenttype: Literal["application/json"]
    data: dict[str, Any] | None = None
    """As GET /v1/event-types describes it, without personal data for keys that may not see it."""


@dataclass(frozen=True)
class EventPage:
    events: list[CloudEvent]
    next: int
    """Pass it as `after` to go on. It moves also where no event matches."""
    end: bool
    """Whether this was the end of the log. If not, there may be more at once, even if this page is empty."""


def router(pool: Pool, live: LiveEvents) -> APIRouter:
    routes = APIRouter(tags=["events"])

    @routes.get("/events", response_model=EventPage)
    async def list_events(caller: Reader, query: Annotated[EventsQuery, Query()]) -> Response:
        """The events of the log in order. With `wait`, an answer comes as soon as there is an event that matches."""
        wanted = await _wanted(pool, caller, query)
        await live.feed.require_reached(query.after)
        if query.wait:
            async with live.subscribed():
                page = await live.following(query.after, wanted, query.limit, query.wait)
        else:
            page = await live.feed.page(query.after, wanted, query.limit)
        return Response(_body(page, personal=caller.sees_personal_data), media_type="application/json")

    @routes.get("/events/stream", response_class=StreamingResponse, responses=_STREAM)
    async def stream_events(
        caller: Reader,
        query: Annotated[StreamQuery, Query()],
        last_event_id: Annotated[_Position | None, Header(description="the id of the last event received")] = None,
    ) -> Response:
        """The events as they are recorded, as server-sent events. `id` is the position and `data` the event. After a
        lost connection, a client that sends `Last-Event-ID` misses nothing and gets nothing twice."""
        wanted = await _wanted(pool, caller, query)
        after = query.after if last_event_id is None else last_event_id
        if after is None:
            after = await live.feed.head()
        else:
            await live.feed.require_reached(after)
        return EventStream(live, after, wanted, personal=caller.sees_personal_data)

    @routes.get("/event-types")
    async def list_event_types(_caller: Reader) -> Sequence[EventType]:
        """Every type of event, with the JSON Schema of its `data` and the fields of it that are personal."""
        return event_types()

    return routes


_EVENTS = {"type": "string", "x-event": {"$ref": "#/components/schemas/CloudEvent"}}
"""What stands in `data`, for generators of clients: OpenAPI 3.1 has no word for it."""
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "Lasts about five minutes", "content": {"text/event-stream": {"schema": _EVENTS}}}
}


async def _wanted(pool: Pool, caller: Caller, query: EventFilter) -> Wanted:
    """Raises NoSuchProgram, also for a program that is not the caller's."""
    programs = caller.programs
    if query.program:
        require_program(caller, ProgramId(query.program))
        await newest_published(pool, ProgramId(query.program))
        programs = frozenset({ProgramId(query.program)})
    types = types_named(query.type) if query.type else None
    return Wanted(types, programs, JourneyId(query.journey) if query.journey is not None else None)


def _body(page: Page, *, personal: bool) -> bytes:
    events = b",".join(event.encoded(personal=personal) for event in page.events)
    return b'{"events":[%b],"next":%d,"end":%b}' % (events, page.next, b"true" if page.end else b"false")
