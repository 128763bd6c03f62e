"""What the operations of `bulk` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from client.api.model import Model, made_by


class BulkFilter(Model):
    """The filters of the board. A journey must match all that are given, and something must be given."""

    program: str | None = None
    stage: str | None = None
    segment: str | None = None
    pathway: str | None = None
    cohort: str | None = None
    waiting_for: str | None = None
    waiting_on: Literal["learner", "mentor", "ops"] | None = None
    mentor: str | None = None
    learner: str | None = None
    attention: Literal["notice", "warning", "critical"] | None = None
    flag: str | None = None
    paused: bool | None = None
    open: bool | None = None
    overdue: bool = False
    """Only journeys where something is overdue."""
    journeys: list[str] = made_by(list)


class BulkJourneys(Model):
    journeys: list[ItemRow]
    next: int | None


class BulkPage(Model):
    rows: list[BulkRow]
    next: str | None


class BulkPlan(Model):
    """What would be done, and what would come of it. Nothing is done until it is confirmed, within a day."""

    id: str
    digest: str
    action: Literal["command", "reassign", "start"]
    command: str | None
    journeys: int
    programs: list[str]
    rate: float
    seconds: float
    examined: int
    expected: ExpectedOutcomes
    refusals: list[ExpectedRefusals]
    sample: list[SampleJourney]


class BulkRefusals(Model):
    """Why journeys refused."""

    code: str
    journeys: int
    example: str


class BulkRow(Model):
    id: str
    action: Literal["command", "reassign", "start"]
    command: str | None
    programs: list[str]
    journeys: int
    rate: float
    status: Literal["planned", "running", "paused", "stopped", "finished"]
    by: str
    planned_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    done: int
    unchanged: int
    refused: int
    unanswered: int


class BulkShown(Model):
    """A bulk action, and how far it has come."""

    id: str
    version: int
    action: Literal["command", "reassign", "start"]
    command: str | None
    status: Literal["planned", "running", "paused", "stopped", "finished"]
    programs: list[str]
    filter: dict[str, str | bool]
    mentors: list[str]
    journeys: int
    digest: str
    rate: float
    by: str
    planned_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    reason: str
    content: str
    outcomes: Outcomes
    left: int
    refusals: list[BulkRefusals]


class ExpectedOutcomes(Model):
    """What would come of it, if it were done now."""

    done: int
    unchanged: int
    refused: int


class ExpectedRefusals(Model):
    """Journeys that would refuse it for the same reason."""

    code: str
    journeys: int
    example: str
    says: str | None


class ItemRow(Model):
    number: int
    journey: str
    program: str
    learner: str
    command: str | None
    mentor: str | None
    attempts: int
    outcome: Literal["done", "unchanged", "refused", "unanswered"] | None
    code: str | None
    says: str | None
    events: list[str]
    at: datetime | None


class MoveAllToKit(Model):
    """Another version of the kit for every journey. The filter names the program."""

    action: Literal["move_to_kit"]
    to: str
    """The version, or its digest."""
    reason: str


class Outcomes(Model):
    """How many journeys had which outcome."""

    done: int = 0
    unchanged: int = 0
    refused: int = 0
    unanswered: int = 0


class ReassignAll(Model):
    """Another mentor for every journey: the first of these who has room, one after the other."""

    action: Literal["reassign"]
    to: list[str]
    reason: str


class SampleJourney(Model):
    """One of the journeys."""

    journey: str
    learner: str
    stage: str | None
    becomes: Literal["done", "unchanged", "refused"]
    mentor: str | None
    code: str | None
    says: str | None


class SendToAll(Model):
    """The same command for every journey."""

    action: Literal["command"]
    command: str
    fields: dict[str, Any] = made_by(dict)


class WriteToAll(Model):
    """A message to the learner or the mentor of every journey."""

    action: Literal["message"]
    to: Literal["learner", "mentor"] = "learner"
    subject: str
    text: str
