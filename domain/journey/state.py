"""Where a journey stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from domain.ids import CaseId, CohortId, KitDigest, LearnerId, MentorId, MilestoneId, PathwayId, ProgramId, SessionId
from domain.journey.parts import Fixed, Part, Shifted, ShiftedIfAhead, ShiftedUntilSettled
from domain.journey.terms import Answers, Attendance, Ending, MilestoneStatus, Score, Stage, StageDuty
from domain.kit import Remedy, Role, Severity

StateVersion: TypeAlias = Literal[1]
STATE_VERSION: Final[StateVersion] = 1


@dataclass(frozen=True, kw_only=True)
class StageWait(Part):
    """What the stage as a whole waits for, outside the sessions."""

    duty: StageDuty
    turn: int
    """How many times somebody has had this duty, from 1: an intake that was sent back is awaited a second time."""
    since: Shifted
    due_at: Shifted

    @property
    def first_date(self) -> datetime:
        """No timer about this part comes earlier, but for reminders of sessions and milestones."""
        return self.since


@dataclass(frozen=True, kw_only=True)
class Spell(Part):
    """A time without a sign of somebody: when the last sign came, and from when inactivity counts."""

    seen_at: Fixed
    quiet_from: Shifted
    """`seen_at`, later by every pause since."""


@dataclass(frozen=True, kw_only=True)
class SessionStanding(Part):
    session: SessionId
    planned_at: ShiftedUntilSettled
    starts_at: ShiftedIfAhead
    attendance_due_at: ShiftedUntilSettled
    turn: int = 1
    """How many times it has been given a date."""
    attendance: Attendance | None = None
    held_at: Fixed | None = None
    prepared: bool = False
    preparation_due_at: ShiftedUntilSettled | None = None
    """When the session was to begin. None: no preparation is wanted, or it was sent."""
    owed_since: Shifted | None = None
    """From when notes and follow-up are owed: `held_at`, later by every pause since."""
    notes_due_at: Shifted | None = None
    """None: no notes are wanted, or they are written."""
    follow_up_due_at: Shifted | None = None
    """None: no follow-up is wanted, or it was sent."""
    next_steps: int = 0
    """How many its follow-up left."""
    learner_before: Spell | None = None
    """The learner's spell that its attendance ended, in case the attendance is corrected. None: it ended none."""
    mentor_before: Spell | None = None

    @property
    def settled(self) -> bool:
        """Whether it has been held or given up."""
        return self.attendance is not None

    @property
    def held(self) -> bool:
        return self.attendance in ("attended", "late")

    @property
    def name(self) -> str:
        """With the number of its date, from the second on: a session that is planned anew has another name."""
        return f"{self.session}#{self.turn}" if self.turn > 1 else self.session

    @property
    def first_date(self) -> datetime:
        if not self.attendance:
            return self.starts_at
        return min(date for date in (self.notes_due_at, self.follow_up_due_at, self.attendance_due_at) if date)


@dataclass(frozen=True, kw_only=True)
class MilestoneStanding(Part):
    milestone: MilestoneId
    since: ShiftedUntilSettled
    """From when the present duty counts, the work or its review."""
    due_at: ShiftedUntilSettled
    status: MilestoneStatus = "open"
    attempt: int = 1
    missed: bool = False
    """Whether the deadline of this attempt passed with nothing handed in."""
    submitted_at: Fixed | None = None
    review_due_at: ShiftedUntilSettled | None = None
    score: Score | None = None
    setbacks: int = 0
    """How often its deadline was missed, or it was returned or failed, since it was planned."""
    planned_attempt: int = 1
    """The attempt for which it was planned last, at first or by a reset."""

    @property
    def settled(self) -> bool:
        return self.status in ("passed", "failed", "waived")

    @property
    def first_date(self) -> datetime:
        return self.review_due_at if self.status == "submitted" and self.review_due_at else self.due_at


@dataclass(frozen=True, kw_only=True)
class Offer(Part):
    """A proposed match that not everybody who is asked has answered."""

    mentor: MentorId
    pending: tuple[Role, ...]
    turn: int
    since: Shifted
    expires_at: Shifted
    accepted: tuple[Role, ...] = ()
    """Who has said yes, in that order."""
    round: str | None = None
    """The round of matching that has proposed it."""

    @property
    def first_date(self) -> datetime:
        return self.expires_at


