"""What the operations of `cohorts` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model
from client.api.models.shared import NextStepInput


class CameOtherwise(Model):
    """How a session went for one learner, where it is not what is said of the group."""

    learner: str
    attendance: Literal[
        "attended", "late", "missed_by_learner", "missed_by_mentor", "cancelled_in_time", "cancelled_late"
    ]
    notes: str = ""


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


class FollowUpOfOne(Model):
    """What one learner is sent instead of what the group is sent."""

    learner: str
    summary: str
    next_steps: list[NextStepInput]


class GroupSession(Model):
    session: str
    title: str
    starts_at: datetime
    attendance: str | None
    came: int
    invited: int
    notes: bool
    follow_up: bool


class GroupsFormed(Model):
    program: str
    formed: bool
    learners: int
    groups: list[ProposedGroup]
    unplaced: list[Unplaced]


class PlannedSession(Model):
    session: str
    starts_at: datetime


class ProposedGroup(Model):
    cohort: str | None
    pathway: str
    mentors: list[str]
    members: list[str]
    slot: str | None
    common: list[str]
    sessions: list[PlannedSession]
    unsuited: list[Unsuited]


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


class Told(Model):
    """What came of a command."""

    cohort: str
    events: list[str]
    version: int
    told: bool
    refused: dict[str, str]
    members: int


class Unplaced(Model):
    learner: str
    why: Literal["too_few_alike", "no_common_hours", "no_mentor", "version_without_groups"]
    words: str


class Unsuited(Model):
    """Somebody who cannot come to a session of their group, by the hours that they gave."""

    who: str
    session: str
    local: str
