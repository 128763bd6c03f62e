"""The operations of `views`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, path, query


class ViewsOperations(Connection):
    def get_capacity(self, program: str, *, weeks: int | None = None) -> models.Capacity:
        """Places and minutes of each mentor, the forecast of the coming weeks, and who waits for a mentor."""
        return self._call(
            Call("GET", path("/v1/programs/{program}/capacity", program=program), query=query(weeks=weeks)),
            models.Capacity,
        )

    def get_reviews(self, program: str, *, limit: int | None = None) -> list[models.CapacityReviewed]:
        """The recorded reviews, the newest first."""
        return self._call(
            Call("GET", path("/v1/programs/{program}/capacity/reviews", program=program), query=query(limit=limit)),
            list[models.CapacityReviewed],
        )

    def get_cohorts(
        self, *, program: str | None = None, mentor: str | None = None, closed: bool | None = None
    ) -> list[models.CohortRow]:
        """The groups of a program, or those that a mentor leads; closed ones only if asked for."""
        return self._call(
            Call("GET", "/v1/cohorts", query=query(program=program, mentor=mentor, closed=closed)),
            list[models.CohortRow],
        )

    def get_cohort(self, cohort: str) -> models.Roster:
        """The roster of a group: its sessions, its members, and who came. Personal data."""
        return self._call(Call("GET", path("/v1/cohorts/{cohort}", cohort=cohort)), models.Roster)
