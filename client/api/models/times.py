"""What the operations of `times` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime

from client.api.model import Model


class Moment(Model):
    """The same time on three clocks, each with its offset from UTC."""

    starts_at: datetime
    ends_at: datetime
    for_mentor: datetime
    for_learner: datetime


class Obstacle(Model):
    side: str
    rule: str
    words: str
    excluded: int
    without_it: int


class OfficeHoursAhead(Model):
    office_hours: str
    mentor: str
    name: str
    program: str
    purpose: str
    starts_at: datetime
    ends_at: datetime
    there: datetime
    seats: int
    left: int
    learners: list[str]
    has_seat: bool
    suits: bool | None


class Side(Model):
    id: str
    name: str
    time_zone: str
    hours: list[str]


class Times(Model):
    journey: str
    session: str
    title: str
    present: Moment
    length_minutes: int
    mentor: Side
    learner: Side
    offered: list[Moment]
    suitable: int
    considered: int
    horizon_ends_at: datetime
    remarks: list[str]
    obstacles: list[Obstacle]
