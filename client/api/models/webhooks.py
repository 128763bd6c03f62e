"""What the operations of `webhooks` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model, made_by


class ShownWebhook(Model):
    """A webhook, and what was done about it lately."""

    webhook: WebhookRow
    changes: list[WebhookChange]


class WebhookChange(Model):
    """Who did what about a webhook."""

    at: datetime
    change: str
    actor: str


class WebhookDelivery(Model):
    """An event for a webhook, as it is in the delivery log."""

    position: int
    event: str
    type: str
    stream: str
    state: Literal["waiting", "delivered", "given_up", "skipped"] = "waiting"
    attempts: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    next_at: datetime | None = None
    outcome: (
        Literal["delivered", "error_status", "limited", "gone", "redirect", "timeout", "unreachable", "private_address"]
        | None
    ) = None
    status: int | None = None
    because: str | None = None
    tries: list[WebhookTry] = made_by(list)


class WebhookDeliveryPage(Model):
    deliveries: list[WebhookDelivery]
    next: int | None


class WebhookRow(Model):
    """A webhook as it is now, without its secrets."""

    webhook: str
    url: str
    description: str
    types: list[str]
    programs: list[str] | None
    role: str
    status: Literal["enabled", "disabled"]
    because: str | None
    disabled_by: str | None
    position: int
    failing_since: datetime | None
    failures: int
    not_before: datetime | None
    accepted_at: datetime | None
    previous_until: datetime | None
    made_at: datetime
    made_by: str
    behind: int
    waiting: int
    next_at: datetime | None


class WebhookTestResult(Model):
    """What came of it."""

    outcome: Literal[
        "delivered", "error_status", "limited", "gone", "redirect", "timeout", "unreachable", "private_address"
    ]
    because: str
    status: int | None
    milliseconds: int


class WebhookTry(Model):
    """An attempt at an event."""

    at: datetime
    outcome: Literal[
        "delivered", "error_status", "limited", "gone", "redirect", "timeout", "unreachable", "private_address"
    ]
    status: int | None
    milliseconds: int


class WebhookWithSecret(Model):
    webhook: WebhookRow
    secret: str
    previous_until: datetime | None = None
