"""What the operations of `events` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from client.api.model import Model


class CloudEvent(Model):
    """An event, as CloudEvents 1.0 has it in JSON. Attributes that have no value are absent."""

    specversion: Literal["1.0"]
    id: str
    source: str
    type: str
    subject: str
    time: datetime
    recordedtime: datetime
    position: int
    version: int
    program: str | None = None
    journey: str | None = None
    by: str | None = None
    command: str | None = None
    rule: str | None = None
    origin: str | None = None
    channel: str | None = None
    correlation: str | None = None
    schemaversion: int
    datacontenttype: Literal["application/json"]
    data: dict[str, Any] | None = None


class EventPage(Model):
    events: list[CloudEvent]
    next: int
    end: bool


class EventType(Model):
    type: str
    says: str
    version: int
    personal: list[str]
    data: dict[str, Any]
