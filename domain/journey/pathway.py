"""The pathway: when it begins and starts again, and what sessions and milestones it plans."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import ClassVar, assert_never

from pydantic import AwareDatetime, Field

from domain.ids import MilestoneId, SessionId
from domain.journey.attendance import AttendanceRecorded
from domain.journey.bases import DailyCommand, Events, RepeatableDaily
from domain.journey.duty import chosen_pathway
from domain.journey.milestones import PlannedMilestone, new_milestone
from domain.journey.parts import changed
from domain.journey.refusing import require_stage
from domain.journey.sessions import PlannedSession, SessionRescheduled, new_session
from domain.journey.state import (
    JourneyState,
    SessionStanding,
)
from domain.journey.steps import on_the_clock, seen
from domain.kit import Kit, Pathway, Session
from domain.values import Event, Personal
from domain.values import changed as changed_value


class PathwayStarted(Event):
    """The work begins: every session and milestone has its date. They move only by a reschedule or a pause."""

    type: ClassVar[str] = "journey.pathway_started"
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    sessions: tuple[PlannedSession, ...]
    milestones: tuple[PlannedMilestone, ...]


class PathwayReset(RepeatableDaily):
    """The pathway starts again: sessions not held and milestones not settled have new dates. The history stays."""

    type: ClassVar[str] = "journey.pathway_reset"
    reason: Personal
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    sessions: tuple[PlannedSession, ...]
    milestones: tuple[PlannedMilestone, ...]
    left_out: tuple[SessionId, ...] = ()
    """What would not be over by the end of a fixed term: it stays as it was, on its old date or missed."""

    def kind_and_text(self) -> tuple[str, str]:
        return "reset", self.reason


PathwayEvent = PathwayStarted | PathwayReset


class ResetPathway(DailyCommand):
    """Start the pathway again, with new dates for what was not held and what is not settled."""

    name: ClassVar[str] = "reset_pathway"
    reason: Personal = Field(min_length=1)

    def kind_and_text(self) -> tuple[str, str]:
        return "reset", self.reason


def decide(kit: Kit, state: JourneyState, command: ResetPathway, at: datetime) -> Events:
    require_stage(state, "sessions")
    return [started_again(kit, state, command.reason, at)]


def planned(kit: Kit, state: JourneyState, at: datetime) -> PathwayStarted:
    """Gives every session and milestone its date. Who joins a running term late misses the sessions that are over, and
    gets the time of a rework for milestones already due."""
    pathway = chosen_pathway(kit, state)
    counts_from = kit.starts_at or at
    begins = max(counts_from, at)
    return PathwayStarted(
        at=at,
        starts_at=begins,
        ends_at=with_group(kit, state, max(counts_from + pathway.ends, begins)),
        sessions=sessions(kit, pathway, counts_from, begins, group=state.group_times),
        milestones=milestones(pathway, counts_from, begins),
    )


def sessions(
    kit: Kit,
    pathway: Pathway,
    counts_from: datetime,
    begins: datetime,
    without: Collection[str] = (),
    *,
    group: Mapping[str, datetime] = {},
) -> tuple[PlannedSession, ...]:
    """`group`: the times of those that the learner has with a group."""
    dates = ((one, group.get(one.id, counts_from + one.after)) for one in pathway.sessions if one.id not in without)
    return tuple(planned_session(kit, one, starts_at) for one, starts_at in dates if starts_at >= begins)


def planned_session(kit: Kit, one: Session, starts_at: datetime) -> PlannedSession:
    return PlannedSession(
        session=SessionId(one.id),
        starts_at=starts_at,
        attendance_due_at=starts_at + one.length + kit.service_levels.attendance,
        wants_preparation=one.preparation is not None,
    )


def with_group(kit: Kit, state: JourneyState, ends_at: datetime) -> datetime:
    """The end of the pathway, not before the last session of the learner's group is over. A fixed term ends as it
    does."""
    if kit.starts_at:
        return ends_at
    times = state.group_times
    lengths = {one.id: one.length for one in chosen_pathway(kit, state).sessions}
    return max([ends_at, *(starts_at + lengths[one] for one, starts_at in times.items() if one in lengths)])


def milestones(
    pathway: Pathway, counts_from: datetime, begins: datetime, without: Collection[str] = ()
) -> tuple[PlannedMilestone, ...]:
    return tuple(
        PlannedMilestone(
            milestone=MilestoneId(one.id),
            due_at=due if (due := counts_from + one.due) > begins else begins + one.rework,
        )
        for one in pathway.milestones
        if one.id not in without
    )


def started_again(kit: Kit, state: JourneyState, reason: str, at: datetime) -> PathwayReset:
    """Every session that was not held, and every milestone that is not settled, counts anew from now, or from the
    beginning of a term that lies ahead. The end of a term stays: work is due by then, and sessions beyond it are left
    out."""
    pathway = chosen_pathway(kit, state)
    begins = max(at, kit.starts_at or at)
    ends_at = term_end(kit, state) or with_group(kit, state, begins + pathway.ends)
    held = {one.session for one in state.sessions if one.held}
    anew = sessions(kit, pathway, begins, begins, held, group=state.group_times)
    fitting = tuple(one for one in anew if one.starts_at + pathway.session(one.session).length <= ends_at)
    return PathwayReset(
        at=at,
        reason=reason,
        starts_at=begins,
        ends_at=ends_at,
        sessions=fitting,
        milestones=tuple(
            changed_value(one, {"due_at": min(one.due_at, ends_at)})
            for one in milestones(pathway, begins, begins, kept_milestones(state))
        ),
        left_out=tuple(one.session for one in anew if one not in fitting),
    )


def term_end(kit: Kit, state: JourneyState) -> datetime | None:
    """The end of the fixed term that the learner is in, which nobody moves; None where each has a time of their own."""
    return state.ends_at if kit.starts_at and state.stage == "sessions" else None


def held_back(kit: Kit, state: JourneyState, began: datetime, end: datetime | None, at: datetime) -> Events:
    """What becomes of the sessions that the time for which the clocks stood, since `began`, does not move: those that
    it would carry past the end of the term, and those of the learner's group. They keep the date that they had, and
    those for which it is past are called off."""
    group = state.group_times
    if end is None and not group:
        return []
    pathway = chosen_pathway(kit, state)
    paused_for = at - began
    ahead = [one for one in state.sessions if not one.attendance and one.starts_at >= began]
    fixed = [
        one
        for one in ahead
        if one.session in group or (end and one.starts_at + paused_for + pathway.session(one.session).length > end)
    ]
    why = _why_called_off(bool(state.pause), end)
    with_others = _why_called_off(bool(state.pause), None)
    return [
        _kept(one, at) if one.starts_at >= at else _called_off(one, with_others if one.session in group else why, at)
        for one in fixed
    ]


def _kept(one: SessionStanding, at: datetime) -> SessionRescheduled:
    due = one.attendance_due_at
    return SessionRescheduled(at=at, session=one.session, starts_at=one.starts_at, attendance_due_at=due)


def _why_called_off(paused: bool, end: datetime | None) -> str:
    spell = "the pause" if paused else "the time for which the journey was closed"
    if end is None:
        return f"it fell into {spell}, and the group met without the learner"
    return f"it fell into {spell}, and does not fit in before the term ends on {end:%d %B %Y}"


def _called_off(one: SessionStanding, notes: str, at: datetime) -> AttendanceRecorded:
    return AttendanceRecorded(at=at, session=one.session, attendance="cancelled_in_time", notes=notes)


def kept_milestones(state: JourneyState) -> set[str]:
    """Those that a new plan leaves alone: judged, waived, or handed in and waiting for it."""
    return {one.milestone for one in state.milestones if one.settled or one.status == "submitted"}


def evolve(state: JourneyState, event: PathwayEvent) -> JourneyState:
    match event:
        case PathwayStarted():
            return _pathway_started(state, event)
        case PathwayReset():
            return _reset(state, event)
        case _:
            assert_never(event)


def _pathway_started(state: JourneyState, event: PathwayStarted) -> JourneyState:
    return changed(
        state,
        stage="sessions",
        stage_since=event.at,
        wait=None,
        ends_at=event.ends_at,
        last_seen_at=event.starts_at,
        quiet_from=event.starts_at,
        mentor_seen_at=event.starts_at,
        mentor_quiet_from=event.starts_at,
        sessions=tuple(new_session(one, event.at) for one in event.sessions),
        milestones=tuple(new_milestone(one, event.at) for one in event.milestones),
    )


def _reset(state: JourneyState, event: PathwayReset) -> JourneyState:
    """Gives what is in the event its dates and another name; keeps what is settled, and what the reset left out."""
    planned = {one.session for one in event.sessions}
    at = on_the_clock(state, event.at, event.at)
    state = changed(
        state,
        sessions=(
            *(one for one in state.sessions if one.session not in planned),
            *(new_session(one, at, state.session(one.session)) for one in event.sessions),
        ),
        milestones=(
            *(one for one in state.milestones if one.milestone in kept_milestones(state)),
            *(new_milestone(one, at, state.milestone(one.milestone)) for one in event.milestones),
        ),
        ends_at=event.ends_at,
        misses_in_a_row=(),
        misses=(),
        misses_since=event.at,
    )
    return seen(state, event.at)
