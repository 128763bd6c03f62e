"""What the operations of `feedback` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from client.api.model import Model
from client.api.models.shared import Evidence


class EvidenceRules(Model):
    least: int = 8
    false_alarms: float = 0.05
    least_difference: float = 0.08
    confidence: float = 0.95
    low: float = 0.25


class Feedback(Model):
    program: str
    kit_version: str
    since: date
    until: date
    answers_since: datetime
    weighed: EvidenceRules
    compared: int
    findings: list[FindingShown]
    questions: list[QuestionFigures]
    intake: list[QuestionOfIntake]
    evidence: list[Evidence]


class FindingShown(Model):
    """Something that stands out."""

    place: PlaceShown
    says: str
    respondents: int
    estimate: float
    rest: float
    difference: float
    low: float
    high: float
    chance: float
    explained_by: PlaceShown | None
    inseparable: list[PlaceShown]
    because: str
    evidence: Evidence


class GroupFigure(Model):
    level: Literal[
        "template", "mentor", "session", "milestone", "stage", "pathway", "segment", "cohort", "kit_version", "question"
    ]
    group: str
    answers: int
    respondents: int
    estimate: float | None
    low: float | None
    high: float | None
    enough: bool
    stands_out: bool


class PlaceShown(Model):
    survey: str
    question: str
    option: str | None
    level: Literal[
        "template", "mentor", "session", "milestone", "stage", "pathway", "segment", "cohort", "kit_version", "question"
    ]
    group: str


class QuestionFigures(Model):
    survey: str
    question: str
    option: str | None
    asks: str
    role: str
    kind: str
    tells: str | None
    answers: int
    texts: int
    respondents: int
    estimate: float | None
    low: float | None
    high: float | None
    groups: list[GroupFigure]


class QuestionOfIntake(Model):
    question: str
    asked: int
    stopped: int
    share: float | None
    low: float | None
    high: float | None
    stands_out: bool
