"""What the operations of `exchange` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from typing import Any

from client.api.model import Model


class CommandForm(Model):
    name: str
    says: str
    input: dict[str, Any]
    personal: list[str]
    output: dict[str, Any]
    refusal: str
