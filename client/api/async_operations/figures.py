"""The operations of `figures`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import date

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, path, query


class AsyncFiguresOperations(AsyncConnection):
    async def count_journeys(self) -> list[models.Count]:
        """The number of journeys by program and stage."""
        return await self._call(Call("GET", "/v1/counts"), list[models.Count])

    async def count_segments(self, *, program: str | None = None) -> list[models.SegmentCount]:
        """The number of journeys in each segment, by program."""
        return await self._call(Call("GET", "/v1/segments", query=query(program=program)), list[models.SegmentCount])

    async def get_funnel(
        self,
        *,
        program: str | None = None,
        segment: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> models.Overview:
        """The stages week by week, the segments, and the intake questions."""
        return await self._call(
            Call("GET", "/v1/funnel", query=query(program=program, segment=segment, since=since, until=until)),
            models.Overview,
        )

    async def get_program_return(
        self, program: str, *, since: date | None = None, until: date | None = None
    ) -> models.Return:
        """What the program promised, what it delivered, and the mentor time it took."""
        return await self._call(
            Call("GET", path("/v1/programs/{program}/return", program=program), query=query(since=since, until=until)),
            models.Return,
        )
