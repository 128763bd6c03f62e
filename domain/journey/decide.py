"""What a journey does when it is asked: the one place where the rules of a journey turn commands into events."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal, TypeVar, assert_never

from domain.ids import CaseId, PathwayId
from domain.journey.commands import (
    ApproveMatch,
    CloseAtEnd,
    CompleteWrapUp,
    EndEarly,
    EndPathway,
    Escalate,
    GiveUpIntake,
    JourneyCommand,
    MissDeadline,
    Pause,
    RecordAttendance,
    RecordOutcome,
    Remind,
    ReportActivity,
    RescheduleSession,
    ResolveCase,
    Resume,
    ReviewIntake,
    ReviewMilestone,
    StartJourney,
    SubmitIntake,
    SubmitMilestone,
    Withdraw,
)
from domain.journey.events import (
    ActivitySeen,
    AttendanceRecorded,
    CaseOpened,
    CaseResolved,
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
    PlannedMilestone,
    PlannedSession,
    ReminderFellDue,
    SessionRescheduled,
    WrapUpStarted,
)
from domain.journey.outlook import due_quiet_rules, pathway_of, quiet_since, timers
from domain.journey.state import JourneyState, MilestoneStanding, Outcome, SessionStanding, Stage, evolve
from domain.kit import Escalation, Kit, MissedInARow, Nudge, OpenCase, Pathway

Events = Sequence[JourneyEvent]
T = TypeVar("T")
_REASON_LIMIT = 1_900


class Rejected(Exception):
    """The command cannot be obeyed; the message says why, and what would help, to the one who gave it.

    It may quote what was sent, so it is cut to a length that a `CommandRejected` event always takes.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason if len(reason) <= _REASON_LIMIT else reason[:_REASON_LIMIT] + " …")


def decide(kit: Kit, state: JourneyState | None, command: JourneyCommand, at: datetime) -> list[JourneyEvent]:
    """The events that a command brings about at a moment, with those that the kit's rules add to them.

    None come of a command that has already been obeyed.

    Raises:
        Rejected: when the command does not fit the journey as it stands.
    """
    if isinstance(command, StartJourney):
        return [] if state else [_start(kit, command, at)]
    if state is None:
        raise Rejected("this journey has not started")
    events = list(_obey(kit, state, command, at))
    after = state
    for event in events:
        after = evolve(after, event)
    return [*events, *_consequences(kit, after, at)] if events else []


def _obey(kit: Kit, state: JourneyState, command: JourneyCommand, at: datetime) -> Events:
    if isinstance(command, _OF_TIMERS) and not _is_due(kit, state, command, at):
        return []
    if state.closing and not isinstance(command, RecordOutcome):
        return _after_closing(state, command)
    if state.pause and not isinstance(command, _ALLOWED_IN_A_PAUSE):
        raise Rejected(f"the journey has been paused since {state.pause.since:%d %B %Y}; resume it first")
    match command:
        case SubmitIntake():
            return _submit_intake(kit, state, command, at)
        case ReviewIntake():
            return _review_intake(kit, state, command, at)
        case ApproveMatch():
            return _approve_match(kit, state, command, at)
        case RescheduleSession():
            return _reschedule_session(kit, state, command, at)
        case RecordAttendance():
            return _record_attendance(state, command, at)
        case SubmitMilestone():
            return _submit_milestone(kit, state, command, at)
        case ReviewMilestone():
            return _review_milestone(kit, state, command, at)
        case ResolveCase():
            return _resolve_case(state, command, at)
        case CompleteWrapUp():
            _only_in(state, "wrap_up")
            return [_closed("completed", command.reason or _tally(state), at)]
        case RecordOutcome():
            known = Outcome(kind=command.kind, value=command.value) in state.outcomes
            return [] if known else [OutcomeRecorded(at=at, kind=command.kind, value=command.value)]
        case Pause():
            return _pause(kit, state, command, at)
        case Resume():
            return [JourneyResumed(at=at, paused_for=at - state.pause.since)] if state.pause else []
        case Withdraw():
            return [_closed("withdrawn", command.reason, at)]
        case EndEarly():
            return [_closed("ended_early", command.reason, at)]
        case Remind():
            return [ReminderFellDue(at=at, rule=command.rule, about=command.about, duty=command.duty, to=command.to)]
        case Escalate():
            return [_raise(kit.escalation(command.escalation), command.about, state.cases_opened + 1, at)]
        case MissDeadline():
            attempt = _milestone(state, command.milestone).attempt
            return [MilestoneDeadlineMissed(at=at, milestone=command.milestone, attempt=attempt)]
        case GiveUpIntake():
            return [_closed("ended_early", "the intake was not sent in", at)]
        case EndPathway():
            return [_wrap_up(kit, "pathway_ended", at)]
        case CloseAtEnd():
            return [_closed("completed", _tally(state), at)]
        case ReportActivity():
            return _report_activity(kit, state, command, at)
        case StartJourney():
            return []
        case _:
            assert_never(command)


