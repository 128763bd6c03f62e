"""How sessions went: it is recorded, corrected, and taken back altogether."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, assert_never

from pydantic import AwareDatetime, Field

from domain.ids import SessionId
from domain.journey.bases import ActorEvent, CorrectableCommand, Events, NamedCommand, Repeatable
from domain.journey.between_sessions import check_in_due, next_check_in
from domain.journey.duty import pathway_of
from domain.journey.escalations import forget_fired
from domain.journey.parts import changed
from domain.journey.refusing import (
    Code,
    in_words,
    require_session,
    require_under_way,
)
from domain.journey.repeating import corrected, corrects, digest, is_first, is_recorded
from domain.journey.sessions import with_session
from domain.journey.state import JourneyState, Miss, SessionStanding, Spell
from domain.journey.steps import mentor_seen, seen
from domain.journey.terms import Attendance
from domain.kit import Kit
from domain.refusal import Rejected
from domain.values import Personal, either


class AttendanceRecorded(Repeatable):
    """How a session went. Misses in a row may fire an escalation."""

    type: ClassVar[str] = "journey.attendance_recorded"
    session: SessionId
    attendance: Attendance
    notes: Personal = ""
    notes_due_at: AwareDatetime | None = None
    follow_up_due_at: AwareDatetime | None = None
    check_in_by: AwareDatetime | None = None

    def key_and_digest(self) -> tuple[str, str]:
        return f"attendance:{self.session}", digest(self.attendance, self.notes)


class AttendanceCorrected(ActorEvent, Repeatable):
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

    def key_and_digest(self) -> tuple[str, str]:
        return f"attendance:{self.session}", corrected(digest(self.attendance, self.notes), self.reason)


class AttendanceTakenBack(ActorEvent, Repeatable):
    """Nothing should have been recorded of the session, as when it was meant for another learner. It stands as if
    nobody had said how it went: notes, follow-up and next steps count no more, and the attendance is asked for again.
    """

    type: ClassVar[str] = "journey.attendance_taken_back"
    session: SessionId
    was: Attendance
    reason: Personal
    attendance_due_at: AwareDatetime

    def key_and_digest(self) -> tuple[str, str]:
        return _taken_back_key(self.session), digest(self.reason)


def _taken_back_key(session: str) -> str:
    return f"taken_back:{session}"


def was_taken_back(state: JourneyState, session: str) -> bool:
    """Whether its attendance was taken back at some time, whatever was recorded since."""
    return _taken_back_key(session) in state.said


AttendanceEvent = AttendanceRecorded | AttendanceCorrected | AttendanceTakenBack


class RecordAttendance(CorrectableCommand):
    """Say how a session went."""

    name: ClassVar[str] = "record_attendance"
    session: SessionId
    attendance: Attendance
    notes: Personal = ""


class TakeBackAttendance(NamedCommand):
    """Take back altogether how a session went, with its notes and follow-up, as of the wrong learner."""

    name: ClassVar[str] = "take_back_attendance"
    session: SessionId
    reason: Personal = Field(min_length=1)


AttendanceCommand = RecordAttendance | TakeBackAttendance


# Rules


def decide(kit: Kit, state: JourneyState, command: AttendanceCommand, at: datetime) -> Events:
    match command:
        case RecordAttendance():
            return _record_attendance(kit, state, command, at)
        case TakeBackAttendance():
            return _take_back(kit, state, command, at)
        case _:
            assert_never(command)


_HELD: tuple[Attendance, ...] = ("attended", "late")
_CALLED_OFF: tuple[Attendance, ...] = ("cancelled_in_time", "cancelled_late")


def require_begun(_: Kit, state: JourneyState, command: RecordAttendance, at: datetime) -> None:
    """Raises Rejected for a session that lies ahead, unless it is called off."""
    session = state.session(command.session) if state.stage in ("sessions", "wrap_up", "closed") else None
    if session is None or (session.attendance and not command.corrects):
        return
    if session.starts_at > at and command.attendance not in _CALLED_OFF:
        raise Rejected(
            Code.SESSION_NOT_BEGUN,
            f"session {session.session!r} has not begun: it is on {session.starts_at:%d %B %Y at %H:%M} UTC. Until "
            f"then it can be moved by reschedule_session, or called off: {either(_CALLED_OFF)}",
            {"starts_at": session.starts_at.isoformat()},
        )


def _record_attendance(kit: Kit, state: JourneyState, command: RecordAttendance, at: datetime) -> Events:
    require_under_way(state, corrects=command.corrects)
    session = require_session(state, command.session)
    if session.attendance:
        what = f"session {session.session!r} has already been recorded as {in_words(session.attendance)}"
        key = f"attendance:{session.session}"
        if not corrects(state, command, key, command.attendance, command.notes, there=what):
            return []
        return [_attendance_corrected(kit, state, session, command, at)]
    is_first(command, f"how session {session.session!r} went")
    wanted = _wanted_after(kit, state, session.session, at) if command.attendance in _HELD else {}
    return [
        AttendanceRecorded(at=at, session=session.session, attendance=command.attendance, notes=command.notes, **wanted)
    ]


def _attendance_corrected(
    kit: Kit, state: JourneyState, session: SessionStanding, command: RecordAttendance, at: datetime
) -> AttendanceCorrected:
    """What a session that was held asks for is asked from now on, where it was not asked before and the journey goes
    on."""
    assert session.attendance, "only what is recorded is corrected"
    asks = command.attendance in _HELD and not session.held and not state.closing
    wanted = _wanted_after(kit, state, session.session, at) if asks else {}
    return AttendanceCorrected(
        at=at,
        session=session.session,
        was=session.attendance,
        attendance=command.attendance,
        notes=command.notes,
        reason=command.reason,
        notes_due_at=wanted.get("notes_due_at"),
        follow_up_due_at=wanted.get("follow_up_due_at"),
    )


def _take_back(kit: Kit, state: JourneyState, command: TakeBackAttendance, at: datetime) -> Events:
    require_under_way(state)
    session = require_session(state, command.session)
    if session.attendance is None:
        if is_recorded(state, _taken_back_key(session.session), command.reason):
            return []
        raise Rejected(
            Code.NOTHING_TO_CORRECT,
            f"nobody has recorded how session {session.session!r} went, so there is nothing to take back",
        )
    ahead = session.starts_at > at
    due_at = session.attendance_due_at if ahead else at + kit.service_levels.attendance
    return [
        AttendanceTakenBack(
            at=at, session=session.session, was=session.attendance, reason=command.reason, attendance_due_at=due_at
        )
    ]


def _wanted_after(kit: Kit, state: JourneyState, session: str, at: datetime) -> dict[str, datetime | None]:
    pathway = pathway_of(kit, state)
    plan = next((one for one in pathway.sessions if one.id == session), None) if pathway else None
    levels = kit.service_levels
    return {
        "notes_due_at": at + levels.notes if plan and plan.notes else None,
        "follow_up_due_at": at + levels.follow_up if levels.follow_up else None,
        "check_in_by": next_check_in(kit, state, at),
    }


# The state


def evolve(state: JourneyState, event: AttendanceEvent) -> JourneyState:
    match event:
        case AttendanceRecorded():
            return _attendance_recorded(state, event)
        case AttendanceCorrected():
            return _corrected(state, event)
        case AttendanceTakenBack():
            return _taken_back(state, event)
        case _:
            assert_never(event)


def _attendance_recorded(state: JourneyState, event: AttendanceRecorded) -> JourneyState:
    if event.attendance == "missed_by_learner":
        state = _missed(state, event)
    state = _came(
        state,
        event.session,
        event.attendance,
        event.at,
        held_at=event.at,
        owed_since=event.at,
        notes_due_at=event.notes_due_at,
        follow_up_due_at=event.follow_up_due_at,
    )
    return check_in_due(state, event.at, event.check_in_by)


def _missed(state: JourneyState, event: AttendanceRecorded) -> JourneyState:
    session = state.session(event.session)
    assert session, "only a session of the journey is missed"
    return changed(
        state,
        misses_in_a_row=(*state.misses_in_a_row, session.name),
        misses=(*state.misses, Miss(name=session.name, at=event.at)),
    )


def _came(
    state: JourneyState, session: SessionId, attendance: Attendance, at: datetime, **also: object
) -> JourneyState:
    """Whoever came gave a sign of life. The spells of inactivity that this ended are kept with the session."""
    before = state
    match attendance:
        case "attended" | "late":
            state = changed(state, misses_in_a_row=()) if state.misses_in_a_row else state
            state = mentor_seen(seen(state, at), at)
        case "missed_by_learner":
            state = mentor_seen(state, at)
        case "missed_by_mentor" | "cancelled_in_time" | "cancelled_late":
            pass
        case _:
            assert_never(attendance)
    changes = also | {
        "attendance": attendance,
        "learner_before": _ended(before.last_seen_at, before.quiet_from, state.last_seen_at),
        "mentor_before": _ended(before.mentor_seen_at, before.mentor_quiet_from, state.mentor_seen_at),
    }
    return with_session(state, session, False, **changes)


def _ended(seen_at: datetime | None, quiet_from: datetime | None, seen_now: datetime | None) -> Spell | None:
    if seen_at is None or quiet_from is None or seen_at == seen_now:
        return None
    return Spell(seen_at=seen_at, quiet_from=quiet_from)


def _corrected(state: JourneyState, event: AttendanceCorrected) -> JourneyState:
    """As if the right thing had been recorded when the wrong one was. Its misses and signs of life are exchanged; what
    only the wrong one asked for is no longer owed."""
    was = state.session(event.session)
    assert was, "only a session of the journey is corrected"
    assert was.held_at, "only what was recorded is corrected"
    assert was.owed_since, "only what was recorded is corrected"
    if event.was == event.attendance:
        return state
    state = _unseen(state, was)
    held = event.attendance in _HELD
    owed: dict[str, object] = {"notes_due_at": event.notes_due_at, "follow_up_due_at": event.follow_up_due_at}
    misses = [one for one in state.misses if one.name != was.name]
    counts = state.misses_since is None or was.held_at > state.misses_since
    if event.attendance == "missed_by_learner" and counts:
        misses.append(Miss(name=was.name, at=was.owed_since))
        misses.sort(key=lambda one: one.at)
    state = _came(state, event.session, event.attendance, was.held_at, **({} if held and was.held else owed))
    state = changed(state, misses=tuple(misses), misses_in_a_row=_in_a_row(state, misses))
    return forget_fired(state, f"notes:{was.session}#{was.turn}", f"follow_up:{was.session}#{was.turn}")


def _taken_back(state: JourneyState, event: AttendanceTakenBack) -> JourneyState:
    """As if nobody had said how it went. What was to be prepared for a session that is over is asked no more."""
    was = state.session(event.session)
    assert was, "only a session of the journey is taken back"
    state = with_session(
        _unseen(state, was),
        event.session,
        attendance=None,
        held_at=None,
        owed_since=None,
        notes_due_at=None,
        follow_up_due_at=None,
        learner_before=None,
        mentor_before=None,
        planned_at=event.at,
        attendance_due_at=event.attendance_due_at,
        preparation_due_at=was.preparation_due_at if was.starts_at > event.at else None,
    )
    misses = tuple(one for one in state.misses if one.name != was.name)
    steps = {f"{event.session}-{nth}" for nth in range(1, was.next_steps + 1)}
    gone = {f"{what}:{event.session}" for what in ("attendance", "notes", "follow_up")}
    state = changed(
        state,
        misses=misses,
        misses_in_a_row=_in_a_row(state, misses),
        action_items=tuple(one for one in state.action_items if one.item not in steps),
        said={key: said for key, said in state.said.items() if key not in gone},
    )
    turn = f"{was.session}#{was.turn}"
    return forget_fired(state, f"session:{turn}", f"notes:{turn}", f"follow_up:{turn}")


def _unseen(state: JourneyState, session: SessionStanding) -> JourneyState:
    """The signs of life that its attendance gave are none, where no later one has come since."""
    changes: dict[str, object] = {}
    if session.learner_before and state.last_seen_at == session.held_at:
        changes |= {"last_seen_at": session.learner_before.seen_at, "quiet_from": session.learner_before.quiet_from}
    if session.mentor_before and state.mentor_seen_at == session.held_at:
        before = session.mentor_before
        changes |= {"mentor_seen_at": before.seen_at, "mentor_quiet_from": before.quiet_from}
    return changed(state, **changes) if changes else state


def _in_a_row(state: JourneyState, misses: Iterable[Miss]) -> tuple[str, ...]:
    """The misses since the last session that the learner came to."""
    held = [one.owed_since for one in state.sessions if one.held and one.owed_since]
    return tuple(miss.name for miss in misses if not held or miss.at > max(held))
