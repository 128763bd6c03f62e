"""What the operations of `complaints` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model


class AnswerGiven(Model):
    """One question of the survey, and what was said."""

    question: str
    asks: str
    answer: str
    low: bool


class Complaint(Model):
    request: str
    survey: str
    journey: str
    role: str
    mentor: str | None
    session: str | None
    stage: str
    answered_at: datetime
    answers: list[AnswerGiven]
    standing: Literal["new", "taken_up", "answered"]
    case: str | None
    by: str | None
    at: datetime | None


class ComplaintPage(Model):
    rows: list[Complaint]
    next: str | None


class Dealt(Model):
    """A complaint after something was done about it."""

    complaint: Complaint
    says: str