_OF_TIMERS = (Remind, Escalate, MissDeadline, GiveUpIntake, EndPathway, CloseAtEnd)


def _is_due(kit: Kit, state: JourneyState, command: JourneyCommand, at: datetime) -> bool:
    """Whether a timer stands for this command and its moment has come. One stopped meanwhile has lost its point."""
    return any(timer.then == command and timer.at <= at for timer in timers(kit, state))


_ALLOWED_IN_A_PAUSE = (Pause, Resume, Withdraw, EndEarly, ResolveCase, RecordOutcome, ReportActivity)


def _after_closing(state: JourneyState, command: JourneyCommand) -> Events:
    """A repeated farewell is no mistake; anything else comes too late."""
    assert state.closing
    repeats: dict[type, Ending] = {Withdraw: "withdrawn", EndEarly: "ended_early", CompleteWrapUp: "completed"}
    declines = isinstance(command, ReviewIntake) and command.verdict == "decline"
    farewell = "declined" if declines else repeats.get(type(command))
    if isinstance(command, ReportActivity) or farewell == state.closing.ending:
        return []
    raise Rejected(
        f"the journey closed on {state.closing.at:%d %B %Y} ({state.closing.ending.replace('_', ' ')}); "
        "only an outcome can still be recorded"
    )


def _only_in(state: JourneyState, *stages: Stage) -> None:
    if state.stage not in stages:
        wanted = " or ".join(stage.replace("_", "-") for stage in stages)
        raise Rejected(f"this belongs to the stage {wanted}; the journey is in {state.stage.replace('_', '-')}")


def _start(kit: Kit, command: StartJourney, at: datetime) -> JourneyEvent:
    if command.program != kit.program_id:
        raise Rejected(f"this kit is of the program {kit.program!r}, not of {command.program!r}")
    if command.kit != kit.digest:
        raise Rejected("the journey is pinned to another version of the kit")
    return JourneyStarted(
        at=at,
        program=command.program,
        learner=command.learner,
        kit=command.kit,
        intake_due_at=at + kit.intake.within,
    )


def _submit_intake(kit: Kit, state: JourneyState, command: SubmitIntake, at: datetime) -> Events:
    if state.answers == command.answers and not _awaits(state, "intake"):
        return []
    _only_in(state, "intake")
    if problems := kit.intake.problems_with(command.answers):
        raise Rejected("the intake is not complete: " + "; ".join(problems))
    due = at + kit.service_levels.intake_review
    return [IntakeSubmitted(at=at, answers=command.answers, review_due_at=due)]


def _awaits(state: JourneyState, duty: str) -> bool:
    return state.wait is not None and state.wait.duty == duty


def _review_intake(kit: Kit, state: JourneyState, command: ReviewIntake, at: datetime) -> Events:
    if command.verdict == "approve" and state.stage != "intake":
        if command.pathway in (None, state.pathway):
            return []
        raise Rejected(f"the intake was approved for the pathway {state.pathway!r}")
    _only_in(state, "intake")
    if not _awaits(state, "intake_review"):
        if command.verdict == "more_information" and state.answers is not None:
            return []
        raise Rejected("the learner has not sent in the intake yet")
    match command.verdict:
        case "approve":
            return [
                IntakeApproved(
                    at=at,
                    pathway=PathwayId(_chosen_pathway(kit, state, command).id),
                    match_due_at=at + kit.service_levels.match,
                )
            ]
        case "more_information":
            _wants_reason(command.reason, "say what the learner should add")
            due = at + kit.intake.within
            return [MoreInformationRequested(at=at, reason=command.reason, intake_due_at=due)]
        case "decline":
            _wants_reason(command.reason, "say why, so that the learner can be told")
            return [_closed("declined", command.reason, at)]
        case _:
            assert_never(command.verdict)


def _wants_reason(reason: str, remedy: str) -> None:
    if not reason.strip():
        raise Rejected(f"a reason is missing; {remedy}")


def _chosen_pathway(kit: Kit, state: JourneyState, command: ReviewIntake) -> Pathway:
    known = ", ".join(pathway.id for pathway in kit.pathways)
    if command.pathway:
        if found := kit.pathway(command.pathway):
            return found
        raise Rejected(f"{command.pathway!r} is not a pathway of this kit; it has: {known}")
    if routed := kit.route(state.answers or {}):
        return routed
    raise Rejected(f"no pathway welcomes these answers; name one of: {known}")


