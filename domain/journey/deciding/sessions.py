"""What happens in, before, after and between sessions."""

from datetime import datetime
from typing import assert_never

from domain.journey import events as e
from domain.journey.commands import (
    AskForHelp,
    CheckIn,
    CloseActionItem,
    GiveFeedback,
    PrepareSession,
    RaiseRiskFlag,
    RecordAttendance,
    SendFollowUp,
    WriteNotes,
)
from domain.journey.deciding.refusing import Rejected, only_in, session_of, within_a_year, words
from domain.journey.outlook import pathway_of
from domain.journey.state import JourneyState, SessionStanding
from domain.kit import Kit, Template


def prepare(kit: Kit, state: JourneyState, command: PrepareSession, at: datetime) -> e.Events:
    only_in(state, "sessions")
    session = session_of(state, command.session)
    if session.prepared:
        return []
    if session.attendance:
        raise Rejected(f"session {session.session!r} is over: {words(session.attendance)}")
    _fits(_template(kit, state, session.session, "preparation"), command.answers)
    return [e.SessionPrepared(at=at, session=session.session, answers=command.answers)]


def _template(kit: Kit, state: JourneyState, session: str, which: str) -> Template:
    pathway = pathway_of(kit, state)
    plan = next((one for one in pathway.sessions if one.id == session), None) if pathway else None
    template = kit.template(getattr(plan, which)) if plan else None
    if template is None:
        raise Rejected(f"the kit has no template for the {which} of session {session!r}")
    return template


def _fits(template: Template, answers: e.Answers) -> None:
    if problems := template.problems_with(answers):
        raise Rejected(f"{template.title} is not complete: " + "; ".join(problems))


def record_attendance(kit: Kit, state: JourneyState, command: RecordAttendance, at: datetime) -> e.Events:
    only_in(state, "sessions", "wrap_up")
    session = session_of(state, command.session)
    if session.attendance == command.attendance:
        return []
    if session.attendance:
        raise Rejected(f"session {session.session!r} has already been recorded as {words(session.attendance)}")
    recorded = e.AttendanceRecorded(at=at, session=session.session, attendance=command.attendance, notes=command.notes)
    match command.attendance:
        case "attended" | "late":
            return [recorded.model_copy(update=_wanted_after(kit, state, session.session, at))]
        case "missed_by_learner" | "missed_by_mentor" | "cancelled_in_time" | "cancelled_late":
            return [recorded]
        case _:
            assert_never(command.attendance)


def _wanted_after(kit: Kit, state: JourneyState, session: str, at: datetime) -> dict[str, datetime | None]:
    pathway = pathway_of(kit, state)
    plan = next((one for one in pathway.sessions if one.id == session), None) if pathway else None
    levels = kit.service_levels
    return {
        "notes_due_at": at + levels.notes if plan and plan.notes else None,
        "follow_up_due_at": at + levels.follow_up if levels.follow_up else None,
        "check_in_by": next_check_in(kit, state, at),
    }


def next_check_in(kit: Kit, state: JourneyState, at: datetime) -> datetime | None:
    if kit.monitoring is None:
        return None
    watched = state.watched_until is not None and at < state.watched_until
    every = kit.monitoring.after_rematch.check_in_every if watched else kit.monitoring.check_in_every
    return at + every


def write_notes(kit: Kit, state: JourneyState, command: WriteNotes, at: datetime) -> e.Events:
    only_in(state, "sessions", "wrap_up")
    session = session_of(state, command.session)
    if not session.held:
        raise Rejected(f"session {session.session!r} has not been held; record the attendance first")
    template = _template(kit, state, session.session, "notes")
    if session.notes_due_at is None:
        return []
    _fits(template, command.answers)
    return [e.NotesWritten(at=at, session=session.session, answers=command.answers)]


def send_follow_up(state: JourneyState, command: SendFollowUp, at: datetime) -> e.Events:
    only_in(state, "sessions", "wrap_up")
    session = session_of(state, command.session)
    if not session.held:
        raise Rejected(f"session {session.session!r} has not been held; record the attendance first")
    if session.follow_up_due_at is None:
        return []
    for step in command.next_steps:
        within_a_year(step.due_at, at, "a next step would be due at a moment")
    items = tuple(
        e.ActionItem(item=_item(session, nth), owner=step.owner, due_at=step.due_at, text=step.text)
        for nth, step in enumerate(command.next_steps, start=1)
    )
    return [e.FollowUpSent(at=at, session=session.session, summary=command.summary, items=items)]


def _item(session: SessionStanding, nth: int) -> str:
    return f"{session.session}-{nth}"


def _items(session: SessionStanding) -> set[str]:
    """All that its follow-up left, taken or not."""
    return {_item(session, nth) for nth in range(1, session.next_steps + 1)}


def close_action_item(state: JourneyState, command: CloseActionItem, at: datetime) -> e.Events:
    only_in(state, "sessions", "wrap_up")
    if any(one.item == command.item for one in state.action_items):
        if not command.done and not command.reason.strip():
            raise Rejected("a reason is missing; say why the step is given up")
        return [e.ActionItemClosed(at=at, item=command.item, done=command.done, reason=command.reason)]
    if any(command.item in _items(one) for one in state.sessions):
        return []
    open_ones = ", ".join(one.item for one in state.action_items) or "none"
    raise Rejected(f"there is no next step {command.item!r}; open are: {open_ones}")


def check_in(kit: Kit, state: JourneyState, command: CheckIn, at: datetime) -> e.Events:
    only_in(state, "sessions")
    return [e.CheckedIn(at=at, notes=command.notes, check_in_by=next_check_in(kit, state, at))]


def raise_risk_flag(command: RaiseRiskFlag, at: datetime) -> e.Events:
    return [e.RiskFlagRaised(at=at, flag=command.flag, notes=command.notes)]


def ask_for_help(command: AskForHelp, at: datetime) -> e.Events:
    return [e.HelpAsked(at=at, notes=command.notes)]


def give_feedback(command: GiveFeedback, at: datetime) -> e.Events:
    return [e.FeedbackGiven(at=at, confidence=command.confidence, notes=command.notes)]