@dataclass(frozen=True, kw_only=True)
class ActionItemStanding(Part):
    """A next step that is still open."""

    item: str
    owner: Role
    since: Shifted
    due_at: Shifted

    @property
    def first_date(self) -> datetime:
        return self.due_at


@dataclass(frozen=True, kw_only=True)
class CheckInWait(Part):
    turn: int
    since: Shifted
    due_at: Shifted

    @property
    def first_date(self) -> datetime:
        return self.due_at


@dataclass(frozen=True, kw_only=True)
class RemedyOffer(Part):
    rule: str
    about: str
    step: int = 0
    options: tuple[Remedy, ...]
    since: Shifted
    expires_at: Shifted

    @property
    def first_date(self) -> datetime:
        return self.expires_at


@dataclass(frozen=True, kw_only=True)
class Ladder(Part):
    """A rule that has fired, and the step of its ladder that was taken last."""

    rule: str
    about: str
    since: Shifted
    step: int = 0


@dataclass(frozen=True, kw_only=True)
class Comparison(Part):
    """A look at how long others have been quiet."""

    comparison: str
    """As the rule names it that asks."""
    seen_at: Fixed
    """The learner's latest sign then."""
    counts_from: Shifted
    """When to look again; of one that found the learner beyond the others, when it was made."""


@dataclass(frozen=True, kw_only=True)
class Miss(Part):
    name: str
    """Of the session, with the turn in which it was missed."""
    at: Shifted


@dataclass(frozen=True, kw_only=True)
class Case(Part):
    case: CaseId
    rule: str
    about: str
    severity: Severity
    owner: Role
    step: int = 0
    """The step of the rule's ladder that opened it."""
    opened_at: Fixed
    since: Shifted
    """From when the present time to respond counts."""
    respond_by: Shifted
    given: timedelta
    """How long an owner is given to answer."""
    turn: int = 1
    """How many times it has been given a date to be answered by."""
    acknowledged: bool = False
    snoozed_until: Fixed | None = None
    """The requested date, before any shift by a pause."""
    handed_on: bool = False
    """Whether ops have it only because its mentor left."""

    @property
    def first_date(self) -> datetime:
        return self.respond_by


@dataclass(frozen=True, kw_only=True)
class RaisedFlag(Part):
    """A risk flag with which nobody has dealt yet."""

    flag: str
    raised_at: Fixed
    """The last time."""


@dataclass(frozen=True, kw_only=True)
class GroupSession(Part):
    session: SessionId
    starts_at: Fixed


@dataclass(frozen=True, kw_only=True)
class Membership(Part):
    """The learner's place in a group that meets together."""

    cohort: CohortId
    since: Fixed
    sessions: tuple[GroupSession, ...]
    """All that the group has, also those before the learner joined. A pause of one learner moves none of them."""

    @property
    def times(self) -> dict[str, datetime]:
        return {one.session: one.starts_at for one in self.sessions}


@dataclass(frozen=True, kw_only=True)
class Pause(Part):
    since: Fixed
    until: Fixed


