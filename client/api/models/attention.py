"""What the operations of `attention` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model


class Attention(Model):
    items: list[Item]
    totals: list[AttentionTally]


class AttentionTally(Model):
    program: str
    open_cases: int
    overdue: int


class Item(Model):
    journey: str
    program: str
    learner: str
    mentor: str | None
    kind: Literal["case", "duty"]
    about: str
    duty: str
    who: Literal["learner", "mentor", "ops"]
    grave: int
    since: datetime
    due_at: datetime
    rule: str
