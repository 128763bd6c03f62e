"""What several parts of the API take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model, made_by


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


class Asked(Model):
    """What became of one question, of those who began in some time."""

    program: str
    question: str | None
    asked: int
    answered: int
    open: int
    abandoned: int


class CommandResult(Model):
    journey: str
    version: int
    stage: str
    events: list[str]


class Evidence(Model):
    """Something that speaks for a proposal, with its figure as it was then."""

    says: str
    source: Literal["feedback", "intake", "quality", "measures", "complaints", "other"] = "other"
    subject: str = ""
    n: int | None = None
    estimate: float | None = None
    low: float | None = None
    high: float | None = None


class Fulfillment(Model):
    """By what it is known that a learner has what was promised. An outcome and milestones must both hold."""

    outcome: str | None = None
    values: list[str] = made_by(list)
    milestones: list[str] = made_by(list)


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


class NextStepInput(Model):
    text: str
    owner: Literal["learner", "mentor", "ops"] = "learner"
    due_at: datetime


class NextStepOutput(Model):
    item: str
    text: str
    owner: Literal["learner", "mentor", "ops"]
    due_at: datetime
    standing: Literal["open", "done", "given_up"]
    reason: str


class Promise(Model):
    """What the program undertakes, in words that can be held against what it delivered (R1)."""

    outcome: str
    audience: str
    duration: str
    cadence: str
    support: str
    measures: list[str]
    fulfilled_by: Fulfillment | None = None


class RiskFlag(Model):
    flag: str
    notes: str
    at: datetime
    by: str | None
