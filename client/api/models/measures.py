"""What the operations of `measures` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from client.api.model import Model
from client.api.models.shared import Asked


class DropOff(Model):
    stages: list[StageLeft]
    sessions: list[HeldLeft]
    questions: list[Asked]


class HeldLeft(Model):
    sessions: int
    reached: int
    left: int


class Load(Model):
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
    loads: list[Load]
    weeks: list[MeetingWeek]
