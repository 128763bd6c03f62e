"""What can be asked of a journey.

The commands of people are known by their names, the same by signal, update, CLI and HTTP. Those of timers and effects
have no name that anybody could call.
"""

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, Self, get_args

from pydantic import Field, StringConstraints, ValidationInfo, model_validator

from domain.ids import SLUG, CaseId, KitDigest, LearnerId, MentorId, MilestoneId, PathwayId, ProgramId, SessionId, Slug
from domain.journey.events import Answers, Attendance, Verdict
from domain.kit import Duty, Kit, Remedy, Role
from domain.limits import MAX_COMMAND_BYTES
from domain.values import AS_BEFORE, STORABLE, Actor, Frozen, Instant, Number, Personal, StoredInstant, Truth, Whole


class Command(Frozen):
    by: Actor = "ops"


class NamedCommand(Command):
    """A command that people and other systems give. As a whole it is smaller than an event may be."""

    name: ClassVar[str]
    by: Annotated[Actor, StringConstraints(max_length=128)] = "ops"

    @model_validator(mode="after")
    def _fits_into_the_log(self, info: ValidationInfo) -> Self:
        if info.context == AS_BEFORE:
            return self
        size = len(self.model_dump_json().encode())
        if size > MAX_COMMAND_BYTES:
            raise ValueError(
                f"the command has {size:,} bytes as JSON, and at most {MAX_COMMAND_BYTES:,} can be recorded; "
                "shorten its texts"
            )
        return self


class CorrectableCommand(NamedCommand):
    """A command that can also correct what it said before."""

    corrects: Truth = False
    """Take the place of what is recorded; `reason` says why."""
    reason: Personal = ""
    """Why what is recorded is corrected."""


class SubmitIntake(NamedCommand):
    """Send the filled-in intake form, or with `partial` some answers of it."""

    name: ClassVar[str] = "submit_intake"
    answers: Answers = Field(default_factory=dict)
    partial: Truth = False
    """Keep these answers; the rest, and sending the form in, is still awaited. Answers given so count as if sent in
    with the form."""


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


class ChoosePathway(NamedCommand):
    """Put the learner on another pathway than the one chosen at the intake; before there is a mentor."""

    name: ClassVar[str] = "choose_pathway"
    pathway: PathwayId
    reason: Personal = Field(min_length=1)


class OfferMatch(NamedCommand):
    """Propose a mentor to those whom the kit asks."""

    name: ClassVar[str] = "offer_match"
    mentor: Annotated[MentorId, SLUG]
    reason: Personal = ""


class AnswerOffer(NamedCommand):
    """Accept an offered match, decline it, or ask for more information."""

    name: ClassVar[str] = "answer_offer"
    answer: Literal["accept", "decline", "more_information"]
    who: Literal["mentor", "learner"] | None = None
    """For whom ops answer; others answer for themselves."""
    reason: Personal = ""


class ReleaseMentor(NamedCommand):
    """Take the mentor off this journey; another is wanted."""

    name: ClassVar[str] = "release_mentor"
    reason: Personal = Field(min_length=1)
    handover: Personal = ""
    """What the next mentor should know."""


class PrepareSession(NamedCommand):
    """Say before a session what it should be about; given again, the later counts."""

    name: ClassVar[str] = "prepare_session"
    session: SessionId
    answers: Answers = Field(default_factory=dict)
    """In the form of the kit's template, where it has one."""
    goal: Personal = ""
    """The learner's own for this session."""
    artifact: Personal = ""
    """What they bring for review: a link, or words that say where it is."""


class RescheduleSession(NamedCommand):
    """Move a session that has not been held to another time."""

    name: ClassVar[str] = "reschedule_session"
    session: SessionId
    starts_at: Instant


class RecordAttendance(CorrectableCommand):
    """Say how a session went."""

    name: ClassVar[str] = "record_attendance"
    session: SessionId
    attendance: Attendance
    notes: Personal = ""


class WriteNotes(CorrectableCommand):
    """Write down what happened in a session, in the form that the kit gives."""

    name: ClassVar[str] = "write_notes"
    session: SessionId
    answers: Answers = Field(default_factory=dict)


