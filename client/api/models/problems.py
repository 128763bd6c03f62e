"""What the operations of `problems` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from client.api.model import Model


class ProblemCode(Model):
    code: str
    status: int
    refusal: bool
    means: str
    data: str | None
