"""What the operations of `measures` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from client.api.model import Model
from client.api.models.shared import Asked


class Adjusted(Model):
    """Adjusted, with an interval that holds for all comparisons at once."""

    estimate: float
    low: float
    high: float


class Associations(Model):
    program: str
    title: str
    as_of: datetime
    least_journeys: int
    least_mentors: int
    confidence_of_each: float
    behaviors: list[BehaviorAssociation]
    pathways: list[PathwayAssociation]


class BehaviorAssociation(Model):
    behavior: str
    behavior_title: str
    momentum: str
    momentum_title: str
    showing: Group
    lacking: Group
    mentors_showing: int
    mentors_lacking: int
    difference: Adjusted | None
    stands_out: bool


class DropOff(Model):
    stages: list[StageLeft]
    sessions: list[HeldLeft]
    questions: list[Asked]


class Engagement(Model):
    """The share of weeks with a sign of the learner, of whole weeks alone: whether learners are more or less active."""

    weeks: list[PartValue]
    recent: Value | None
    before: Value | None


class Group(Model):
    n: int
    value: float | None


class HeldLeft(Model):
    sessions: int
    reached: int
    left: int


class LearnersEach(Model):
    learners: int
    mentors: int


class MeasureShown(Model):
    id: str
    title: str
    kind: Literal["leading", "lagging"]
    unit: Literal["share", "hours", "points", "days", "steps"]
    better: str
    numerator: str
    denominator: str
    window: str
    events: list[str]
    whole: Value
    parts: list[PartValue]


class MeetingWeek(Model):
    week: date
    mentors: int
    meetings: int


class PartValue(Model):
    key: str
    value: Value


class PathwayAssociation(Model):
    level: str
    level_title: str
    pathway: str
    end: str
    end_title: str
    here: Group
    others: Group
    low: float | None
    high: float | None
    difference: Adjusted | None
    stands_out: bool


class ProgramMeasures(Model):
    program: str
    title: str
    as_of: datetime
    by: Literal["cohort", "week", "version", "pathway", "segment", "program"] | None
    since: date | None
    until: date | None
    measures: list[MeasureShown]
    drop_off: DropOff
    workload: Workload
    engagement: Engagement


class StageLeft(Model):
    stage: str
    entered: int
    left: int


class Value(Model):
    n: int
    count: int | None
    value: float | None
    low: float | None
    high: float | None


class Workload(Model):
    mentors: int
    learners: int
    loads: list[LearnersEach]
    weeks: list[MeetingWeek]
