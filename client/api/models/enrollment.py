"""What the operations of `enrollment` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from typing import Any

from client.api.model import Model


class EnrollingTally(Model):
    """The result of enrolling learners, or the preview of it."""

    taken: list[str] | None = None
    waiting: list[str] | None = None
    enrolled_before: list[str] | None = None
    waiting_before: list[str] | None = None
    ended_before: list[str] | None = None


class EnrollmentChanged(Model):
    events: list[str]
    recorded: list[dict[str, Any]]
    journeys: Started | None
    to_start: int
    bulk: str | None


class EnrollmentResult(Model):
    dry_run: bool
    enrollment: EnrollingTally
    journeys: Started | None
    to_start: int
    bulk: str | None


class EnrollmentRoll(Model):
    """Who has a place, who waits for one, and whose journey has ended, by id."""

    kit: str | None
    is_open: bool
    places: int | None
    enrolled: list[str]
    waiting: list[str]
    ended: list[str]


class EnrollmentStanding(Model):
    program: str
    is_open: bool
    places: int | None
    left: int | None
    enrolled: int
    waiting: int
    ended: int


class Newcomer(Model):
    """A learner. With a name they are stored; by the id alone they are enrolled as they are known."""

    email: str | None = None
    time_zone: str | None = None
    id: str
    name: str | None = None
    answers: dict[str, str | float | list[str]] | None = None


class Started(Model):
    """The result, by journey."""

    begun: list[str] | None = None
    running: list[str] | None = None
    ended: list[str] | None = None
    answered: list[str] | None = None
    partly_answered: list[str] | None = None
    failed: dict[str, str] | None = None


class WaitingLearner(Model):
    learner: str
    place: int


class WaitingList(Model):
    waiting: list[WaitingLearner]
    next: int | None
