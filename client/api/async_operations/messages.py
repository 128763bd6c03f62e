"""The operations of `messages`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, query


class AsyncMessagesOperations(AsyncConnection):
    async def get_messages(
        self,
        *,
        journey: str | None = None,
        status: Sequence[Literal["wanted", "handed_over", "sent", "not_taken", "bounced", "uncertain", "skipped"]]
        | None = None,
        limit: int | None = None,
    ) -> list[models.MessageRow]:
        """Messages to people, newest first: recipient, occasion, and outcome, without the text.

        - `status`: any of these
        """
        return await self._call(
            Call("GET", "/v1/messages", query=query(journey=journey, status=status, limit=limit)),
            list[models.MessageRow],
        )
