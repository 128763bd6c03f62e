"""The operations of `times`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, path, query


class AsyncTimesOperations(AsyncConnection):
    async def get_times(self, journey: str, session: str, *, many: int | None = None) -> models.Times:
        """Times for a session that suit both sides, and what excludes others. Personal data.

        409: the session is not to be held, or the learner has no mentor.

        - `many`: how many are offered; default: the kit's
        """
        return await self._call(
            Call(
                "GET",
                path("/v1/journeys/{journey}/sessions/{session}/times", journey=journey, session=session),
                query=query(many=many),
            ),
            models.Times,
        )

    async def get_office_hours(
        self, *, program: str | None = None, mentor: str | None = None, journey: str | None = None
    ) -> list[models.OfficeHoursAhead]:
        """Office hours that are ahead, with the seats that are left. Personal data.

        - `journey`: which suit the learner of this journey
        """
        return await self._call(
            Call("GET", "/v1/office-hours", query=query(program=program, mentor=mentor, journey=journey)),
            list[models.OfficeHoursAhead],
        )
