"""Messages to people, read-only."""

from typing import Annotated

from fastapi import APIRouter, Query

from domain.ids import JourneyId
from domain.notification import Status as MessageStatus
from projections.views import messages
from projections.views.messages import MessageRow
from store.database import Pool


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["messages"])

    @routes.get("/messages")
    async def get_messages(
        journey: JourneyId | None = None,
        status: Annotated[list[MessageStatus] | None, Query(description="any of these")] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> list[MessageRow]:
        """Messages to people, newest first: recipient, occasion, and outcome, without the text."""
        return await messages.latest(pool, journey, status, limit)

    return routes
