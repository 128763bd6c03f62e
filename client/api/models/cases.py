"""What the operations of `cases` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model


class CasePage(Model):
    rows: list[CaseRow]
    next: str | None


class CaseRow(Model):
    """An open case, and by when it is to be answered."""

    journey: str
    case: str
    program: str
    learner: str
    mentor: str | None
    owner: Literal["learner", "mentor", "ops"]
    severity: Literal["notice", "warning", "critical"]
    rule: str
    opened_at: datetime
    acknowledged: bool
    snoozed_until: datetime | None
    since: datetime
    respond_by: datetime
    version: int
