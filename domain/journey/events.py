"""What can happen on a journey. Each event says what it means to the people, and what may still follow."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import AwareDatetime, Field

from domain.ids import CaseId, KitDigest, LearnerId, MentorId, MilestoneId, PathwayId, ProgramId, SessionId
from domain.kit import Duty, Remedy, Role, Severity
from domain.values import STORABLE, Actor, Event, Frozen, Personal, PersonalMark, Repaired

_Text = Annotated[str, STORABLE]
_Number = Annotated[float, Field(strict=True)]  # or `true` would be read as the number 1
Answer = _Text | _Number | tuple[_Text, ...]
Answers = Annotated[Mapping[str, Answer], PersonalMark()]
Attendance = Literal["attended", "late", "missed_by_learner", "missed_by_mentor", "cancelled_in_time", "cancelled_late"]
Verdict = Literal["passed", "returned", "failed"]
Ending = Literal["completed", "withdrawn", "declined", "ended_early"]
Score = Annotated[float, Field(ge=0, le=100)]


class PlannedSession(Frozen):
    session: SessionId
    starts_at: AwareDatetime
    attendance_due_at: AwareDatetime
    wants_preparation: bool = False


class PlannedMilestone(Frozen):
    milestone: MilestoneId
    due_at: AwareDatetime


class Deed(Event):
    """Something that the learner, the mentor or others may do. Whoever does it has given a sign of life."""

    by: Actor | None = None
    """Who, where it was the learner or the mentor. What only one of the two ever does needs no such word."""


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


class AnswersGiven(Event):
    """Some questions of the intake are answered, and the form is not sent in yet. The learner is awaited as before, and
    need not answer these again."""

    type: ClassVar[str] = "journey.answers_given"
    answers: Answers


class MoreInformationRequested(Event):
    """The reader could not decide yet. The learner is awaited again; nothing they sent is lost."""

    type: ClassVar[str] = "journey.more_information_requested"
    reason: Personal
    intake_due_at: AwareDatetime


class IntakeApproved(Event):
    """A person read the intake and chose the pathway. A mentor is wanted, within the service level."""

    type: ClassVar[str] = "journey.intake_approved"
    schema_version: ClassVar[int] = 2
    pathway: PathwayId
    match_due_at: AwareDatetime
    reason: Personal = ""


class PathwayChosenAnew(Event):
    """A person found another pathway to fit better than the one that the answers led to."""

    type: ClassVar[str] = "journey.pathway_chosen_anew"
    pathway: PathwayId
    reason: Personal


class MatchOffered(Event):
    """A match is proposed. It holds when everybody asked has accepted; it lapses at `expires_at`."""

    type: ClassVar[str] = "journey.match_offered"
    mentor: MentorId
    asks: tuple[Role, ...]
    expires_at: AwareDatetime
    reason: Personal = ""


class OfferAccepted(Event):
    """One of those asked said yes. The last yes brings the match about."""

    type: ClassVar[str] = "journey.offer_accepted"
    schema_version: ClassVar[int] = 2
    mentor: MentorId
    who: Role
    reason: Personal = ""


class OfferDeclined(Event):
    """One of those asked said no, and why. Another mentor is wanted."""

    type: ClassVar[str] = "journey.offer_declined"
    mentor: MentorId
    who: Role
    reason: Personal


class OfferQuestioned(Event):
    """One of those asked wants to know more before they decide. Ops answer, and offer again."""

    type: ClassVar[str] = "journey.offer_questioned"
    mentor: MentorId
    who: Role
    question: Personal


class OfferExpired(Event):
    """Not everybody asked has answered in time. Another mentor is wanted."""

    type: ClassVar[str] = "journey.offer_expired"
    mentor: MentorId


class MentorMatched(Event):
    """A mentor takes this learner on. A match made later replaces the mentor, moves no date, and is watched closely."""

    type: ClassVar[str] = "journey.mentor_matched"
    mentor: MentorId
    reason: Personal = ""
    check_in_by: AwareDatetime | None = None
    watched_until: AwareDatetime | None = None


class PathwayStarted(Event):
    """The work begins: every session and milestone has its date. They move only by a reschedule or a pause."""

    type: ClassVar[str] = "journey.pathway_started"
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    sessions: tuple[PlannedSession, ...]
    milestones: tuple[PlannedMilestone, ...]


class SessionRescheduled(Deed):
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
    notes_due_at: AwareDatetime | None = None
    follow_up_due_at: AwareDatetime | None = None
    check_in_by: AwareDatetime | None = None


class AttendanceCorrected(Deed):
    """How a session went was recorded wrongly. Misses count as if the right thing had been recorded at first."""

    type: ClassVar[str] = "journey.attendance_corrected"
    session: SessionId
    was: Attendance
    attendance: Attendance
    notes: Personal = ""
    reason: Personal
    notes_due_at: AwareDatetime | None = None
    follow_up_due_at: AwareDatetime | None = None
    """Where the session counts as held only now: until when its notes and follow-up are wanted."""


class SessionPrepared(Event):
    """The learner said beforehand what the session should be about. Said again before the session, the later counts."""

    type: ClassVar[str] = "journey.session_prepared"
    schema_version: ClassVar[int] = 2
    session: SessionId
    answers: Answers
    goal: Personal = ""
    """The learner's own, beside the one that the kit gives."""
    artifact: Personal = ""
    """What they bring for review: a link, or words that say where it is."""


