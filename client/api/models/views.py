"""What the operations of `views` take and answer."""

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


class CapacityReviewed(Model):
    """What the mentors of a program could take on, and what was asked of them, at this moment."""

    at: datetime
    review: str
    figures: Figures
    mentors_over_limit: int
    mentors_under_used: int


class CohortRow(Model):
    cohort: str
    program: str
    pathway: str
    number: int
    mentors: list[str]
    slot: str | None
    members: int
    least: int
    most: int
    sessions: int
    held: int
    next_session: str | None
    next_at: datetime | None
    refused: int
    told: bool
    closed_at: datetime | None


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


class GroupSession(Model):
    session: str
    title: str
    starts_at: datetime
    attendance: str | None
    came: int
    invited: int
    notes: bool
    follow_up: bool


class MentorCapacity(Model):
    mentor: str
    name: str | None
    mentor_type: str | None
    utilization: Utilization
    free: int
    on_leave_until: datetime | None
    away: list[bool]


class Roster(Model):
    cohort: str
    title: str
    program: str
    pathway: str
    mentors: list[str]
    mentor_names: list[str | None]
    slot: str | None
    least: int
    most: int
    sessions: list[GroupSession]
    members: list[RosterEntry]
    former: list[str]
    version: int
    told: bool
    closed_at: datetime | None


class RosterEntry(Model):
    learner: str
    name: str | None
    journey: str
    since: datetime
    stage: str | None
    paused: bool
    attendance: dict[str, str | None]
    refused: str | None
    refused_command: str | None


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
