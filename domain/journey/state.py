"""Where a journey stands, and how each event moves it on. Needs no kit: the events carry every date."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal, TypeVar, assert_never

from pydantic import AwareDatetime

from domain.ids import CaseId, KitDigest, LearnerId, MentorId, MilestoneId, PathwayId, ProgramId, SessionId
from domain.journey.events import (
    ActivitySeen,
    Answers,
    Attendance,
    AttendanceRecorded,
    CaseOpened,
    CaseResolved,
    CommandRejected,
    Ending,
    IntakeApproved,
    IntakeSubmitted,
    JourneyClosed,
    JourneyEvent,
    JourneyPaused,
    JourneyResumed,
    JourneyStarted,
    MentorMatched,
    MilestoneDeadlineMissed,
    MilestoneReviewed,
    MilestoneSubmitted,
    MoreInformationRequested,
    Nudged,
    OutcomeRecorded,
    PathwayStarted,
    ReminderFellDue,
    Role,
    Score,
    SessionRescheduled,
    WrapUpStarted,
)
from domain.kit import Severity
from domain.values import Frozen

Standing = TypeVar("Standing", bound=Frozen)
Stage = Literal["intake", "matching", "sessions", "wrap_up", "closed"]
StageDuty = Literal["intake", "intake_review", "match", "wrap_up"]
MilestoneStatus = Literal["open", "submitted", "passed", "failed"]


class StageWait(Frozen):
    """What the stage as a whole waits for, outside the sessions."""

    duty: StageDuty
    turn: int
    """How many times this duty has fallen, from 1: an intake sent back is awaited a second time."""
    since: AwareDatetime
    """A pause moves it together with `due_at`: the time between the two is what somebody has been given."""
    due_at: AwareDatetime


class SessionStanding(Frozen):
    session: SessionId
    planned_at: AwareDatetime
    starts_at: AwareDatetime
    attendance_due_at: AwareDatetime
    turn: int = 1
    """How many times it has been given a date."""
    attendance: Attendance | None = None


class MilestoneStanding(Frozen):
    milestone: MilestoneId
    since: AwareDatetime
    due_at: AwareDatetime
    status: MilestoneStatus = "open"
    attempt: int = 1
    missed: bool = False
    """Whether the deadline of this attempt passed with nothing handed in."""
    submitted_at: AwareDatetime | None = None
    review_due_at: AwareDatetime | None = None
    score: Score | None = None


class Case(Frozen):
    case: CaseId
    rule: str
    about: str
    severity: Severity
    owner: Role
    opened_at: AwareDatetime
    respond_by: AwareDatetime


class Pause(Frozen):
    since: AwareDatetime
    until: AwareDatetime


class Outcome(Frozen):
    kind: str
    value: str


class Closing(Frozen):
    ending: Ending
    at: AwareDatetime
    reason: str


class JourneyState(Frozen):
    program: ProgramId
    learner: LearnerId
    kit: KitDigest
    stage: Stage
    stage_since: AwareDatetime
    wait: StageWait | None
    answers: Answers | None = None
    pathway: PathwayId | None = None
    mentor: MentorId | None = None
    ends_at: AwareDatetime | None = None
    sessions: tuple[SessionStanding, ...] = ()
    milestones: tuple[MilestoneStanding, ...] = ()
    last_seen_at: AwareDatetime | None = None
    """The latest sign of the learner. It names the quiet spell that followed, so a pause does not move it."""
    quiet_from: AwareDatetime | None = None
    """From when inactivity counts: the latest sign, later by the pauses since. None before the pathway starts."""
    resumed_at: AwareDatetime | None = None
    misses_in_a_row: tuple[SessionId, ...] = ()
    fired: tuple[str, ...] = ()
    """`rule|about` of every reminder and escalation that came true: none does so twice."""
    cases: tuple[Case, ...] = ()
    """The open ones."""
    cases_opened: int = 0
    pause: Pause | None = None
    outcomes: tuple[Outcome, ...] = ()
    closing: Closing | None = None

    def case(self, case: CaseId) -> Case | None:
        return next((one for one in self.cases if one.case == case), None)

    def has_fired(self, rule: str, about: str) -> bool:
        return fired_key(rule, about) in self.fired

    @property
    def settled(self) -> bool:
        """Whether every session has been held or given up, and every milestone judged."""
        return all(one.attendance for one in self.sessions) and all(
            one.status in ("passed", "failed") for one in self.milestones
        )


def fired_key(rule: str, about: str) -> str:
    return f"{rule}|{about}"


def evolve(state: JourneyState | None, event: JourneyEvent) -> JourneyState:
    """The state after the event.

    Raises:
        ValueError: when the first event of a journey is not `JourneyStarted`.
    """
    if isinstance(event, JourneyStarted):
        return _started(event)
    if state is None:
        raise ValueError(f"a journey begins with {JourneyStarted.type}, not with {event.type}")
    match event:
        case IntakeSubmitted():
            return _to(state, answers=event.answers, wait=_wait(state, "intake_review", event, event.review_due_at))
        case MoreInformationRequested():
            return _to(state, wait=_wait(state, "intake", event, event.intake_due_at))
        case IntakeApproved():
            wait = _wait(state, "match", event, event.match_due_at)
            return _to(state, stage="matching", stage_since=event.at, pathway=event.pathway, wait=wait)
        case MentorMatched():
            return _to(state, mentor=event.mentor)
        case PathwayStarted():
            return _pathway_started(state, event)
        case SessionRescheduled():
            return _with_session(
                state,
                event.session,
                starts_at=event.starts_at,
                attendance_due_at=event.attendance_due_at,
                planned_at=event.at,
                moved=True,
            )
        case AttendanceRecorded():
            return _attendance_recorded(state, event)
        case MilestoneSubmitted():
            changes = {"status": "submitted", "submitted_at": event.at, "review_due_at": event.review_due_at}
            return _seen(_with_milestone(state, event.milestone, **changes), event.at)
        case MilestoneDeadlineMissed():
            return _with_milestone(state, event.milestone, missed=True)
        case MilestoneReviewed():
            return _milestone_reviewed(state, event)
        case ActivitySeen():
            return _seen(state, event.last_active_at)
        case ReminderFellDue() | Nudged():
            return _to(state, fired=(*state.fired, fired_key(event.rule, event.about)))
        case CaseOpened():
            return _case_opened(state, event)
        case CaseResolved():
            return _to(state, cases=tuple(one for one in state.cases if one.case != event.case))
        case WrapUpStarted():
            wait = _wait(state, "wrap_up", event, event.due_at)
            return _to(state, stage="wrap_up", stage_since=event.at, wait=wait)
        case OutcomeRecorded():
            return _to(state, outcomes=(*state.outcomes, Outcome(kind=event.kind, value=event.value)))
        case JourneyPaused():
            return _to(state, pause=Pause(since=event.at, until=event.until))
        case JourneyResumed():
            return _resumed(state, event)
        case JourneyClosed():
            closing = Closing(ending=event.ending, at=event.at, reason=event.reason)
            return _to(state, stage="closed", stage_since=event.at, wait=None, pause=None, cases=(), closing=closing)
        case CommandRejected():
            return state
        case _:
            assert_never(event)


def fold(events: Iterable[JourneyEvent], state: JourneyState | None = None) -> JourneyState | None:
    """The state that these events lead to, from the beginning or from an earlier state."""
    for event in events:
        state = evolve(state, event)
    return state


def _to(state: JourneyState, **changes: object) -> JourneyState:
    return state.model_copy(update=changes)


def _started(event: JourneyStarted) -> JourneyState:
    return JourneyState(
        program=event.program,
        learner=event.learner,
        kit=event.kit,
        stage="intake",
        stage_since=event.at,
        wait=StageWait(duty="intake", turn=1, since=event.at, due_at=event.intake_due_at),
    )


def _wait(state: JourneyState, duty: StageDuty, event: JourneyEvent, due_at: AwareDatetime) -> StageWait:
    turn = state.wait.turn if state.wait else 1
    if duty == "intake":
        turn += 1
    return StageWait(duty=duty, turn=turn, since=event.at, due_at=due_at)


def _pathway_started(state: JourneyState, event: PathwayStarted) -> JourneyState:
    return _to(
        state,
        stage="sessions",
        stage_since=event.at,
        wait=None,
        ends_at=event.ends_at,
        last_seen_at=event.starts_at,
        quiet_from=event.starts_at,
        sessions=tuple(SessionStanding(planned_at=event.at, **dict(one)) for one in event.sessions),
        milestones=tuple(MilestoneStanding(since=event.at, **dict(one)) for one in event.milestones),
    )


def _attendance_recorded(state: JourneyState, event: AttendanceRecorded) -> JourneyState:
    state = _with_session(state, event.session, attendance=event.attendance)
    match event.attendance:
        case "attended" | "late":
            return _seen(_to(state, misses_in_a_row=()), event.at)
        case "missed_by_learner":
            return _to(state, misses_in_a_row=(*state.misses_in_a_row, event.session))
        case "missed_by_mentor" | "cancelled":
            return state
        case _:
            assert_never(event.attendance)


def _milestone_reviewed(state: JourneyState, event: MilestoneReviewed) -> JourneyState:
    if event.verdict != "returned":
        return _with_milestone(state, event.milestone, status=event.verdict, score=event.score, review_due_at=None)
    return _with_milestone(
        state,
        event.milestone,
        status="open",
        score=event.score,
        attempt=event.attempt + 1,
        since=event.at,
        due_at=event.due_at,
        missed=False,
        review_due_at=None,
    )


def _case_opened(state: JourneyState, event: CaseOpened) -> JourneyState:
    case = Case(
        case=event.case,
        rule=event.rule,
        about=event.about,
        severity=event.severity,
        owner=event.owner,
        opened_at=event.at,
        respond_by=event.respond_by,
    )
    return _to(
        state,
        cases=(*state.cases, case),
        cases_opened=state.cases_opened + 1,
        fired=(*state.fired, fired_key(event.rule, event.about)),
    )


def _resumed(state: JourneyState, event: JourneyResumed) -> JourneyState:
    """Moves every date that still lies ahead by the length of the pause; what has been settled stays where it was."""
    by = event.paused_for
    return _to(
        state,
        pause=None,
        wait=_moved(state.wait, by, "since", "due_at") if state.wait else None,
        ends_at=_later(state.ends_at, by),
        quiet_from=_later(state.quiet_from, by),
        resumed_at=event.at,
        sessions=tuple(one if one.attendance else _session_later(one, event.at, by) for one in state.sessions),
        milestones=tuple(
            one if one.status in ("passed", "failed") else _moved(one, by, "since", "due_at", "review_due_at")
            for one in state.milestones
        ),
        cases=tuple(_moved(one, by, "respond_by") for one in state.cases),
    )


def _later(at: AwareDatetime | None, by: timedelta) -> AwareDatetime | None:
    return at + by if at else None


def _moved(one: Standing, by: timedelta, *dates: str) -> Standing:
    return one.model_copy(update={date: _later(getattr(one, date), by) for date in dates})


def _session_later(one: SessionStanding, resumed_at: datetime, by: timedelta) -> SessionStanding:
    """A session that began before the pause was held when it was held; only the word on it may come later."""
    if one.starts_at >= resumed_at - by:
        one = _moved(one, by, "starts_at")
    return _moved(one, by, "planned_at", "attendance_due_at")


def _seen(state: JourneyState, at: datetime) -> JourneyState:
    """Begins a new spell. A sign from within a pause counts from its end, as nobody minds quiet in a pause."""
    if state.last_seen_at and state.last_seen_at >= at:
        return state
    return _to(state, last_seen_at=at, quiet_from=max(at, state.resumed_at or at))


def _with_session(state: JourneyState, session: SessionId, moved: bool = False, **changes: object) -> JourneyState:
    return _to(
        state,
        sessions=tuple(
            one.model_copy(update=changes | ({"turn": one.turn + 1} if moved else {}))
            if one.session == session
            else one
            for one in state.sessions
        ),
    )


def _with_milestone(state: JourneyState, milestone: MilestoneId, **changes: object) -> JourneyState:
    return _to(
        state,
        milestones=tuple(
            one.model_copy(update=changes) if one.milestone == milestone else one for one in state.milestones
        ),
    )