class NotesWritten(Event):
    """The mentor wrote down what happened in a session, in the form that the kit gives."""

    type: ClassVar[str] = "journey.notes_written"
    session: SessionId
    answers: Answers


class NotesCorrected(Deed):
    """The notes of a session have another wording, and why. The earlier one stays in the history."""

    type: ClassVar[str] = "journey.notes_corrected"
    session: SessionId
    answers: Answers
    reason: Personal


class ActionItem(Frozen):
    item: str
    owner: Role
    due_at: AwareDatetime
    text: Personal


class FollowUpSent(Event):
    """The learner has a summary, the next steps, and by when. Each step is awaited from its owner."""

    type: ClassVar[str] = "journey.follow_up_sent"
    session: SessionId
    summary: Personal
    items: tuple[ActionItem, ...]


class FollowUpCorrected(Deed):
    """The follow-up of a session is replaced: its open next steps are no longer asked, and the new ones are."""

    type: ClassVar[str] = "journey.follow_up_corrected"
    session: SessionId
    summary: Personal
    items: tuple[ActionItem, ...]
    reason: Personal


class ActionItemClosed(Deed):
    """A next step was taken, or was given up with a reason."""

    type: ClassVar[str] = "journey.action_item_closed"
    item: str
    done: bool
    reason: Personal = ""


class CheckedIn(Event):
    """Somebody made sure between sessions that all is well. The next time falls due in the kit's rhythm."""

    type: ClassVar[str] = "journey.checked_in"
    notes: Personal = ""
    check_in_by: AwareDatetime | None = None


class RiskFlagRaised(Deed):
    """Somebody sees trouble coming. May set off an escalation."""

    type: ClassVar[str] = "journey.risk_flag_raised"
    flag: str
    notes: Personal = ""


class HelpAsked(Event):
    """The learner asked for help. May set off an escalation."""

    type: ClassVar[str] = "journey.help_asked"
    notes: Personal


class FeedbackGiven(Event):
    """The learner said how it goes, and how confident they are. Low confidence may set off an escalation."""

    type: ClassVar[str] = "journey.feedback_given"
    confidence: Annotated[int, Field(ge=1, le=10)]
    notes: Personal = ""


class MilestoneSubmitted(Event):
    """The learner handed in their work. A mentor now reviews it, within the service level. Handed in again before the
    review, the later link and note count, and the review stays due when it was."""

    type: ClassVar[str] = "journey.milestone_submitted"
    schema_version: ClassVar[int] = 2
    milestone: MilestoneId
    attempt: int
    review_due_at: AwareDatetime
    link: Personal = ""
    note: Personal = ""


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


class ReviewCorrected(Deed):
    """The verdict on an attempt was recorded wrongly. Setbacks and attempts count as if the right one had been."""

    type: ClassVar[str] = "journey.review_corrected"
    milestone: MilestoneId
    attempt: int
    was: Verdict
    verdict: Verdict
    score: Score | None = None
    feedback: Personal = ""
    reason: Personal
    due_at: AwareDatetime | None = None
    """When returned work is due again."""


class MilestoneWaived(Deed):
    """A person decided that this milestone is not asked of this learner, and why."""

    type: ClassVar[str] = "journey.milestone_waived"
    milestone: MilestoneId
    reason: Personal


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
    step: int = 0
    """Which rung of the rule's ladder, from 0."""
    to: Role


class CaseOpened(Event):
    """An escalation rule came true and a person is wanted: the owner answers by `respond_by`."""

    type: ClassVar[str] = "journey.case_opened"
    case: CaseId
    rule: str
    about: str
    step: int = 0
    severity: Severity
    owner: Role
    respond_by: AwareDatetime


