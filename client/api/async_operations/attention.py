"""The operations of `attention`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, query


class AsyncAttentionOperations(AsyncConnection):
    async def list_attention(self, *, program: str | None = None, limit: int | None = None) -> models.Attention:
        """Open cases, the most severe first, then everything overdue, the longest overdue first.

        - `program`: only this program
        """
        return await self._call(
            Call("GET", "/v1/attention", query=query(program=program, limit=limit)), models.Attention
        )

    async def list_upcoming(
        self, *, program: str | None = None, days: int | None = None, limit: int | None = None
    ) -> list[models.ComingTimer]:
        """Scheduled reminders, escalations, and deadlines, the earliest first.

        - `program`: only this program
        - `days`: how far ahead to look
        """
        return await self._call(
            Call("GET", "/v1/upcoming", query=query(program=program, days=days, limit=limit)), list[models.ComingTimer]
        )
