"""What the operations of `journeys` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from client.api.model import Model, made_by
from client.api.models.shared import Answered, CommandResult, MeetingOutput, RiskFlag


class Attempt(Model):
    nth: int
    handed_in_at: datetime | None = None
    link: str = ""
    note: str = ""
    verdict: Literal["passed", "returned", "failed"] | None = None
    score: float | None = None
    feedback: str = ""
    corrected: str = ""


class Attention(Model):
    items: list[Item]
    totals: list[AttentionTally]


class AttentionTally(Model):
    program: str
    open_cases: int
    overdue: int


class Awaited(Model):
    """Something that somebody is to do. Late after `due_at`, by the rule that says so.

    Never changed once it is made. Not frozen, as making a frozen one takes twice the time.
    """

    duty: Literal[
        "intake",
        "intake_review",
        "match",
        "offer",
        "preparation",
        "attendance",
        "notes",
        "follow_up",
        "action_item",
        "check_in",
        "milestone",
        "milestone_review",
        "wrap_up",
        "case",
        "remedy",
    ]
    about: str
    who: Literal["learner", "mentor", "ops"]
    since: datetime
    due_at: datetime
    rule: str


class BoardPage(Model):
    rows: list[BoardRow]
    next: str | None


class BoardRow(Model):
    journey: str
    program: str
    learner: str
    stage: str
    stage_since: datetime
    pathway: str | None
    segment: str | None
    mentor: str | None
    paused_until: datetime | None
    ending: str | None
    attention: Literal["notice", "warning", "critical"] | None
    open_cases: int
    waiting_for: str | None
    about: str | None
    waiting_on: Literal["learner", "mentor", "ops"] | None
    awaited: list[str]
    since: datetime | None
    due_at: datetime | None
    due_rule: str | None
    next_at: datetime | None
    next_rule: str | None
    next_label: str | None
    version: int
    cohort: str | None
    flags: list[str]


class Case(Model):
    case: str
    rule: str
    about: str
    severity: Literal["notice", "warning", "critical"]
    owner: Literal["learner", "mentor", "ops"]
    step: int = 0
    opened_at: datetime
    since: datetime
    respond_by: datetime
    given: str
    turn: int = 1
    acknowledged: bool = False
    snoozed_until: datetime | None = None
    handed_on: bool = False


class ComingTimer(Model):
    journey: str
    program: str
    learner: str
    mentor: str | None
    place: int
    at: datetime
    rule: str
    label: str
    does: str
    stopped_by: Literal["learner", "mentor", "ops"]


class Confidence(Model):
    given: int
    at: datetime


class HandledCommand(Model):
    """One command that was handled, with its events."""

    at: datetime
    version: int
    events: list[str]
    by: str | None
    command: str | None
    rule: str | None
    source: str
    said: list[Words] = made_by(list)
    refused: bool = False


class Item(Model):
    journey: str
    program: str
    learner: str
    mentor: str | None
    kind: Literal["case", "duty"]
    about: str
    duty: str
    who: Literal["learner", "mentor", "ops"]
    grave: int
    since: datetime
    due_at: datetime
    rule: str


class JourneyStarted(Model):
    journey: str
    program: str
    learner: str
    started: bool
    intake: CommandResult | None
    answered: Literal["answered", "partly_answered"] | None


class Meetings(Model):
    journey: str
    learner: str
    name: str
    time_zone: str
    sessions: list[MeetingOutput]
    flags_before: list[RiskFlag]
    as_of: datetime


class Milestones(Model):
    passed: int
    in_review: int
    open: int
    overdue: int
    failed: int
    waived: int


class Named(Model):
    id: str
    name: str


class OpenDuty(Model):
    """A duty that somebody has now."""

    duty: Literal[
        "intake",
        "intake_review",
        "match",
        "offer",
        "preparation",
        "attendance",
        "notes",
        "follow_up",
        "action_item",
        "check_in",
        "milestone",
        "milestone_review",
        "wrap_up",
        "case",
        "remedy",
    ]
    says: str
    title: str | None
    about: str
    who: Literal["learner", "mentor", "ops"]
    since: datetime
    due_at: datetime
    rule: str
    source: str
    said: list[Words]
    commands: list[str]


class Profile(Model):
    journey: str
    learner: Named
    time_zone: str | None
    attributes: dict[str, Any]
    program: str
    stage: str
    paused_until: datetime | None
    ending: str | None
    intake: list[Answered]
    segment: Named | None
    pathway: Named | None
    mentor: Named | None
    progress: Progress
    work: list[Work]
    as_of: datetime


class Progress(Model):
    sessions: Sessions
    milestones: Milestones
    last_seen_at: datetime | None
    active_days: int | None
    confidence: Confidence | None
    outcomes: list[RecordedOutcome]


class RecordedOutcome(Model):
    kind: str
    value: str
    at: datetime


class RuleStanding(Model):
    rule: str
    source: str
    says: str
    standing: Literal["fired", "scheduled", "over", "not_met"]
    at: datetime | None
    because: str
    version: int | None
    near: bool = False


class SavedViewShown(Model):
    id: str
    name: str
    query: str
    program: str | None
    shared: bool
    owner: str
    mine: bool
    saved_at: datetime


class Sessions(Model):
    held: int
    missed: int
    called_off: int
    to_come: int
    not_told: int


class Status(Model):
    """The answer to the query `status`: the present state of a journey, and what comes next."""

    journey: str
    program: str
    learner: str
    kit: str
    version: int
    stage: Literal["intake", "matching", "sessions", "wrap_up", "closed"]
    since: datetime
    paused_until: datetime | None
    mentor: str | None
    attention: Literal["notice", "warning", "critical"] | None
    awaited: list[Awaited]
    timers: list[Upcoming]
    cases: list[Case]
    ending: Literal["completed", "withdrawn", "declined", "ended_early"] | None
    as_of: datetime
    waiting_orders: int


class TimelineEntry(Model):
    version: int
    at: datetime
    type: str
    words: str
    by: str | None
    command: str | None
    rule: str | None
    refused: bool


class Upcoming(Model):
    """A timer: `rule` is the place in the kit that sets it, `what` says in words what will happen."""

    at: datetime
    rule: str
    what: str
    stopped_by: Literal["learner", "mentor", "ops"]


class UpcomingTimer(Model):
    """A timer that will fire."""

    at: datetime
    says: str
    label: str
    rule: str
    source: str
    stopped_by: Literal["learner", "mentor", "ops"]


class Why(Model):
    journey: str
    program: str
    version: str
    kit: str
    stage: str
    since: datetime
    paused_until: datetime | None
    ending: str | None
    waits: list[OpenDuty]
    comes: list[UpcomingTimer]
    last: HandledCommand
    refused: list[HandledCommand]
    commands: list[str]
    as_of: datetime


class Words(Model):
    what: str
    text: str
    at: datetime
    by: str | None


class Work(Model):
    milestone: str
    title: str
    status: Literal["open", "submitted", "passed", "failed", "waived"]
    due_at: datetime
    attempts: list[Attempt]
    waived: str


class WrittenEntry(Model):
    version: int
    at: datetime
    type: str
    words: str
    by: str | None
    command: str | None
    rule: str | None
    refused: bool
    details: dict[str, Any]
    said: list[Words]
