"""What the operations of `monthly_reviews` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model, made_by
from client.api.models.shared import Effect, Estimate


class CapacityThen(Model):
    """The last review of capacity in the month."""

    at: datetime
    mentors: int
    places: int
    taken: int
    utilization: float
    over_limit: int
    under_used: int
    waiting: int
    longest_wait_days: int


class Cases(Model):
    opened: int = 0
    resolved: int = 0
    open: int = 0
    overdue: int = 0


class Figure(Model):
    """A measure in the month, beside the month before."""

    measure: str
    title: str
    kind: Literal["leading", "lagging"]
    unit: str
    month: Estimate
    before: Estimate


class Found(Model):
    """What a detector found in the month, and what people have said of it when the draft is made."""

    detector: str
    raised: int
    confirmed: int
    dismissed: int


class Happening(Model):
    """Something else that changed how the program runs."""

    at: datetime
    what: str


class KitChange(Model):
    """New journeys follow another version from this moment on."""

    at: datetime
    before: str | None
    after: str
    kit_before: str | None
    kit: str
    by: str
    differences: list[KitDifference] = made_by(list)
    count: int = 0
    proposals: list[ProposalBehind] = made_by(list)
    learners_before: int = 0
    learners_after: int = 0
    effects: list[Effect] = made_by(list)


class KitDifference(Model):
    whom: str
    says: str


class MonthlyReviewAnswer(Model):
    program: str
    month: str
    draft: int
    standing: str
    released_at: datetime | None
    released_by: str | None
    document: ReviewDocument
    notes: list[ReviewNote] | None
    letters: list[ReviewLetter] | None
    text: str


class MonthlyReviewRow(Model):
    program: str
    month: str
    draft: int
    drafted_at: datetime
    whole: bool
    notes: int
    released_at: datetime | None
    released_by: str | None
    letters: int
    sent: int
    failed: int


class MonthlyReviews(Model):
    month: str
    reviews: list[MonthlyReviewRow]
    next: str | None


class ProposalBehind(Model):
    """A proposal that was tried in a version."""

    id: str
    title: str
    status: str


class QualityThen(Model):
    """Rounds of reviews that began in the month, as they stand when the draft is made, and what detectors found."""

    rounds: int
    sampled: int
    reviewed: int
    skipped: int
    waiting: int
    minutes: int
    found: list[Found] = made_by(list)


class ReviewDocument(Model):
    program: str
    title: str
    month: str
    zone: str
    since: datetime
    until: datetime
    drafted_at: datetime
    position: int
    version: str
    whole: bool = True
    least: int
    confidence: float
    changes: list[KitChange] = made_by(list)
    earlier: list[KitChange] = made_by(list)
    happenings: list[Happening] = made_by(list)
    proposals: list[ProposalBehind] = made_by(list)
    figures: list[Figure] = made_by(list)
    capacity: CapacityThen | None = None
    cases: Cases
    surveys: list[SurveyAnswered] = made_by(list)
    quality: QualityThen | None = None
    lacking: list[str] = made_by(list)


class ReviewLetter(Model):
    recipient: str
    status: str
    because: str


class ReviewNote(Model):
    text: str
    by: str
    at: datetime


class SurveyAnswered(Model):
    """A survey, of what was asked in the month."""

    survey: str
    role: str
    asked: int
    answered: int
    open: int
