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
from domain.journey.deciding.repeating import corrects, is_first, is_recorded
from domain.journey.outlook import pathway_of
from domain.journey.saying import steps
from domain.journey.state import JourneyState, SessionStanding
from domain.kit import Kit, Template
from domain.values import either


def prepare(kit: Kit, state: JourneyState, command: PrepareSession, at: datetime) -> e.Events:
    only_in(state, "sessions")
    session = session_of(state, command.session)
    said = (f"preparation:{session.session}", command.answers, command.goal, command.artifact)
    if session.prepared and is_recorded(state, *said):
        return []
    if session.attendance:
        raise Rejected(f"session {session.session!r} is over: {words(session.attendance)}")
    if command.answers or not (command.goal or command.artifact) or session.preparation_due_at:
        _fits(_template(kit, state, session.session, "preparation"), command.answers)
    return [
        e.SessionPrepared(
            at=at,
            session=session.session,
            answers=command.answers,
            goal=command.goal,
            artifact=command.artifact,
        )
    ]


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
    if session.attendance:
        what = f"session {session.session!r} has already been recorded as {words(session.attendance)}"
        key = f"attendance:{session.session}"
        if not corrects(state, command, key, command.attendance, command.notes, there=what):
            return []
        return [_attendance_corrected(kit, state, session, command, at)]
    is_first(command, f"how session {session.session!r} went")
    recorded = e.AttendanceRecorded(at=at, session=session.session, attendance=command.attendance, notes=command.notes)
    match command.attendance:
        case "attended" | "late":
            return [recorded.model_copy(update=_wanted_after(kit, state, session.session, at))]
        case "missed_by_learner" | "missed_by_mentor" | "cancelled_in_time" | "cancelled_late":
            return [recorded]
        case _:
            assert_never(command.attendance)


def has_begun(state: JourneyState, command: RecordAttendance, at: datetime) -> None:
    """Raises Rejected for a session that lies ahead, unless it is called off."""
    session = state.session(command.session)
    if session is None or (session.attendance and not command.corrects):
        return
    if session.starts_at > at and command.attendance not in _CALLED_OFF:
        raise Rejected(
            f"session {session.session!r} has not begun: it is on {session.starts_at:%d %B %Y at %H:%M} UTC. Until "
            f"then it can be moved by reschedule_session, or called off: {either(_CALLED_OFF)}"
        )


_CALLED_OFF: tuple[e.Attendance, ...] = ("cancelled_in_time", "cancelled_late")


def _attendance_corrected(
    kit: Kit, state: JourneyState, session: SessionStanding, command: RecordAttendance, at: datetime
) -> e.AttendanceCorrected:
    """What a session that was held asks for is asked from now on, where it was not asked before."""
    assert session.attendance, "only what is recorded is corrected"
    held = command.attendance in ("attended", "late")
    wanted = _wanted_after(kit, state, session.session, at) if held and not session.held else {}
    return e.AttendanceCorrected(
        at=at,
        session=session.session,
        was=session.attendance,
        attendance=command.attendance,
        notes=command.notes,
        reason=command.reason,
        notes_due_at=wanted.get("notes_due_at"),
        follow_up_due_at=wanted.get("follow_up_due_at"),
    )


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
    key, what = f"notes:{session.session}", f"the notes of session {session.session!r} have been written"
    written = session.notes_due_at is None and key in state.said
    if written:
        if not corrects(state, command, key, command.answers, there=what):
            return []
        _fits(template, command.answers)
        return [e.NotesCorrected(at=at, session=session.session, answers=command.answers, reason=command.reason)]
    is_first(command, f"a note on session {session.session!r}")
    _fits(template, command.answers)
    return [e.NotesWritten(at=at, session=session.session, answers=command.answers)]


def send_follow_up(state: JourneyState, command: SendFollowUp, at: datetime) -> e.Events:
    only_in(state, "sessions", "wrap_up")
    session = session_of(state, command.session)
    if not session.held:
        raise Rejected(f"session {session.session!r} has not been held; record the attendance first")
    key, what = f"follow_up:{session.session}", f"the follow-up of session {session.session!r} has been sent"
    sent = session.follow_up_due_at is None and key in state.said
    if sent and not corrects(state, command, key, command.summary, steps(command.next_steps), there=what):
        return []
    if not sent:
        is_first(command, f"a follow-up of session {session.session!r}")
    for step in command.next_steps:
        within_a_year(step.due_at, at, "a next step would be due at a moment")
    items = tuple(
        e.ActionItem(item=_item(session, nth), owner=step.owner, due_at=step.due_at, text=step.text)
        for nth, step in enumerate(command.next_steps, start=session.next_steps + 1)
    )
    if sent:
        reason = command.reason
        return [
            e.FollowUpCorrected(at=at, session=session.session, summary=command.summary, items=items, reason=reason)
        ]
    return [e.FollowUpSent(at=at, session=session.session, summary=command.summary, items=items)]


def _item(session: SessionStanding, nth: int) -> str:
    return f"{session.session}-{nth}"


def _items(session: SessionStanding) -> set[str]:
    """All that its follow-up left, taken or not."""
    return {_item(session, nth) for nth in range(1, session.next_steps + 1)}


def close_action_item(state: JourneyState, command: CloseActionItem, at: datetime) -> e.Events:
    only_in(state, "sessions", "wrap_up")
    if any(one.item == command.item for one in state.action_items):
        is_first(command, f"what became of the next step {command.item!r}", reason_of_its_own=True)
        if not command.done and not command.reason.strip():
            raise Rejected("a reason is missing; say why the step is given up")
        return [e.ActionItemClosed(at=at, item=command.item, done=command.done, reason=command.reason)]
    key = f"item:{command.item}"
    if any(command.item in _items(one) for one in state.sessions):
        if key not in state.said:
            raise Rejected(
                f"the next step {command.item!r} is no longer asked: the follow-up that left it was corrected"
            )
        if is_recorded(state, key, command.done, command.reason):
            return []
        corrects(state, command, key, command.done, command.reason, there=f"the next step {command.item!r} is closed")
        return [e.ActionItemClosed(at=at, item=command.item, done=command.done, reason=command.reason)]
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