class NextStep(Frozen):
    text: Personal = Field(min_length=1)
    owner: Role = "learner"
    due_at: Instant


class SendFollowUp(CorrectableCommand):
    """Leave the learner with a summary, next steps, and by when."""

    name: ClassVar[str] = "send_follow_up"
    session: SessionId
    summary: Personal = Field(min_length=1)
    next_steps: tuple[NextStep, ...] = Field(min_length=1, max_length=20)


class CloseActionItem(CorrectableCommand):
    """Say that a next step was taken, or given up."""

    name: ClassVar[str] = "close_action_item"
    item: str
    done: Truth = True
    reason: Personal = ""
    """Needed when it is not done, and when a correction says so."""


class CheckIn(NamedCommand):
    """Say that somebody made sure that all is well."""

    name: ClassVar[str] = "check_in"
    notes: Personal = ""


class RaiseRiskFlag(NamedCommand):
    """Say that trouble may be coming."""

    name: ClassVar[str] = "raise_risk_flag"
    flag: Slug
    notes: Personal = ""


class AskForHelp(NamedCommand):
    """Say that help is wanted."""

    name: ClassVar[str] = "ask_for_help"
    notes: Personal = Field(min_length=1)


class GiveFeedback(NamedCommand):
    """Say how it goes, and how confident the learner is, from 1 to 10."""

    name: ClassVar[str] = "give_feedback"
    confidence: Whole = Field(ge=1, le=10)
    notes: Personal = ""


class SubmitMilestone(NamedCommand):
    """Hand in the work for a milestone; given again before its review, the later link and note count."""

    name: ClassVar[str] = "submit_milestone"
    milestone: MilestoneId
    link: Annotated[Personal, StringConstraints(pattern=r"^(https?://\S+)?$", max_length=2_000)] = ""
    """Where the work is: an address that begins with https:// or http://."""
    note: Personal = ""


class ReviewMilestone(CorrectableCommand):
    """Judge the work that was handed in."""

    name: ClassVar[str] = "review_milestone"
    milestone: MilestoneId
    attempt: Whole | None = Field(default=None, ge=1)
    """Which attempt is judged; None: the present one. A verdict that comes late then judges no newer work."""
    verdict: Verdict
    score: Annotated[Number, Field(ge=0, le=100)] | None = None
    feedback: Personal = ""


class WaiveMilestone(NamedCommand):
    """Decide that a milestone is not asked of this learner."""

    name: ClassVar[str] = "waive_milestone"
    milestone: MilestoneId
    reason: Personal = Field(min_length=1)


class AcknowledgeCase(NamedCommand):
    """Say that a case has been seen."""

    name: ClassVar[str] = "acknowledge_case"
    case: CaseId


class SnoozeCase(NamedCommand):
    """Let a case rest until a moment, for a reason."""

    name: ClassVar[str] = "snooze_case"
    case: CaseId
    until: Instant
    reason: Personal = Field(min_length=1)


class ReassignCase(NamedCommand):
    """Give a case to another owner."""

    name: ClassVar[str] = "reassign_case"
    case: CaseId
    owner: Literal["mentor", "ops"]
    reason: Personal = Field(min_length=1)


class ChooseRemedy(NamedCommand):
    """Take one of the ways on that are offered, or with none of them decline."""

    name: ClassVar[str] = "choose_remedy"
    remedy: Remedy | None
    until: Instant | None = None
    """With `pause`: until when at most. None: for as long as the kit allows."""
    reason: Personal = ""


class ResetPathway(NamedCommand):
    """Start the pathway again, with new dates for what was not held and what is not settled."""

    name: ClassVar[str] = "reset_pathway"
    reason: Personal = Field(min_length=1)


class MoveToKit(NamedCommand):
    """Let the journey follow another version of its program from here on."""

    name: ClassVar[str] = "move_to_kit"
    kit: KitDigest = Field(min_length=1)
    reason: Personal = Field(min_length=1)


class ResolveCase(NamedCommand):
    """Say how an escalation case was dealt with."""

    name: ClassVar[str] = "resolve_case"
    case: CaseId
    resolution: Personal = Field(min_length=1)


