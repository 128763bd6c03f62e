"""Giving sessions and milestones their dates, at first and again."""

from collections.abc import Collection
from datetime import datetime

from domain.ids import MilestoneId, SessionId
from domain.journey import events as e
from domain.journey.commands import RescheduleSession, ResetPathway
from domain.journey.deciding.refusing import Rejected, only_in, session_of, words
from domain.journey.outlook import pathway_of
from domain.journey.state import JourneyState, SessionStanding
from domain.kit import Kit, Pathway
from domain.values import changed


def planned(kit: Kit, state: JourneyState, at: datetime) -> e.PathwayStarted:
    """Gives every session and milestone its date. Who joins a running term late misses the sessions that are over, and
    gets the time of a rework for milestones already due."""
    pathway = _pathway(kit, state)
    counts_from = kit.starts_at or at
    begins = max(counts_from, at)
    return e.PathwayStarted(
        at=at,
        starts_at=begins,
        ends_at=max(counts_from + pathway.ends, begins),
        sessions=sessions(kit, pathway, counts_from, begins),
        milestones=milestones(pathway, counts_from, begins),
    )


def _pathway(kit: Kit, state: JourneyState) -> Pathway:
    pathway = pathway_of(kit, state)
    assert pathway, "a journey is matched only after its pathway was chosen from this kit"
    return pathway


def sessions(
    kit: Kit, pathway: Pathway, counts_from: datetime, begins: datetime, without: Collection[str] = ()
) -> tuple[e.PlannedSession, ...]:
    return tuple(
        e.PlannedSession(
            session=SessionId(one.id),
            starts_at=counts_from + one.after,
            attendance_due_at=counts_from + one.after + one.length + kit.service_levels.attendance,
            wants_preparation=one.preparation is not None,
        )
        for one in pathway.sessions
        if one.id not in without and counts_from + one.after >= begins
    )


def milestones(
    pathway: Pathway, counts_from: datetime, begins: datetime, without: Collection[str] = ()
) -> tuple[e.PlannedMilestone, ...]:
    return tuple(
        e.PlannedMilestone(
            milestone=MilestoneId(one.id),
            due_at=due if (due := counts_from + one.due) > begins else begins + one.rework,
        )
        for one in pathway.milestones
        if one.id not in without
    )


def reset(kit: Kit, state: JourneyState, command: ResetPathway, at: datetime) -> e.Events:
    only_in(state, "sessions")
    return [started_again(kit, state, command.reason, at)]


def started_again(kit: Kit, state: JourneyState, reason: str, at: datetime) -> e.PathwayReset:
    """Every session that was not held, and every milestone that is not settled, counts anew from now, or from the
    beginning of a term that lies ahead. The end of a term stays: work is due by then, and sessions beyond it are left
    out."""
    pathway = _pathway(kit, state)
    begins = max(at, kit.starts_at or at)
    ends_at = term_end(kit, state) or begins + pathway.ends
    anew = sessions(kit, pathway, begins, begins, {one.session for one in state.sessions if one.held})
    fitting = tuple(one for one in anew if one.starts_at + pathway.session(one.session).length <= ends_at)
    return e.PathwayReset(
        at=at,
        reason=reason,
        starts_at=begins,
        ends_at=ends_at,
        sessions=fitting,
        milestones=tuple(
            changed(one, {"due_at": min(one.due_at, ends_at)})
            for one in milestones(pathway, begins, begins, kept_milestones(state))
        ),
        left_out=tuple(one.session for one in anew if one not in fitting),
    )


def term_end(kit: Kit, state: JourneyState) -> datetime | None:
    """The end of the fixed term that the learner is in, which nobody moves; None where each has a time of their own."""
    return state.ends_at if kit.starts_at and state.stage == "sessions" else None


def held_back(kit: Kit, state: JourneyState, began: datetime, end: datetime, at: datetime) -> e.Events:
    """What becomes of the sessions that the time for which the clocks stood, since `began`, would carry past the end of
    the term: they keep the date that they had, and those for which it is past are called off."""
    pathway = _pathway(kit, state)
    paused_for = at - began
    ahead = [one for one in state.sessions if not one.attendance and one.starts_at >= began]
    beyond = [one for one in ahead if one.starts_at + paused_for + pathway.session(one.session).length > end]
    return [_kept(one, at) if one.starts_at >= at else _called_off(one, bool(state.pause), end, at) for one in beyond]


def _kept(one: SessionStanding, at: datetime) -> e.SessionRescheduled:
    due = one.attendance_due_at
    return e.SessionRescheduled(at=at, session=one.session, starts_at=one.starts_at, attendance_due_at=due)


def _called_off(one: SessionStanding, paused: bool, end: datetime, at: datetime) -> e.AttendanceRecorded:
    spell = "the pause" if paused else "the time for which the journey was closed"
    notes = f"it fell into {spell}, and does not fit in before the term ends on {end:%d %B %Y}"
    return e.AttendanceRecorded(at=at, session=one.session, attendance="cancelled_in_time", notes=notes)


def kept_milestones(state: JourneyState) -> set[str]:
    """Those that a new plan leaves alone: judged, waived, or handed in and waiting for it."""
    return {one.milestone for one in state.milestones if one.settled or one.status == "submitted"}


def reschedule(kit: Kit, state: JourneyState, command: RescheduleSession, at: datetime) -> e.Events:
    only_in(state, "sessions")
    session = session_of(state, command.session)
    if session.starts_at == command.starts_at:
        return []  # the date is all that it says
    if session.attendance:
        raise Rejected(f"session {session.session!r} has already been recorded as {words(session.attendance)}")
    if command.starts_at <= at:
        raise Rejected("the new time lies in the past")
    length = _pathway(kit, state).session(session.session).length
    if state.ends_at and command.starts_at > state.ends_at - length:
        raise Rejected(
            f"the session would not be over when the pathway ends on {state.ends_at:%d %B %Y}; choose earlier"
        )
    return [
        e.SessionRescheduled(
            at=at,
            session=session.session,
            starts_at=command.starts_at,
            attendance_due_at=command.starts_at + length + kit.service_levels.attendance,
        )
    ]
