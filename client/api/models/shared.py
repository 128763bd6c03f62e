"""What several parts of the API take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model


class Agenda(Model):
    goal: str | None
    artifact: str | None
    own_goal: str
    brought: str
    preparation: list[Answered]


class Answered(Model):
    question: str
    asked: str
    answer: str | float | list[str] | None


class CommandResult(Model):
    journey: str
    version: int
    stage: str
    events: list[str]


class MeetingOutput(Model):
    session: str
    title: str
    purpose: str | None
    mode: str | None
    starts_at: datetime
    starts_there: datetime
    agenda: Agenda
    attendance: (
        Literal["attended", "late", "missed_by_learner", "missed_by_mentor", "cancelled_in_time", "cancelled_late"]
        | None
    )
    remark: str
    corrected: list[str]
    notes: list[Answered]
    summary: str | None
    next_steps: list[NextStepOutput]
    flags: list[RiskFlag]


class NextStepOutput(Model):
    item: str
    text: str
    owner: Literal["learner", "mentor", "ops"]
    due_at: datetime
    standing: Literal["open", "done", "given_up"]
    reason: str


class RiskFlag(Model):
    flag: str
    notes: str
    at: datetime
    by: str | None