class CompleteWrapUp(NamedCommand):
    """Close the journey after the closing conversation."""

    name: ClassVar[str] = "complete_wrap_up"
    done: tuple[str, ...] = ()
    """The items of the kit's checklist that were done: all of them, or the journey stays open."""
    reason: Personal = ""


class RecordOutcome(CorrectableCommand):
    """Add what became of it; also after the journey has closed."""

    name: ClassVar[str] = "record_outcome"
    kind: Annotated[str, STORABLE] = Field(min_length=1, max_length=60)
    value: Personal = Field(min_length=1)
    replaces: Personal | None = None
    """With `corrects`: the value of this kind that was wrong; needed where several of the kind are recorded."""


class Pause(NamedCommand):
    """Stop the clocks, at most for as long as the kit allows. In a pause: give it another end or reason."""

    name: ClassVar[str] = "pause"
    reason: Personal = Field(min_length=1)
    until: Instant | None = None


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


class Reopen(NamedCommand):
    """Take up again a journey that was closed by mistake, from where it stood."""

    name: ClassVar[str] = "reopen"
    reason: Personal = Field(min_length=1)


class StartJourney(Command):
    """Begin. Given once, by the workflow, before anything else."""

    name: ClassVar[str] = "start"
    program: ProgramId
    learner: Annotated[LearnerId, SLUG]
    kit: KitDigest


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerCommand:
    """What a timer asks for. Made by the thousand from what is already known to be right, so nothing is validated."""

    name: ClassVar[str]
    by: Actor = "system"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remind(TimerCommand):
    name: ClassVar[str] = "remind"
    rule: str
    about: str
    duty: Duty
    to: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate(TimerCommand):
    name: ClassVar[str] = "escalate"
    escalation: str
    """The id of the rule in the kit."""
    about: str
    step: int = 0
    """Which rung of its ladder, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissDeadline(TimerCommand):
    name: ClassVar[str] = "miss_deadline"
    milestone: MilestoneId


class GiveUpIntake(TimerCommand):
    name: ClassVar[str] = "give_up_intake"


class ExpireOffer(TimerCommand):
    name: ClassVar[str] = "expire_offer"


class ExpireRemedies(TimerCommand):
    name: ClassVar[str] = "expire_remedies"


class EndPathway(TimerCommand):
    name: ClassVar[str] = "end_pathway"


class CloseAtEnd(TimerCommand):
    name: ClassVar[str] = "close_at_end"


class AdoptKit(Command):
    """`MoveToKit`, with the kit that it names: the workflow finds it."""

    name: ClassVar[str] = MoveToKit.name
    digest: KitDigest
    content: Kit
    reason: Personal


class ReportActivity(Command):
    """The answer to a check of the learner's activity; None: never seen."""

    name: ClassVar[str] = "report_activity"
    by: Actor = "system"
    last_active_at: StoredInstant | None


PersonCommand = (
    SubmitIntake
    | ReviewIntake
    | ApproveMatch
    | ChoosePathway
    | OfferMatch
    | AnswerOffer
    | ReleaseMentor
    | PrepareSession
    | RescheduleSession
    | RecordAttendance
    | WriteNotes
    | SendFollowUp
    | CloseActionItem
    | CheckIn
    | RaiseRiskFlag
    | AskForHelp
    | GiveFeedback
    | SubmitMilestone
    | ReviewMilestone
    | WaiveMilestone
    | AcknowledgeCase
    | SnoozeCase
    | ReassignCase
    | ChooseRemedy
    | ResetPathway
    | MoveToKit
    | ResolveCase
    | CompleteWrapUp
    | RecordOutcome
    | Pause
    | Resume
    | Withdraw
    | EndEarly
    | Reopen
)
ClockCommand = (
    Remind | Escalate | MissDeadline | GiveUpIntake | ExpireOffer | ExpireRemedies | EndPathway | CloseAtEnd | Resume
)
JourneyCommand = StartJourney | PersonCommand | ClockCommand | ReportActivity | AdoptKit

COMMANDS: dict[str, type[PersonCommand]] = {command.name: command for command in get_args(PersonCommand)}
"""Every command that people can give, by name. A new one is a class, a place in the union, and a case in `decide`."""