class CaseAcknowledged(Deed):
    """The owner has seen the case, and is given as long again to resolve it; its rule goes no further before."""

    type: ClassVar[str] = "journey.case_acknowledged"
    case: CaseId
    respond_by: AwareDatetime


class CaseSnoozed(Deed):
    """The case rests until then, for a reason; it is late only after that, and its rule goes no further before."""

    type: ClassVar[str] = "journey.case_snoozed"
    case: CaseId
    until: AwareDatetime
    reason: Personal


class CaseReassigned(Deed):
    """The case has another owner, who is given the same time as the first."""

    type: ClassVar[str] = "journey.case_reassigned"
    case: CaseId
    owner: Role
    respond_by: AwareDatetime
    reason: Personal


class CaseHandedOn(Event):
    """The case goes to those who have its duty now: to ops when the mentor left, to the mentor when there is one again.
    They are given the same time as the first owner."""

    type: ClassVar[str] = "journey.case_handed_on"
    case: CaseId
    owner: Role
    respond_by: AwareDatetime
    reason: Literal["mentor_left", "mentor_found"]


class EscalationTakenBack(Event):
    """A rule came true because of something that has been corrected since. It counts as if it had not: its cases are
    closed, and it may come true again."""

    type: ClassVar[str] = "journey.escalation_taken_back"
    rule: str
    about: str


class CaseResolved(Deed):
    """A person dealt with the case and said how. The rule's further steps are not taken."""

    type: ClassVar[str] = "journey.case_resolved"
    case: CaseId
    resolution: Personal


class RemediesOffered(Event):
    """The learner is offered ways on that can be taken now, and chooses one until `expires_at`."""

    type: ClassVar[str] = "journey.remedies_offered"
    rule: str
    about: str
    step: int = 0
    options: tuple[Remedy, ...]
    expires_at: AwareDatetime


class RemedyChosen(Deed):
    """A way on was chosen, or with None they were all declined. What it means follows in the next events."""

    type: ClassVar[str] = "journey.remedy_chosen"
    schema_version: ClassVar[int] = 2
    remedy: Remedy | None
    reason: Personal = ""
    until: AwareDatetime | None = None
    """The end that was asked for, of a pause."""


class RemediesExpired(Event):
    """Nobody chose in time."""

    type: ClassVar[str] = "journey.remedies_expired"


class RemediesWithdrawn(Event):
    """What was offered can no longer be chosen: its reason is gone, something else is offered, or the wrap-up began."""

    type: ClassVar[str] = "journey.remedies_withdrawn"
    rule: str
    about: str
    reason: Literal["dealt_with", "another_offer", "wrap_up"]


class MentorReleased(Event):
    """The mentor leaves this journey; another is wanted. The dates of the pathway stay."""

    type: ClassVar[str] = "journey.mentor_released"
    schema_version: ClassVar[int] = 2
    mentor: MentorId
    reason: Personal
    match_due_at: AwareDatetime
    handover: Personal = ""
    """What the next mentor should know."""


class PathwayReset(Event):
    """The pathway starts again: sessions not held and milestones not settled have new dates. What was stays told."""

    type: ClassVar[str] = "journey.pathway_reset"
    reason: Personal
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    sessions: tuple[PlannedSession, ...]
    milestones: tuple[PlannedMilestone, ...]
    left_out: tuple[SessionId, ...] = ()
    """What would not be over by the end of a fixed term: it stays as it was, on its old date or missed."""


class MovedToKit(Event):
    """The journey follows another version of its program from here on. What was not settled is planned by that one.

    In a pause the dates are those of the clock that stands: resuming moves them.
    """

    type: ClassVar[str] = "journey.moved_to_kit"
    kit: KitDigest
    reason: Personal
    ends_at: AwareDatetime | None = None
    sessions: tuple[PlannedSession, ...] = ()
    milestones: tuple[PlannedMilestone, ...] = ()
    check_in_by: AwareDatetime | None = None
    """Where this version is the first to ask for check-ins; None: they go on as before."""


class WrapUpStarted(Event):
    """The pathway is over, by its end or because all of it is settled. The closing conversation is wanted."""

    type: ClassVar[str] = "journey.wrap_up_started"
    reason: Literal["all_settled", "pathway_ended"]
    due_at: AwareDatetime


class WrapUpTakenBack(Event):
    """The wrap-up had begun because all was settled, and after a correction it is not. The sessions go on."""

    type: ClassVar[str] = "journey.wrap_up_taken_back"
    match_due_at: AwareDatetime | None = None
    """Where there is no mentor: until when one is to be found."""


