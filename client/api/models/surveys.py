"""What the operations of `surveys` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model, made_by


class LinksRotated(Model):
    kept: bool


class SurveyAddress(Model):
    request: str
    address: str
    expires_at: datetime


class SurveyAnsweredNow(Model):
    request: str
    new: bool


class SurveyAnswers(Model):
    request: str
    answers: dict[str, str | float | bool] | None
    answered_at: datetime | None


class SurveyForm(Model):
    """What somebody is asked, in the words of the kit that the journey followed then."""

    request: str
    survey: str
    title: str
    program: str
    journey: str
    role: Literal["learner", "mentor", "ops"]
    respondent: str
    status: Literal["open", "answered", "expired", "skipped"]
    expires_at: datetime | None
    questions: list[SurveyQuestion]


class SurveyQuestion(Model):
    id: str
    ask: str
    kind: Literal["text", "scale", "choice", "yes_no"] = "text"
    options: list[str] = made_by(list)
    least: int = 1
    most: int = 10
    low: str | None = None
    high: str | None = None
    required: bool = False
    tells: Literal["confidence", "clarity", "preparation", "satisfaction", "usefulness"] | None = None


class SurveyRate(Model):
    """Of one survey by one version of a kit."""

    survey: str
    role: Literal["learner", "mentor", "ops"]
    kit_version: str
    asked: int
    answered: int
    open: int
    expired: int
    skipped: int
    reminded: int
    answered_after_reminder: int
    rate: float | None
    median_wait: str | None


class SurveyRequestPage(Model):
    rows: list[SurveyRequestRow]
    next: str | None


class SurveyRequestRow(Model):
    request: str
    survey: str
    program: str
    kit: str
    kit_version: str
    journey: str
    role: Literal["learner", "mentor", "ops"]
    respondent: str
    after: str | None
    stage: str
    session: str | None
    milestone: str | None
    pathway: str | None
    template: str | None
    mentor: str | None
    cohort: str | None
    segment: str | None
    occurrence: int
    status: Literal["open", "answered", "expired", "skipped"]
    requested_at: datetime
    reminded_at: datetime | None
    expires_at: datetime | None
    answered_at: datetime | None
    reason: str | None
