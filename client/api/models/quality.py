"""What the operations of `quality` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model
from client.api.models.shared import MeetingOutput


class Agreement(Model):
    """How far two reviewers of one session agree on one question or dimension, beyond chance."""

    kind: Literal["question", "dimension"]
    name: str
    says: str
    sessions: int
    same: int
    alpha: float | None


class Dimension(Model):
    """What a session is marked for, from 1 to 5."""

    id: str
    title: str
    low: str | None = None
    high: str | None = None


class QualityFigures(Model):
    program: str
    since: datetime | None
    until: datetime | None
    figures: list[ScoreFigure]
    agreement: list[Agreement]


class QueuedReview(Model):
    item: str
    round: str
    journey: str
    session: str
    mentor: str
    held_at: datetime
    stratum: Literal["due", "risk", "new", "other"]
    risks: list[Literal["open_case", "missed_session", "low_mark"]]
    state: Literal["open", "taken"]
    by: str | None
    taken_at: datetime | None
    closes_at: datetime


class ReviewRound(Model):
    round: str
    program: str
    number: int
    begun_at: datetime
    since: datetime
    until: datetime
    closes_at: datetime
    closed_at: datetime | None
    sessions: int
    mentors: int
    sampled: int
    twice: int
    mentors_left: int
    minutes: int
    minutes_used: int
    reviewed: int
    skipped: int
    waiting: int


class ReviewSkipped(Model):
    item: str


class Reviews(Model):
    """Where the round stands."""

    round: str | None
    closes_at: datetime | None = None
    items: int = 0
    is_open: bool = False


class RubricQuestion(Model):
    """What is asked about a session that was held, to be answered with yes, partly or no."""

    id: str
    ask: str
    look_for: str | None = None


class ScoreFigure(Model):
    """What scores of one kind say about one question or dimension."""

    kind: Literal["question", "dimension"]
    name: str
    says: str
    role: Literal["self", "peer", "qa"]
    scores: int
    mean: float
    low: float | None
    high: float | None


class ScoreRecorded(Model):
    new: bool


class ScoreShown(Model):
    """What one person said about a session."""

    session: str
    mentor: str | None
    by: str
    role: Literal["self", "peer", "qa"]
    questions: dict[str, str]
    dimensions: dict[str, int]
    notes: str
    scored_at: datetime
    corrected_because: str | None
    kit_version: str
    item: str | None


class ToReview(Model):
    """All that a reviewer needs: what happened in the session, the form, and what to look for."""

    item: str
    program: str
    journey: str
    learner: str | None
    mentor: str | None
    stratum: Literal["due", "risk", "new", "other"]
    risks: list[Literal["open_case", "missed_session", "low_mark"]]
    state: Literal["open", "taken", "reviewed", "skipped", "lapsed"]
    by: str | None
    closes_at: datetime
    minutes: int
    look_for: list[str]
    session: MeetingOutput
    questions: list[RubricQuestion]
    dimensions: list[Dimension]
    given: ScoreShown | None
