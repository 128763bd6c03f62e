"""The operations of `exchange`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api.awaiting import AsyncConnection
from client.api.calls import Call, path


class AsyncExchangeOperations(AsyncConnection):
    async def get_calendar_of_journey(self, journey: str) -> str:
        """The sessions and milestones of a journey as an iCalendar feed, without names."""
        return await self._call(Call("GET", path("/v1/journeys/{journey}/calendar.ics", journey=journey)), str)

    async def get_calendar_of_mentor(self, mentor: str) -> str:
        """The sessions and milestones of all open journeys of a mentor, with the learners' names."""
        return await self._call(Call("GET", path("/v1/mentors/{mentor}/calendar.ics", mentor=mentor)), str)
