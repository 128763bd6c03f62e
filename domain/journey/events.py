"""What can happen on a journey. Each event says what it means to the people, and what may still follow."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from domain.ids import CaseId, KitDigest, LearnerId, MentorId, MilestoneId, PathwayId, ProgramId, SessionId
from domain.kit import Duty, Severity
from domain.values import STORABLE, Event, Frozen, Personal, PersonalMark, Repaired

_Text = Annotated[str, STORABLE]
_Number = Annotated[float, Field(strict=True)]  # or `true` would be read as the number 1
Answer = _Text | _Number | tuple[_Text, ...]
Answers = Annotated[Mapping[str, Answer], PersonalMark()]
Attendance = Literal["attended", "late", "missed_by_learner", "missed_by_mentor", "cancelled"]
Verdict = Literal["passed", "returned", "failed"]
Ending = Literal["completed", "withdrawn", "declined", "ended_early"]
Role = Literal["learner", "mentor", "ops"]
Score = Annotated[float, Field(ge=0, le=100)]


class PlannedSession(Frozen):
    session: SessionId
    starts_at: AwareDatetime
    attendance_due_at: AwareDatetime


class PlannedMilestone(Frozen):
    milestone: MilestoneId
    due_at: AwareDatetime


class JourneyStarted(Event):
    """A learner set out. The kit is fixed from here on; the learner is awaited to fill in the intake."""

    type: ClassVar[str] = "journey.started"
    program: ProgramId
    learner: LearnerId
    kit: KitDigest
    intake_due_at: AwareDatetime


class IntakeSubmitted(Event):
    """The learner told us about themselves. A person now reads it, within the service level."""

    type: ClassVar[str] = "journey.intake_submitted"
    answers: Answers
    review_due_at: AwareDatetime


class MoreInformationRequested(Event):
    """The reader could not decide yet. The learner is awaited again; nothing they sent is lost."""

    type: ClassVar[str] = "journey.more_information_requested"
    reason: Personal
    intake_due_at: AwareDatetime


class IntakeApproved(Event):
    """A person read the intake and chose the pathway. A mentor is wanted, within the service level."""

    type: ClassVar[str] = "journey.intake_approved"
    pathway: PathwayId
    match_due_at: AwareDatetime


class MentorMatched(Event):
    """A mentor takes this learner on. A match made later replaces the mentor and moves no date."""

    type: ClassVar[str] = "journey.mentor_matched"
    mentor: MentorId
    reason: Personal = ""


class PathwayStarted(Event):
    """The work begins: every session and milestone has its date. They move only by a reschedule or a pause."""

    type: ClassVar[str] = "journey.pathway_started"
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    sessions: tuple[PlannedSession, ...]
    milestones: tuple[PlannedMilestone, ...]


class SessionRescheduled(Event):
    """The session has another time; its reminders start over."""

    type: ClassVar[str] = "journey.session_rescheduled"
    session: SessionId
    starts_at: AwareDatetime
    attendance_due_at: AwareDatetime


class AttendanceRecorded(Event):
    """It is known how a session went. Misses in a row may set off an escalation."""

    type: ClassVar[str] = "journey.attendance_recorded"
    session: SessionId
    attendance: Attendance
    notes: Personal = ""


class MilestoneSubmitted(Event):
    """The learner handed in their work. A mentor now reviews it, within the service level."""

    type: ClassVar[str] = "journey.milestone_submitted"
    milestone: MilestoneId
    attempt: int
    review_due_at: AwareDatetime


class MilestoneDeadlineMissed(Event):
    """The day came and nothing was handed in. It may still be, late, until the journey closes."""

    type: ClassVar[str] = "journey.milestone_deadline_missed"
    milestone: MilestoneId
    attempt: int


class MilestoneReviewed(Event):
    """A person judged the work. Returned work has another attempt, due at `due_at`; the other verdicts settle it."""

    type: ClassVar[str] = "journey.milestone_reviewed"
    milestone: MilestoneId
    attempt: int
    verdict: Verdict
    score: Score | None = None
    feedback: Personal = ""
    due_at: AwareDatetime | None = None


class ReminderFellDue(Event):
    """It is time to remind somebody of what they are awaited for. Once for each reminder of the kit."""

    type: ClassVar[str] = "journey.reminder_fell_due"
    rule: str
    about: str
    duty: Duty
    to: Role


class ActivitySeen(Event):
    """The learner was active after all, later than the journey knew: the inactivity clock counts from there."""

    type: ClassVar[str] = "journey.activity_seen"
    last_active_at: AwareDatetime


class Nudged(Event):
    """An escalation rule came true and asks for a friendly word, not for a person's time."""

    type: ClassVar[str] = "journey.nudged"
    rule: str
    about: str
    to: Role


class CaseOpened(Event):
    """An escalation rule came true and a person is wanted: the owner answers by `respond_by`."""

    type: ClassVar[str] = "journey.case_opened"
    case: CaseId
    rule: str
    about: str
    severity: Severity
    owner: Role
    respond_by: AwareDatetime


class CaseResolved(Event):
    """A person dealt with the case and said how."""

    type: ClassVar[str] = "journey.case_resolved"
    case: CaseId
    resolution: Personal


class WrapUpStarted(Event):
    """The pathway is over, by its end or because all of it is settled. The closing conversation is wanted."""

    type: ClassVar[str] = "journey.wrap_up_started"
    reason: Literal["all_settled", "pathway_ended"]
    due_at: AwareDatetime


class OutcomeRecorded(Event):
    """What became of it: an interview, a job, a result. May come long after the journey closed."""

    type: ClassVar[str] = "journey.outcome_recorded"
    kind: str
    value: Personal


class JourneyPaused(Event):
    """The clocks stand still until somebody resumes, or `until`, whichever is first."""

    type: ClassVar[str] = "journey.paused"
    reason: Personal
    until: AwareDatetime


class JourneyResumed(Event):
    """The clocks run again, and every open deadline lies later by the length of the pause."""

    type: ClassVar[str] = "journey.resumed"
    paused_for: timedelta


class JourneyClosed(Event):
    """The journey is over. Open cases close with it; only outcomes can still be added."""

    type: ClassVar[str] = "journey.closed"
    ending: Ending
    reason: Personal


class CommandRejected(Event):
    """Somebody asked for what could not be done. Nothing changed; the reason is for the one who asked, and repeats at
    most the ids that they gave, never their text."""

    type: ClassVar[str] = "journey.command_rejected"
    command: Annotated[str, Repaired]
    reason: Annotated[str, Repaired]


JourneyEvent = (
    JourneyStarted
    | IntakeSubmitted
    | MoreInformationRequested
    | IntakeApproved
    | MentorMatched
    | PathwayStarted
    | SessionRescheduled
    | AttendanceRecorded
    | MilestoneSubmitted
    | MilestoneDeadlineMissed
    | MilestoneReviewed
    | ReminderFellDue
    | ActivitySeen
    | Nudged
    | CaseOpened
    | CaseResolved
    | WrapUpStarted
    | OutcomeRecorded
    | JourneyPaused
    | JourneyResumed
    | JourneyClosed
    | CommandRejected
)
