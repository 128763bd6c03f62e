"""The operations of `measures`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import date
from typing import Literal

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, path, query


class AsyncMeasuresOperations(AsyncConnection):
    async def get_measures(
        self,
        program: str,
        *,
        by: Literal["cohort", "week", "version", "pathway", "segment"] | None = None,
        since: date | None = None,
        until: date | None = None,
        cohort: str | None = None,
        version: str | None = None,
        pathway: str | None = None,
    ) -> models.ProgramMeasures:
        """Leading and lagging measures with their definitions and intervals, drop-off points, and mentor workload.

        No person is in it, and mentors are in no order.
        """
        return await self._call(
            Call(
                "GET",
                path("/v1/programs/{program}/measures", program=program),
                query=query(by=by, since=since, until=until, cohort=cohort, version=version, pathway=pathway),
            ),
            models.ProgramMeasures,
        )

    async def get_associations(self, program: str) -> models.Associations:
        """Which behaviors of mentors go with momentum of their learners, and which pathways serve which level.

        Associations and no causes, adjusted for what was known at the start. No mentor is named.
        """
        return await self._call(
            Call("GET", path("/v1/programs/{program}/associations", program=program)), models.Associations
        )
