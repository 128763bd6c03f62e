"""What the operations of `health` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api.model import Model, made_by


class Readiness(Model):
    ready: bool
    problems: dict[str, str] = made_by(dict)
    attention: dict[str, str] | None = None
    building: dict[str, float] | None = None