def _approve_match(kit: Kit, state: JourneyState, command: ApproveMatch, at: datetime) -> Events:
    if state.mentor == command.mentor:
        return []
    _only_in(state, "matching", "sessions")
    matched = MentorMatched(at=at, mentor=command.mentor, reason=command.reason)
    return [matched, _plan(kit, state, at)] if state.stage == "matching" else [matched]


def _plan(kit: Kit, state: JourneyState, at: datetime) -> PathwayStarted:
    """Gives every session and milestone its date. Who joins a running term late misses the sessions that are over, and
    gets the time of a rework for milestones already due."""
    pathway = pathway_of(kit, state)
    assert pathway, "a journey is matched only after its pathway was chosen from this kit"
    counts_from = kit.starts_at or at
    begins = max(counts_from, at)
    return PathwayStarted(
        at=at,
        starts_at=begins,
        ends_at=max(counts_from + pathway.ends, begins),
        sessions=tuple(
            PlannedSession(
                session=session.id,
                starts_at=counts_from + session.after,
                attendance_due_at=counts_from + session.after + session.length + kit.service_levels.attendance,
            )
            for session in pathway.sessions
            if counts_from + session.after >= begins
        ),
        milestones=tuple(
            PlannedMilestone(
                milestone=milestone.id,
                due_at=due if (due := counts_from + milestone.due) > begins else begins + milestone.rework,
            )
            for milestone in pathway.milestones
        ),
    )


def _session(state: JourneyState, session: str) -> SessionStanding:
    return _known(state.sessions, lambda one: one.session, session, "session")


def _milestone(state: JourneyState, milestone: str) -> MilestoneStanding:
    return _known(state.milestones, lambda one: one.milestone, milestone, "milestone")


def _known(those: Sequence[T], id_of: Callable[[T], str], wanted: str, what: str) -> T:
    for one in those:
        if id_of(one) == wanted:
            return one
    known = ", ".join(id_of(one) for one in those) or "none"
    raise Rejected(f"{wanted!r} is not a {what} of this journey; it has: {known}")


def _reschedule_session(kit: Kit, state: JourneyState, command: RescheduleSession, at: datetime) -> Events:
    _only_in(state, "sessions")
    session = _session(state, command.session)
    if session.starts_at == command.starts_at:
        return []
    if session.attendance:
        raise Rejected(f"session {session.session!r} has already been recorded as {_words(session.attendance)}")
    if command.starts_at <= at:
        raise Rejected("the new time lies in the past")
    pathway = pathway_of(kit, state)
    assert pathway, "a journey has sessions only when it has a pathway"
    length = pathway.session(session.session).length
    if state.ends_at and command.starts_at > state.ends_at - length:
        raise Rejected(
            f"the session would not be over when the pathway ends on {state.ends_at:%d %B %Y}; choose earlier"
        )
    return [
        SessionRescheduled(
            at=at,
            session=session.session,
            starts_at=command.starts_at,
            attendance_due_at=command.starts_at + length + kit.service_levels.attendance,
        )
    ]


def _words(code: str) -> str:
    return code.replace("_", " ")


def _record_attendance(state: JourneyState, command: RecordAttendance, at: datetime) -> Events:
    _only_in(state, "sessions", "wrap_up")
    session = _session(state, command.session)
    if session.attendance == command.attendance:
        return []
    if session.attendance:
        raise Rejected(f"session {session.session!r} has already been recorded as {_words(session.attendance)}")
    return [AttendanceRecorded(at=at, session=session.session, attendance=command.attendance, notes=command.notes)]


def _submit_milestone(kit: Kit, state: JourneyState, command: SubmitMilestone, at: datetime) -> Events:
    _only_in(state, "sessions", "wrap_up")
    one = _milestone(state, command.milestone)
    if one.status == "submitted":
        return []
    if one.status != "open":
        raise Rejected(f"milestone {one.milestone!r} has already been judged: {one.status}")
    due = at + kit.service_levels.milestone_review
    return [MilestoneSubmitted(at=at, milestone=one.milestone, attempt=one.attempt, review_due_at=due)]


def _review_milestone(kit: Kit, state: JourneyState, command: ReviewMilestone, at: datetime) -> Events:
    _only_in(state, "sessions", "wrap_up")
    one = _milestone(state, command.milestone)
    if one.status == command.verdict and one.score == command.score:
        return []
    if one.status == "open":
        if command.verdict == "returned" and one.attempt > 1 and one.score == command.score:
            return []
        raise Rejected(f"milestone {one.milestone!r} has not been handed in, so there is nothing to review")
    if one.status != "submitted":
        raise Rejected(f"milestone {one.milestone!r} has already been judged: {one.status}")
    pathway = pathway_of(kit, state)
    assert pathway, "a journey has milestones only when it has a pathway"
    rework = pathway.milestone(one.milestone).rework
    return [
        MilestoneReviewed(
            at=at,
            milestone=one.milestone,
            attempt=one.attempt,
            verdict=command.verdict,
            score=command.score,
            feedback=command.feedback,
            due_at=max(one.due_at, at + rework) if command.verdict == "returned" else None,
        )
    ]