class OutcomeRecorded(Event):
    """What became of it: an interview, a job, a result. May come long after the journey closed."""

    type: ClassVar[str] = "journey.outcome_recorded"
    kind: str
    value: Personal


class OutcomeCorrected(Deed):
    """An outcome was recorded wrongly; this one takes its place."""

    type: ClassVar[str] = "journey.outcome_corrected"
    kind: str
    value: Personal
    replaces: Personal
    reason: Personal


class JourneyPaused(Deed):
    """The clocks stand still until somebody resumes, or `until`, whichever is first."""

    type: ClassVar[str] = "journey.paused"
    reason: Personal
    until: AwareDatetime


class PauseChanged(Deed):
    """The pause ends at another moment than was said before, or is for another reason."""

    type: ClassVar[str] = "journey.pause_changed"
    reason: Personal
    until: AwareDatetime


class JourneyResumed(Deed):
    """The clocks run again, and every open deadline lies later by the length of the pause. Sessions that this would
    carry past the end of a fixed term follow as rescheduled to the date that they had, or where that is past, as called
    off."""

    type: ClassVar[str] = "journey.resumed"
    paused_for: timedelta
    ends_by: AwareDatetime | None = None
    """The end of a fixed term, past which neither the pathway nor any work is moved."""


class JourneyClosed(Event):
    """The journey is over. Open cases close with it; only outcomes can still be added, unless it is reopened."""

    type: ClassVar[str] = "journey.closed"
    schema_version: ClassVar[int] = 2
    ending: Ending
    reason: Personal
    done: tuple[str, ...] = ()
    """The items of the kit's checklist that a person said were done; none when it closed by itself."""


class JourneyReopened(Deed):
    """The journey was closed by mistake and goes on from where it stood, as if its clocks had stopped meanwhile. A
    deadline that had closed it by passing is given anew."""

    type: ClassVar[str] = "journey.reopened"
    reason: Personal
    ending: Ending
    """With which it had closed."""
    stage: Literal["intake", "matching", "sessions", "wrap_up"]
    """In which it stood, and stands again."""
    mentor: MentorId | None = None
    moved_by: timedelta
    """By how much every open deadline lies later: the time for which it was closed; nothing in a pause, which goes
    on."""
    due_at: AwareDatetime | None = None
    """Until when the intake or the wrap-up is awaited; None where the journey is past or before them."""
    ends_by: AwareDatetime | None = None
    """The end of a fixed term, past which neither the pathway nor any work is moved."""


class CommandRejected(Event):
    """Somebody asked for what could not be done. Nothing changed; the reason is for the one who asked, and repeats at
    most the ids that they gave, never their text."""

    type: ClassVar[str] = "journey.command_rejected"
    command: Annotated[str, Repaired]
    reason: Annotated[str, Repaired]


JourneyEvent = (
    JourneyStarted
    | IntakeSubmitted
    | AnswersGiven
    | MoreInformationRequested
    | IntakeApproved
    | PathwayChosenAnew
    | MatchOffered
    | OfferAccepted
    | OfferDeclined
    | OfferQuestioned
    | OfferExpired
    | MentorMatched
    | PathwayStarted
    | SessionRescheduled
    | AttendanceRecorded
    | AttendanceCorrected
    | SessionPrepared
    | NotesWritten
    | NotesCorrected
    | FollowUpSent
    | FollowUpCorrected
    | ActionItemClosed
    | CheckedIn
    | RiskFlagRaised
    | HelpAsked
    | FeedbackGiven
    | MilestoneSubmitted
    | MilestoneDeadlineMissed
    | MilestoneReviewed
    | ReviewCorrected
    | MilestoneWaived
    | ReminderFellDue
    | ActivitySeen
    | Nudged
    | CaseOpened
    | CaseAcknowledged
    | CaseSnoozed
    | CaseReassigned
    | CaseHandedOn
    | EscalationTakenBack
    | CaseResolved
    | RemediesOffered
    | RemedyChosen
    | RemediesExpired
    | RemediesWithdrawn
    | MentorReleased
    | PathwayReset
    | MovedToKit
    | WrapUpStarted
    | WrapUpTakenBack
    | OutcomeRecorded
    | OutcomeCorrected
    | JourneyPaused
    | PauseChanged
    | JourneyResumed
    | JourneyClosed
    | JourneyReopened
    | CommandRejected
)

Events = Sequence[JourneyEvent]
