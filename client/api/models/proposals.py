"""What the operations of `proposals` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model
from client.api.models.shared import Evidence


class Decided(Model):
    decision: Literal["accepted", "declined"]
    reason: str
    by: str
    at: datetime


class Ended(Model):
    """How it ended, and what came of it."""

    kept: bool
    reason: str
    by: str
    at: datetime


class ProposalPage(Model):
    rows: list[ProposalRow]
    next: str | None


class ProposalRecord(Model):
    id: str
    program: str
    title: str
    text: str
    evidence: list[Evidence]
    owner: str
    status: Literal["proposed", "accepted", "declined", "tried", "kept", "dropped"]
    made_by: str
    made_at: datetime
    decided: Decided | None
    tried: list[Trial]
    ended: Ended | None
    version: int


class ProposalRow(Model):
    id: str
    program: str
    title: str
    owner: str
    status: Literal["proposed", "accepted", "declined", "tried", "kept", "dropped"]
    evidence: int
    made_by: str
    made_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    kit: str | None
    kit_version: str | None
    cohort: str | None
    tried_at: datetime | None
    ended_at: datetime | None


class Trial(Model):
    """Where it is in effect."""

    kit: str | None
    version: str | None
    cohort: str | None
    by: str
    at: datetime
