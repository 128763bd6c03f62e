"""What the operations of `times` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime

from client.api.model import Model


class BookedTime(Model):
    journey: str
    session: str
    title: str
    mentor: str
    starts_at: datetime
    ends_at: datetime
    new: bool


class CommonTimes(Model):
    program: str
    time_zone: str
    weeks: int
    length_minutes: int
    times: list[WeeklyTime]
    said_nothing: list[str]


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


class Unsuitable(Model):
    """Somebody for whom a time does not suit, at least not always."""

    id: str
    name: str
    leads: bool
    misses: int
    words: str


class WeeklyTime(Model):
    day: str
    time: str
    meetings: list[datetime]
    suits: int
    members: int
    unsuitable: list[Unsuitable]
