"""The operations of `feedback`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import date

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, path, query


class AsyncFeedbackOperations(AsyncConnection):
    async def get_feedback(
        self, program: str, *, since: date | None = None, until: date | None = None
    ) -> models.Feedback:
        """What was answered, by all that answers are linked to, with intervals: what stands out by the kit's rules of
        evidence, and what of that explains the rest.

        Figures of single mentors are only for keys that see personal data.
        """
        return await self._call(
            Call(
                "GET", path("/v1/programs/{program}/feedback", program=program), query=query(since=since, until=until)
            ),
            models.Feedback,
        )
