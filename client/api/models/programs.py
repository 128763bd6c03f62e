"""What the operations of `programs` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api.model import Model, made_by
from client.api.models.shared import Promise


class Candidate(Model):
    """An open journey, and what moving it would mean."""

    journey: str
    learner: str
    stage: str
    kit: str
    becomes: Literal["moves", "stays", "cannot"]
    changes: list[str] = made_by(list)
    reason: str | None = None


class Checked(Model):
    passed: bool
    kit: KitName | None
    problems: list[Finding]


class CurrentVersion(Model):
    program: str
    version: str
    digest: str
    before: str
    changed: bool


class Diff(Model):
    old: str
    new: str
    differences: list[Difference]


class Difference(Model):
    whom: Literal["learner", "mentor", "ops", "all"]
    says: str
    before: str
    after: str


class Finding(Model):
    """A problem as programs are told it."""

    severity: Literal["error", "warning"]
    file: str
    line: int | None
    column: int | None
    field: str | None
    problem: str
    remedy: str


class Guide(Model):
    name: str
    title: str
    kind: Literal["text", "checklist", "template"]
    text: str
    used: str


class GuideRow(Model):
    name: str
    title: str
    kind: str
    used: str


class KitFiles(Model):
    """The files of a kit's folder, by their paths from there: `program.yaml`, and the Markdown files that it names."""

    files: dict[str, str]


class KitName(Model):
    program: str
    version: str
    digest: str


class Milestone(Model):
    id: str
    title: str
    criteria: list[str] = made_by(list)
    due: str
    reminders: list[str] = made_by(list)
    rework: str = "1 week"
    checklist: str | None = None


class MilestonesOfPathway(Model):
    pathway: str
    title: str
    milestones: list[Milestone]


class MovePreview(Model):
    """What moving open journeys to a version would mean at this moment."""

    program: str
    version: str
    digest: str
    as_of: datetime
    moves: int
    stays: int
    cannot: int
    journeys: list[Candidate]


class Program(Model):
    program: str
    title: str
    version: str
    digest: str
    published_at: datetime
    starts_at: datetime | None
    promise: Promise
    mentor_criteria: list[str]


class ProgramRow(Model):
    program: str
    title: str
    version: str
    digest: str
    published_at: datetime


class PublishedVersion(Model):
    program: str
    version: str
    digest: str
    new: bool
    current: str
    warnings: list[Finding]


class Question(Model):
    """One question of a form. Only a choice can route: what people write freely fits no list."""

    id: str
    ask: str
    kind: Literal["text", "number", "choice", "choices"] = "text"
    options: list[str] = made_by(list)
    tells: (
        Literal[
            "problem_type",
            "pace",
            "communication_style",
            "learning_style",
            "channel",
            "format",
            "confidence",
            "goals",
            "skills",
            "languages",
            "affiliation",
            "time_zone",
            "availability",
            "wishes",
            "never",
        ]
        | None
    ) = None
    required: bool = True


class Session(Model):
    id: str
    title: str
    purpose: str
    mode: Literal["cohort", "office_hours", "asynchronous", "guided_review", "hybrid"] = "hybrid"
    after: str
    length: str = "1 hour"
    reminders: list[str] = made_by(lambda: ["P1D"])
    goal: str | None = None
    artifact: str | None = None
    next_step: str | None = None
    preparation: str | None = None
    notes: str | None = None
    checklist: str | None = None


class SessionsOfPathway(Model):
    pathway: str
    title: str
    mentor_type: str
    sessions: list[Session]


class Version(Model):
    version: str
    digest: str
    published_at: datetime
    current: bool
