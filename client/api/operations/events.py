"""The operations of `events`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import Iterator, Sequence

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, headers, query


class EventsOperations(Connection):
    def list_events(
        self,
        *,
        type: Sequence[str] | None = None,
        program: str | None = None,
        journey: str | None = None,
        after: int | None = None,
        limit: int | None = None,
        wait: int | None = None,
    ) -> models.EventPage:
        """The events of the log in order. With `wait`, an answer comes as soon as there is an event that matches."""
        return self._call(
            Call(
                "GET",
                "/v1/events",
                query=query(type=type, program=program, journey=journey, after=after, limit=limit, wait=wait),
                wait=wait or 0,
            ),
            models.EventPage,
        )

    def iterate_events(
        self,
        *,
        type: Sequence[str] | None = None,
        program: str | None = None,
        journey: str | None = None,
        limit: int | None = None,
        wait: int | None = None,
    ) -> Iterator[models.CloudEvent]:
        """The items of all pages of `list_events`, read one page at a time."""
        return self._items(
            lambda after: self.list_events(
                type=type, program=program, journey=journey, limit=limit, wait=wait, after=after
            ),
            lambda page: (page.events, None if page.end else page.next),
        )

    def stream_events(
        self,
        *,
        type: Sequence[str] | None = None,
        program: str | None = None,
        journey: str | None = None,
        after: int | None = None,
        last_event_id: int | None = None,
    ) -> Iterator[models.CloudEvent]:
        """The events as they are recorded, as server-sent events. `id` is the position and `data` the event. After a
        lost connection, a client that sends `Last-Event-ID` misses nothing and gets nothing twice.
        """
        return self._events(
            Call(
                "GET",
                "/v1/events/stream",
                query=query(type=type, program=program, journey=journey, after=after),
                headers=headers(last_event_id=last_event_id),
            ),
            models.CloudEvent,
        )

    def list_event_types(self) -> list[models.EventType]:
        """Every type of event, with the JSON Schema of its `data` and the fields of it that are personal."""
        return self._call(Call("GET", "/v1/event-types"), list[models.EventType])
