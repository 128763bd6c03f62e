"""The operations of `capacity`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, path, query


class AsyncCapacityOperations(AsyncConnection):
    async def get_capacity(self, program: str, *, weeks: int | None = None) -> models.Capacity:
        """Places and minutes of each mentor, the forecast of the coming weeks, and who waits for a mentor.

        Only keys that may see personal data get the mentors' names.
        """
        return await self._call(
            Call("GET", path("/v1/programs/{program}/capacity", program=program), query=query(weeks=weeks)),
            models.Capacity,
        )

    async def list_capacity_reviews(self, program: str, *, limit: int | None = None) -> list[models.CapacityReviewed]:
        """The recorded reviews, the newest first."""
        return await self._call(
            Call("GET", path("/v1/programs/{program}/capacity/reviews", program=program), query=query(limit=limit)),
            list[models.CapacityReviewed],
        )

    async def review_capacity(self, program: str) -> models.CapacityRecorded:
        """Record a review now, besides those that the program's schedule records."""
        return await self._call(
            Call("POST", path("/v1/programs/{program}/capacity/reviews", program=program)), models.CapacityRecorded
        )
