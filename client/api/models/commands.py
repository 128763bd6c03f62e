"""What the operations of `commands` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Any

from client.api.model import Model


class CommandForm(Model):
    name: str
    says: str
    input: dict[str, Any]
    personal: list[str]
    output: dict[str, Any]
    refusal: str


class MeetingInput(Model):
    """A session of the group, and when it begins."""

    session: str
    starts_at: datetime
