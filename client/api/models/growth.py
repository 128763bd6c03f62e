"""What the operations of `growth` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from typing import Literal

from client.api.model import Model


class GrowthCondition(Model):
    rule: Literal["repeatable", "trainable", "measurable", "improving", "not_one_star"]
    place: str
    wanted: str
    found: str
    met: bool


class GrowthReadiness(Model):
    program: str
    version: str
    asked: bool
    beyond: int | None
    ready: bool
    unmet: list[Literal["repeatable", "trainable", "measurable", "improving", "not_one_star"]]
    says: str
    conditions: list[GrowthCondition]
