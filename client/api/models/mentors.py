"""What the operations of `mentors` take and answer."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from client.api.model import Model, made_by
from client.api.models.shared import MeetingOutput


class Check(Model):
    """Something that was verified about a mentor, such as `background` or `safeguarding`."""

    check: str
    valid_until: date | None = None


class Leave(Model):
    """The mentor meets nobody from `starts_at` until `ends_at`."""

    starts_at: datetime
    ends_at: datetime


class LeaveChanged(Model):
    mentor: str
    version: int
    changes: list[str]
    sessions: list[SessionInLeave]


class Load(Model):
    mentor: str
    program: str
    learners: int
    ever: int
    busiest_since: datetime | None


class Mentor(Model):
    mentor: str
    name: str | None
    email: str | None
    programs: list[str] | None
    profile: MentorProfile
    leave: list[Leave]


class MentorAdded(Model):
    mentor: str
    name: str
    new: bool
    person: list[str]
    profile: list[str]


class MentorChanged(Model):
    mentor: str
    version: int
    changes: list[str]


class MentorDay(Model):
    mentor: str
    name: str | None
    day: date
    time_zone: str
    leave: Leave | None
    sees: list[Seen]
    office_hours: list[OfficeHoursToday]
    coming: list[Seen]
    owes: list[Owed]
    checks: list[Check]
    learners: int
    left_out: int
    as_of: datetime


class MentorProfile(Model):
    """The same, with what the program has established about them."""

    mentor_type: str | None = None
    places: int | None = None
    minutes_a_week: int | None = None
    expertise: list[str] = made_by(list)
    ideal_learner: list[str] = made_by(list)
    pace: list[str] = made_by(list)
    session_style: list[str] = made_by(list)
    learning_style: list[str] = made_by(list)
    channel: list[str] = made_by(list)
    format: list[str] = made_by(list)
    outcomes: list[str] = made_by(list)
    supports_from: int | None = None
    skills: list[str] = made_by(list)
    languages: list[str] = made_by(list)
    affiliation: list[str] = made_by(list)
    time_zone: str | None = None
    availability: list[str] = made_by(list)
    wishes: list[str] = made_by(list)
    never: list[str] = made_by(list)
    onboarded_on: date | None = None
    checks: list[Check] = made_by(list)


class MentorsImported(Model):
    mentors: int
    new: int
    changed: int
    dry_run: bool
    changes: list[MentorAdded]


class OfficeHoursToday(Model):
    office_hours: str
    program: str
    purpose: str
    starts_at: datetime
    starts_there: datetime
    ends_at: datetime
    seats: int
    names: list[str]


class Owed(Model):
    """Something that the mentor is awaited to do."""

    journey: str
    program: str
    learner: str
    name: str
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
    since: datetime
    due_at: datetime
    late: bool
    rule: str
    cohort: str | None


class Seen(Model):
    """Somebody whom the mentor meets."""

    journey: str
    program: str
    learner: str
    name: str
    ends_at: datetime
    meeting: MeetingOutput
    before: str
    cohort: str | None


class SessionInLeave(Model):
    journey: str
    session: str
    starts_at: datetime
    title: str
    learner: str
    name: str
    cohort: str | None


class Window(Model):
    """The same hours on some days of the week. `start` and `end` are minutes from midnight, at most 1,440."""

    days: list[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]]
    start: int
    end: int
