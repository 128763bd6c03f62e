"""What the operations of `capacity` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from client.api.model import Model


class Capacity(Model):
    program: str
    version: str
    kit: str
    at: datetime
    target: float
    limit: float
    weeks: list[str]
    mentors: list[MentorCapacity]
    forecast: list[WeekForecast]
    waiting: list[Waiting]
    on_waiting_list: int


class CapacityRecorded(Model):
    version: int
    mentors_over_limit: int
    mentors_under_used: int
    waiting: int


class CapacityReviewed(Model):
    """What the mentors of a program could take on, and what was asked of them, at this moment."""

    at: datetime
    review: str
    figures: Figures
    mentors_over_limit: int
    mentors_under_used: int


class Figures(Model):
    kit: str
    mentors: int
    places: int
    taken: int
    utilization: float
    over_limit: list[str]
    under_used: list[str]
    at_target: int
    forecast: list[WeekForecast]
    wait: Wait
    on_waiting_list: int


class MentorCapacity(Model):
    mentor: str
    name: str | None
    mentor_type: str | None
    utilization: Utilization
    free: int
    on_leave_until: datetime | None
    away: list[bool]


class Utilization(Model):
    """Of one mentor in one program; what they have in other programs counts where their own profile sets the limit."""

    places: int
    taken: int
    reserved: int
    minutes: int | None
    planned: list[int]
    share: float
    use: Literal["under_used", "below_target", "at_target", "over_limit"]


class Wait(Model):
    """Of those who wait for a mentor."""

    learners: int
    longest_days: int
    expected_days: int | None
    without_date: int


class Waiting(Model):
    """A learner who waits for a mentor."""

    journey: str
    learner: str
    pathway: str
    since: datetime
    expected_from: date | None


class WeekForecast(Model):
    """Minutes of all mentors of the program in one week."""

    week: str
    planned: int
    waiting: int
    available: int | None
