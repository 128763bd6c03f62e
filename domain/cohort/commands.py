"""What can be asked of a group."""

from typing import Annotated

from pydantic import Field

from domain.cohort.events import MEMBERS_AN_EVENT, CameOtherwise, Entrant, FollowUpOfOne, PlannedSession, Refusal
from domain.cohort.slots import Slot
from domain.ids import SLUG, KitDigest, LearnerId, MentorId, PathwayId, ProgramId, SessionId
from domain.journey.bases import CorrectableCommand, NamedCommand
from domain.journey.follow_ups import NextStep
from domain.journey.terms import Answers, Attendance
from domain.values import Frozen, Instant, Personal, Whole

_Mentors = tuple[Annotated[MentorId, SLUG], ...]
_Session = Annotated[SessionId, SLUG]


class FormCohort(NamedCommand):
    """Form a group, with its sessions planned and its first members."""

    program: Annotated[ProgramId, SLUG]
    kit: KitDigest
    pathway: Annotated[PathwayId, SLUG]
    number: Whole = Field(ge=1)
    mentors: _Mentors = Field(min_length=1, max_length=2)
    slot: Slot | None = None
    sessions: tuple[PlannedSession, ...] = Field(max_length=100)
    members: tuple[Entrant, ...] = Field(max_length=MEMBERS_AN_EVENT)


class AddMembers(NamedCommand):
    """Let further learners join. Members are skipped, unless their journey refused to join."""

    members: tuple[Entrant, ...] = Field(min_length=1, max_length=MEMBERS_AN_EVENT)


class RemoveMember(NamedCommand):
    learner: Annotated[LearnerId, SLUG]
    reason: Personal = ""


class MoveSession(NamedCommand):
    session: _Session
    starts_at: Instant


class RecordAttendance(CorrectableCommand):
    """Say once for the whole group how a session went; `exceptions` are those for whom it went otherwise."""

    session: _Session
    attendance: Attendance = "attended"
    notes: Personal = ""
    exceptions: tuple[CameOtherwise, ...] = Field(default=(), max_length=MEMBERS_AN_EVENT)


class RecordNotes(CorrectableCommand):
    """Write down once what happened in a session, in the form that the kit gives."""

    session: _Session
    answers: Answers


class SendFollowUp(CorrectableCommand):
    """Leave all who came with a summary and next steps; `exceptions` get their own instead."""

    session: _Session
    summary: Personal = Field(min_length=1)
    next_steps: tuple[NextStep, ...] = Field(min_length=1, max_length=20)
    exceptions: tuple[FollowUpOfOne, ...] = Field(default=(), max_length=MEMBERS_AN_EVENT)


class ReplaceMentor(NamedCommand):
    mentor: Annotated[MentorId, SLUG]
    """Who leads it no more."""
    replacement: Annotated[MentorId, SLUG]
    reason: Personal = ""


class RetryRefused(NamedCommand):
    """Tell the journey of a member again what it has refused; one that refused to join is asked to join again."""

    learner: Annotated[LearnerId, SLUG]


class DismissRefused(NamedCommand):
    """Declare what the journey of a member has refused dealt with."""

    learner: Annotated[LearnerId, SLUG]
    reason: Personal = ""


class CloseCohort(NamedCommand):
    reason: Personal = ""


class ReportTold(Frozen):
    """The journeys of members have been told what happened up to this version."""

    version: int
    refusals: tuple[Refusal, ...] = ()
    """Of the event at this version."""
    by: str = "system"


class CorrectRoster(Frozen):
    """The journey of a member has another attendance than the group."""

    session: _Session
    learner: Annotated[LearnerId, SLUG]
    attendance: Attendance | None
    version: int
    """Of the group, with which the journey was compared: at another one it is to be compared again."""
    by: str = "system"


Command = (
    FormCohort
    | AddMembers
    | RemoveMember
    | MoveSession
    | RecordAttendance
    | RecordNotes
    | SendFollowUp
    | ReplaceMentor
    | RetryRefused
    | DismissRefused
    | CloseCohort
    | ReportTold
    | CorrectRoster
)