@dataclass(frozen=True, kw_only=True)
class Outcome(Part):
    kind: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Suspended(Part):
    """What closing the journey ended, kept in case it was a mistake."""

    stage: Stage
    stage_since: Fixed
    wait: StageWait | None
    offer: Offer | None
    check_in: CheckInWait | None
    action_items: tuple[ActionItemStanding, ...]
    ladders: tuple[Ladder, ...]
    remedies: RemedyOffer | None
    cases: tuple[Case, ...]
    pause: Pause | None
    flags: tuple[RaisedFlag, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Closing(Part):
    ending: Ending
    at: Fixed
    reason: str
    done: tuple[str, ...] = ()
    """The items of the checklist that a person said were done."""
    before: Suspended | None = None
    """None: the state was written by a version that did not keep it."""


@dataclass(frozen=True, kw_only=True)
class JourneyState(Part):
    schema_version: StateVersion = STATE_VERSION
    """Of the stored form. Workflows carry states from run to run; older ones are upcast by domain/journey/stored.py."""
    program: ProgramId
    learner: LearnerId
    kit: KitDigest
    stage: Stage
    stage_since: Fixed
    wait: StageWait | None
    turns: int = 1
    """Counts the duties of stages that came a second time, so that each has a name of its own."""
    answers: Answers | None = None
    answers_so_far: Answers | None = None
    """Those given before the form was sent in."""
    pathway: PathwayId | None = None
    mentor: MentorId | None = None
    cohort: Membership | None = None
    ends_at: Shifted | None = None
    sessions: tuple[SessionStanding, ...] = ()
    milestones: tuple[MilestoneStanding, ...] = ()
    last_seen_at: Fixed | None = None
    """The latest sign of the learner. Names the spell of inactivity that follows, so a pause does not shift it."""
    quiet_from: Shifted | None = None
    """From when inactivity counts: the latest sign, later by the pauses since. None before the pathway starts."""
    comparisons: tuple[Comparison, ...] = ()
    """Of the present silence, the last by each rule that compares it with others."""
    resumed_at: Fixed | None = None
    mentor_seen_at: Fixed | None = None
    """The latest sign of the mentor. Names the silence that follows."""
    mentor_quiet_from: Shifted | None = None
    """From when the mentor's silence counts: `mentor_seen_at`, later by the pauses since."""
    offer: Offer | None = None
    offers_made: int = 0
    asked: MentorId | None = None
    """The mentor who was proposed last, as long as nobody has declined or asked for more information."""
    check_in: CheckInWait | None = None
    watched_until: Shifted | None = None
    """After a change of mentor: until then somebody checks in more often."""
    action_items: tuple[ActionItemStanding, ...] = ()
    """The open ones."""
    misses_in_a_row: tuple[str, ...] = ()
    """The names of the sessions that the learner has missed since they came last."""
    misses: tuple[Miss, ...] = ()
    misses_since: Fixed | None = None
    """The last reset: only later misses count. None: there was no reset."""
    last_word: str | None = None
    """Digest of the last repeatable command, in states that were written before `said_today` existed."""
    said_today: tuple[str, ...] = ()
    """Digests of the repeatable commands of the latest day, at most a hundred. Detects same-day repeats without keeping
    the text."""
    said: Mapping[str, str] = field(default_factory=dict)
    """By key, a digest of what was recorded last. Tells a repeat from a change without keeping the text."""
    signs: int = 0
    """Counts risk flags, calls for help and feedback, so that each has a name of its own."""
    fired: tuple[str, ...] = ()
    """`rule|subject` of every reminder and escalation that has fired. None fires twice."""
    ladders: tuple[Ladder, ...] = ()
    """The rules that have fired and whose reason nobody has declared dealt with."""
    remedies: RemedyOffer | None = None
    cases: tuple[Case, ...] = ()
    """The open ones."""
    cases_opened: int = 0
    flags: tuple[RaisedFlag, ...] = ()
    """The risk flags that stand, each once, the last raised at the end."""
    pause: Pause | None = None
    outcomes: tuple[Outcome, ...] = ()
    closing: Closing | None = None

    @property
    def group_times(self) -> dict[str, datetime]:
        """When the learner's group meets, by session; empty without a group."""
        return self.cohort.times if self.cohort else {}

    def session(self, session: SessionId) -> SessionStanding | None:
        for one in self.sessions:
            if one.session == session:
                return one
        return None

    def milestone(self, milestone: MilestoneId) -> MilestoneStanding | None:
        for one in self.milestones:
            if one.milestone == milestone:
                return one
        return None

    def case(self, case: CaseId) -> Case | None:
        return next((one for one in self.cases if one.case == case), None)

    def has_fired(self, rule: str, subject: str) -> bool:
        return fired_key(rule, subject) in self.fired

    @property
    def settled(self) -> bool:
        """Whether every session has been held or given up, and every milestone judged."""
        for session in reversed(self.sessions):  # the last ones are settled last
            if not session.attendance:
                return False
        return all(one.settled for one in reversed(self.milestones))


def support(subject: str) -> str:
    """Names the case by which a learner gets the support that they chose."""
    return f"support:{subject}"


def is_support(subject: str) -> bool:
    return subject.startswith("support:")


def fired_key(rule: str, subject: str) -> str:
    return f"{rule}|{subject}"