def _resolve_case(state: JourneyState, command: ResolveCase, at: datetime) -> Events:
    if state.case(command.case):
        return [CaseResolved(at=at, case=command.case, resolution=command.resolution)]
    if command.case in {_case_id(nth) for nth in range(1, state.cases_opened + 1)}:
        return []
    open_ones = ", ".join(one.case for one in state.cases) or "none"
    raise Rejected(f"there is no case {command.case!r}; open are: {open_ones}")


def _case_id(nth: int) -> CaseId:
    return CaseId(f"case-{nth}")


def _pause(kit: Kit, state: JourneyState, command: Pause, at: datetime) -> Events:
    if state.pause:
        return []
    latest = at + kit.pausing.limit
    until = command.until or latest
    if until <= at:
        raise Rejected("the pause would end before it began; give a later `until`, or none")
    if until > latest:
        raise Rejected(f"a pause may last until {latest:%d %B %Y} at most; give an earlier `until`, or none")
    return [JourneyPaused(at=at, reason=command.reason, until=until)]


def _raise(rule: Escalation, about: str, nth: int, at: datetime) -> JourneyEvent:
    match rule.then:
        case Nudge():
            return Nudged(at=at, rule=rule.id, about=about, to=rule.then.nudge)
        case OpenCase():
            return CaseOpened(
                at=at,
                case=_case_id(nth),
                rule=rule.id,
                about=about,
                severity=rule.then.severity,
                owner=rule.then.open_case,
                respond_by=at + rule.then.respond_within,
            )
        case _:
            assert_never(rule.then)


def _report_activity(kit: Kit, state: JourneyState, command: ReportActivity, at: datetime) -> Events:
    """Seen since: the clock counts from there. Not seen: every rule whose time has come, comes true."""
    if state.stage != "sessions" or state.pause or state.last_seen_at is None:
        return []
    events: list[JourneyEvent] = []
    seen = min(command.last_active_at, at) if command.last_active_at else None
    if seen and seen > state.last_seen_at:
        events.append(ActivitySeen(at=at, last_active_at=seen))
        state = evolve(state, events[-1])
    for rule, due_at in due_quiet_rules(kit, state):
        if due_at <= at and state.last_seen_at:
            events.append(_raise(rule, quiet_since(state.last_seen_at), state.cases_opened + 1, at))
            state = evolve(state, events[-1])
    return events


def _consequences(kit: Kit, state: JourneyState, at: datetime) -> list[JourneyEvent]:
    """What the kit's rules make of the facts as they are now, without waiting for any clock."""
    if state.closing or state.pause or state.stage != "sessions":
        return []
    events = _missed_in_a_row(kit, state, at)
    pathway = pathway_of(kit, state)
    has_work = bool(state.sessions or state.milestones)
    if pathway and pathway.ends_when_done and has_work and state.settled:
        events.append(_wrap_up(kit, "all_settled", at))
    return events


def _missed_in_a_row(kit: Kit, state: JourneyState, at: datetime) -> list[JourneyEvent]:
    if not state.misses_in_a_row:
        return []
    about = f"missed-since:{state.misses_in_a_row[0]}"
    events: list[JourneyEvent] = []
    for rule in kit.escalations:
        match rule.when:
            case MissedInARow(sessions_missed_in_a_row=limit) if len(state.misses_in_a_row) >= limit:
                if not state.has_fired(rule.id, about):
                    events.append(_raise(rule, about, state.cases_opened + 1, at))
                    state = evolve(state, events[-1])
            case _:
                continue
    return events


def _wrap_up(kit: Kit, reason: Literal["all_settled", "pathway_ended"], at: datetime) -> WrapUpStarted:
    return WrapUpStarted(at=at, reason=reason, due_at=at + kit.service_levels.wrap_up)


def _closed(ending: Ending, reason: str, at: datetime) -> JourneyClosed:
    return JourneyClosed(at=at, ending=ending, reason=reason)


def _tally(state: JourneyState) -> str:
    if not state.milestones:
        return "the pathway is complete"
    passed = sum(one.status == "passed" for one in state.milestones)
    return f"{passed} of {len(state.milestones)} milestones passed"


def fold(events: Events, state: JourneyState | None = None) -> JourneyState | None:
    """The state that these events lead to, from the beginning or from an earlier state."""
    for event in events:
        state = evolve(state, event)
    return state
