"""Webhooks: where events are sent to as they happen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from channels.public_addresses import Allowed
from client.journeys import JourneyClient
from domain.access import KeyRole
from domain.ids import ProgramId, Slug
from domain.values import LAST_POSITION, Truth, Whole
from domain.webhook import DeliveryState
from interfaces.http.access import Operator
from interfaces.http.idempotency import Identifiable
from services.webhooks import ShownWebhook, Webhooks, WebhookWithSecret, Wish
from store.database import Pool
from store.webhooks import WebhookDelivery, WebhookRow
from workflows.webhook_activities import WebhookTestResult

_Role = Literal["ops", "integration", "observer"]
_Hours = Annotated[Whole, Field(ge=0, le=168)]
_Position = Annotated[Whole, Field(ge=1, le=LAST_POSITION)]
_Types = Annotated[list[str], Field(max_length=100)]
_Programs = Annotated[list[Slug], Field(min_length=1, max_length=1_000)]


class NewWebhook(BaseModel, extra="forbid"):
    """Where events are to be sent to, and which."""

    url: str
    """`https://HOST/PATH`, on the internet unless a setting allows other networks."""
    id: str | None = None
    """Small letters, digits and hyphens. With one of your own, adding it again is refused instead of doubling it."""
    description: str = ""
    types: _Types = []
    """Names of event types, of which `journey.*` is one for all events of journeys. None: all."""
    programs: _Programs | None = None
    """Without it: all that your key may use."""
    role: _Role = "observer"
    """`ops` gets personal data as well."""
    position: _Position | None = None
    """Of the first event, for events of the past. Without it: the next one that happens."""


class ChangedWebhook(BaseModel, extra="forbid"):
    """What is left out stays as it is."""

    url: str | None = None
    description: str | None = None
    types: _Types | None = None
    programs: _Programs | None = None
    all_programs: Truth = False
    """Instead of `programs`: all that your key may use."""
    role: _Role | None = None


class WebhookRotation(BaseModel, extra="forbid"):
    overlap_hours: _Hours = 24
    """For so long the present secret signs as well."""


class WebhookDisabling(BaseModel, extra="forbid"):
    reason: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
    """It is recorded; no personal data."""


class WebhookEnabling(BaseModel, extra="forbid"):
    skip: Truth = False
    """True: what happened while it was disabled, and what waits, is not sent."""


class WebhookReplay(BaseModel, extra="forbid"):
    position: _Position
    """Everything from there on is sent again."""


@dataclass(frozen=True, slots=True)
class WebhookDeliveryPage:
    deliveries: Sequence[WebhookDelivery]
    next: int | None
    """Give it as `after` for the next page. Null: this is the last one."""


def router(pool: Pool, client: JourneyClient, allowed: Allowed) -> APIRouter:
    routes = APIRouter(prefix="/webhooks", tags=["webhooks"])

    def of(caller: Operator) -> Webhooks:
        return Webhooks(pool, client, caller, allowed=allowed)

    @routes.get("")
    async def list_webhooks(caller: Operator) -> list[WebhookRow]:
        """All webhooks that get nothing but events of your programs, oldest first."""
        return await of(caller).listed()

    @routes.post("", status_code=201)
    async def add_webhook(
        caller: Operator, body: NewWebhook, response: Response, identity: Identifiable
    ) -> WebhookWithSecret:
        """Adds a webhook. Its secret is in this response and never shown again, but to the same request with the same
        Idempotency-Key."""
        response.headers["Cache-Control"] = "no-store"
        own = f"wh-{sha256(identity.derive('webhook').encode()).hexdigest()[:10]}"
        return await of(caller).add(_wish(body), body.id, position=body.position, otherwise=own)

    @routes.get("/{webhook}")
    async def get_webhook(caller: Operator, webhook: str) -> ShownWebhook:
        """A webhook, how its deliveries go, and what was done about it lately."""
        return await of(caller).shown(webhook)

    @routes.patch("/{webhook}")
    async def change_webhook(caller: Operator, webhook: str, body: ChangedWebhook) -> WebhookRow:
        """Changes where events are sent to, or which. It applies to the next attempt."""
        return await of(caller).change(webhook, _wish(body))

    @routes.delete("/{webhook}", status_code=204)
    async def remove_webhook(caller: Operator, webhook: str) -> None:
        """Removes a webhook and its delivery log."""
        await of(caller).remove(webhook)

    @routes.post("/{webhook}/rotate")
    async def rotate_webhook_secret(
        caller: Operator, webhook: str, body: WebhookRotation, response: Response
    ) -> WebhookWithSecret:
        """Replaces the secret. Both sign for a while, so that the receiver can be changed meanwhile."""
        response.headers["Cache-Control"] = "no-store"
        return await of(caller).rotate(webhook, timedelta(hours=body.overlap_hours))

    @routes.post("/{webhook}/disable")
    async def disable_webhook(caller: Operator, webhook: str, body: WebhookDisabling) -> WebhookRow:
        """Sends nothing more until it is enabled. Nothing is lost."""
        return await of(caller).disable(webhook, body.reason)

    @routes.post("/{webhook}/enable")
    async def enable_webhook(caller: Operator, webhook: str, body: WebhookEnabling) -> WebhookRow:
        """Goes on where it was, at once."""
        return await of(caller).enable(webhook, skip=body.skip)

    @routes.post("/{webhook}/replay")
    async def replay_webhook(caller: Operator, webhook: str, body: WebhookReplay) -> WebhookRow:
        """Sends everything from a position of the log on again, with the same ids."""
        return await of(caller).replay(webhook, body.position)

    @routes.post("/{webhook}/test")
    async def test_webhook(caller: Operator, webhook: str) -> WebhookTestResult:
        """Sends one test event and answers with what came of it."""
        return await of(caller).test(webhook)

    @routes.get("/{webhook}/deliveries")
    async def list_webhook_deliveries(
        caller: Operator,
        webhook: str,
        state: DeliveryState | None = None,
        after: Annotated[int | None, Query(ge=1, le=LAST_POSITION, description="`next` of the page before")] = None,
        limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    ) -> WebhookDeliveryPage:
        """The delivery log: one entry for each event, the latest position first."""
        found = await of(caller).deliveries(webhook, before=after, state=state, limit=limit)
        return WebhookDeliveryPage(found, found[-1].position if len(found) == limit else None)

    return routes


def _wish(body: NewWebhook | ChangedWebhook) -> Wish:
    return Wish(
        url=body.url,
        description=body.description,
        types=body.types,
        programs=None if body.programs is None else [ProgramId(one) for one in body.programs],
        all_programs=isinstance(body, ChangedWebhook) and body.all_programs,
        role=KeyRole(body.role) if body.role else None,
    )
