"""What can be asked of a journey.

The commands of people are known by their names, the same by signal, update, CLI and HTTP. Those of timers and effects
have no name that anybody could call.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import AwareDatetime, Field

from domain.ids import SLUG, CaseId, KitDigest, LearnerId, MentorId, MilestoneId, PathwayId, ProgramId, SessionId
from domain.journey.events import Answers, Attendance, Role, Score, Verdict
from domain.kit import Duty
from domain.values import STORABLE, Actor, Frozen, Personal


class Command(Frozen):
    by: Actor = "ops"


class NamedCommand(Command):
    """A command that people and other systems give."""

    name: ClassVar[str]


class SubmitIntake(NamedCommand):
    """Send the filled-in intake form."""

    name: ClassVar[str] = "submit_intake"
    answers: Answers = Field(default_factory=dict)


class ReviewIntake(NamedCommand):
    """Approve an intake, ask for more information, or decline with a reason."""

    name: ClassVar[str] = "review_intake"
    verdict: Literal["approve", "more_information", "decline"]
    pathway: PathwayId | None = None
    """With `approve`: another pathway than the one that the answers lead to."""
    reason: Personal = ""


class ApproveMatch(NamedCommand):
    """Give the learner this mentor; during the sessions: instead of the one they have."""

    name: ClassVar[str] = "approve_match"
    mentor: Annotated[MentorId, SLUG]
    reason: Personal = ""


class RescheduleSession(NamedCommand):
    """Move a session that has not been held to another time."""

    name: ClassVar[str] = "reschedule_session"
    session: SessionId
    starts_at: AwareDatetime


class RecordAttendance(NamedCommand):
    """Say how a session went."""

    name: ClassVar[str] = "record_attendance"
    session: SessionId
    attendance: Attendance
    notes: Personal = ""


class SubmitMilestone(NamedCommand):
    """Hand in the work for a milestone."""

    name: ClassVar[str] = "submit_milestone"
    milestone: MilestoneId


class ReviewMilestone(NamedCommand):
    """Judge the work that was handed in."""

    name: ClassVar[str] = "review_milestone"
    milestone: MilestoneId
    verdict: Verdict
    score: Score | None = None
    feedback: Personal = ""


class ResolveCase(NamedCommand):
    """Say how an escalation case was dealt with."""

    name: ClassVar[str] = "resolve_case"
    case: CaseId
    resolution: Personal = Field(min_length=1)


class CompleteWrapUp(NamedCommand):
    """Close the journey after the closing conversation."""

    name: ClassVar[str] = "complete_wrap_up"
    reason: Personal = ""


class RecordOutcome(NamedCommand):
    """Add what became of it; also after the journey has closed."""

    name: ClassVar[str] = "record_outcome"
    kind: Annotated[str, STORABLE] = Field(min_length=1, max_length=60)
    value: Personal = Field(min_length=1)


class Pause(NamedCommand):
    """Stop the clocks, at most for as long as the kit allows."""

    name: ClassVar[str] = "pause"
    reason: Personal = Field(min_length=1)
    until: AwareDatetime | None = None


class Resume(NamedCommand):
    """Let the clocks run again; every open deadline moves by the length of the pause."""

    name: ClassVar[str] = "resume"


class Withdraw(NamedCommand):
    """End the journey because the learner leaves."""

    name: ClassVar[str] = "withdraw"
    reason: Personal = Field(min_length=1)


class EndEarly(NamedCommand):
    """End the journey because the program decides so."""

    name: ClassVar[str] = "end_early"
    reason: Personal = Field(min_length=1)


class StartJourney(Command):
    """Begin. Given once, by the workflow, before anything else."""

    program: ProgramId
    learner: Annotated[LearnerId, SLUG]
    kit: KitDigest


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerCommand:
    """What a timer asks for. Made by the thousand from what is already known to be right, so nothing is validated."""

    by: Actor = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind(TimerCommand):
    rule: str
    about: str
    duty: Duty
    to: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate(TimerCommand):
    escalation: str
    """The id of the rule in the kit."""
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MissDeadline(TimerCommand):
    milestone: MilestoneId


class GiveUpIntake(TimerCommand): ...


class EndPathway(TimerCommand): ...


class CloseAtEnd(TimerCommand): ...


class ReportActivity(Command):
    """The answer to a check of the learner's activity; None: never seen."""

    by: Actor = "system"
    last_active_at: AwareDatetime | None


PersonCommand = (
    SubmitIntake
    | ReviewIntake
    | ApproveMatch
    | RescheduleSession
    | RecordAttendance
    | SubmitMilestone
    | ReviewMilestone
    | ResolveCase
    | CompleteWrapUp
    | RecordOutcome
    | Pause
    | Resume
    | Withdraw
    | EndEarly
)
ClockCommand = Remind | Escalate | MissDeadline | GiveUpIntake | EndPathway | CloseAtEnd | Resume
JourneyCommand = StartJourney | PersonCommand | ClockCommand | ReportActivity

COMMANDS: dict[str, type[PersonCommand]] = {command.name: command for command in get_args(PersonCommand)}
"""Every command that people can give, by name. A new one is a class, a place in the union, and a case in `decide`."""
