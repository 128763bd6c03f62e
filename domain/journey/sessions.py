"""Sessions: when they are held, how they are prepared, and what is awaited of them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import ClassVar, assert_never

from pydantic import AwareDatetime, Field

from domain.ids import CohortId, SessionId, Slug
from domain.journey import reminders
from domain.journey.bases import ActorEvent, Events, NamedCommand, Repeatable
from domain.journey.duty import Awaited, Context, chosen_pathway, pathway_of, session_in_words
from domain.journey.parts import changed, replaced
from domain.journey.refusing import (
    Code,
    in_words,
    require_membership,
    require_session,
    require_stage,
    unknown,
)
from domain.journey.repeating import digest, is_recorded
from domain.journey.state import JourneyState, SessionStanding
from domain.journey.steps import seen
from domain.journey.terms import Answers
from domain.journey.timer import Timer
from domain.kit import Kit, Pathway, Template
from domain.refusal import Rejected
from domain.values import Frozen, Instant, Personal


class PlannedSession(Frozen):
    session: SessionId
    starts_at: AwareDatetime
    attendance_due_at: AwareDatetime
    wants_preparation: bool = False


class SessionRescheduled(ActorEvent):
    """The session has another time; its reminders start over."""

    type: ClassVar[str] = "journey.session_rescheduled"
    session: SessionId
    starts_at: AwareDatetime
    attendance_due_at: AwareDatetime
    cohort: CohortId | None = None
    """The group that moved it for all its members."""


class SessionPrepared(Repeatable):
    """The learner said beforehand what the session should be about. Said again before the session, the later counts."""

    type: ClassVar[str] = "journey.session_prepared"
    schema_version: ClassVar[int] = 2
    session: SessionId
    answers: Answers
    goal: Personal = ""
    """The learner's own, beside the one that the kit gives."""
    artifact: Personal = ""
    """What they bring for review: a link, or words that say where it is."""

    def key_and_digest(self) -> tuple[str, str]:
        return f"preparation:{self.session}", digest(self.answers, self.goal, self.artifact)


SessionEvent = SessionRescheduled | SessionPrepared


class RescheduleSession(NamedCommand):
    """Move a session that has not been held to another time."""

    name: ClassVar[str] = "reschedule_session"
    session: SessionId
    starts_at: Instant
    cohort: Slug | None = None
    """The group that moves it for all its members."""


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


SessionCommand = RescheduleSession | PrepareSession


# Rules


def decide(kit: Kit, state: JourneyState, command: SessionCommand, at: datetime) -> Events:
    match command:
        case RescheduleSession():
            return _reschedule(kit, state, command, at)
        case PrepareSession():
            return _prepare(kit, state, command, at)
        case _:
            assert_never(command)


def is_of_group(command: object) -> bool:
    """Whether a group moves a session for all: also for those whose own clocks stand."""
    return isinstance(command, RescheduleSession) and command.cohort is not None


def require_movable(_: Kit, state: JourneyState, command: RescheduleSession, __: datetime) -> None:
    """Raises Rejected for a session of the learner's group, unless the group moves it for all."""
    group = state.cohort
    require_membership(state, command.cohort)
    if group and command.cohort is None and command.session in group.times:
        raise Rejected(
            Code.SESSION_OF_COHORT,
            f"session {command.session!r} is one of the group {group.cohort!r}, which meets together; move it for all "
            f"with: trellis cohort move {group.cohort} {command.session} TIME",
            {"cohort": group.cohort},
        )


def _reschedule(kit: Kit, state: JourneyState, command: RescheduleSession, at: datetime) -> Events:
    if command.cohort and state.stage == "matching":
        return _moved_before_the_match(kit, state, command, at)
    require_stage(state, "sessions")
    session = require_session(state, command.session)
    if session.starts_at == command.starts_at:
        return []  # the date is all that it says
    if session.attendance:
        raise Rejected(
            Code.SESSION_OVER,
            f"session {session.session!r} has already been recorded as {in_words(session.attendance)}",
        )
    if command.starts_at <= at:
        raise Rejected(Code.DATE_OUT_OF_RANGE, "the new time lies in the past")
    length = chosen_pathway(kit, state).session(session.session).length
    if state.ends_at and command.starts_at > state.ends_at - length:
        raise Rejected(
            Code.DATE_OUT_OF_RANGE,
            f"the session would not be over when the pathway ends on {state.ends_at:%d %B %Y}; choose earlier",
            {"latest": (state.ends_at - length).isoformat()},
        )
    return [
        SessionRescheduled(
            at=at,
            session=session.session,
            starts_at=command.starts_at,
            attendance_due_at=command.starts_at + length + kit.service_levels.attendance,
            cohort=CohortId(command.cohort) if command.cohort else None,
        )
    ]


def _moved_before_the_match(kit: Kit, state: JourneyState, command: RescheduleSession, at: datetime) -> Events:
    """The learner has only the times of the group yet, by which the pathway is planned."""
    if state.group_times.get(command.session) == command.starts_at:
        return []
    if command.session not in state.group_times:
        raise unknown("session", command.session, list(state.group_times), Code.UNKNOWN_SESSION)
    length = chosen_pathway(kit, state).session(command.session).length
    due_at = command.starts_at + length + kit.service_levels.attendance
    return [
        SessionRescheduled(
            at=at,
            session=command.session,
            starts_at=command.starts_at,
            attendance_due_at=due_at,
            cohort=state.cohort.cohort if state.cohort else None,
        )
    ]


def _prepare(kit: Kit, state: JourneyState, command: PrepareSession, at: datetime) -> Events:
    require_stage(state, "sessions")
    session = require_session(state, command.session)
    said = (f"preparation:{session.session}", command.answers, command.goal, command.artifact)
    if session.prepared and is_recorded(state, *said):
        return []
    if session.attendance:
        raise Rejected(Code.SESSION_OVER, f"session {session.session!r} is over: {in_words(session.attendance)}")
    if command.answers or not (command.goal or command.artifact) or session.preparation_due_at:
        require_complete(template_of(kit, state, session.session, "preparation"), command.answers)
    return [
        SessionPrepared(
            at=at,
            session=session.session,
            answers=command.answers,
            goal=command.goal,
            artifact=command.artifact,
        )
    ]


def template_of(kit: Kit, state: JourneyState, session: str, which: str) -> Template:
    pathway = pathway_of(kit, state)
    plan = next((one for one in pathway.sessions if one.id == session), None) if pathway else None
    template = kit.template(getattr(plan, which)) if plan else None
    if template is None:
        raise Rejected(Code.NO_TEMPLATE, f"the kit has no template for the {which} of session {session!r}")
    return template


def require_complete(template: Template, answers: Answers) -> None:
    if problems := template.problems_with(answers):
        raise Rejected(Code.ANSWERS_INVALID, f"{template.title} is not complete: " + "; ".join(problems))


# The state


def evolve(state: JourneyState, event: SessionEvent) -> JourneyState:
    match event:
        case SessionRescheduled():
            return _rescheduled(state, event)
        case SessionPrepared():
            return seen(with_session(state, event.session, prepared=True, preparation_due_at=None), event.at)
        case _:
            assert_never(event)


def new_session(planned: PlannedSession, at: datetime, before: SessionStanding | None = None) -> SessionStanding:
    return SessionStanding(
        session=planned.session,
        planned_at=at,
        starts_at=planned.starts_at,
        attendance_due_at=planned.attendance_due_at,
        turn=before.turn + 1 if before else 1,
        preparation_due_at=planned.starts_at if planned.wants_preparation else None,
    )


def moved_session(planned: PlannedSession, at: datetime, before: SessionStanding | None) -> SessionStanding:
    """By another kit: who has prepared it need not do so again, nor be reminded again when the date stays.

    It counts as planned now: what the other kit would have reminded of before is past.
    """
    anew = new_session(planned, at, before)
    if before is None:
        return anew
    stays = before.starts_at == planned.starts_at
    return changed(
        anew,
        turn=before.turn if stays else anew.turn,
        planned_at=min(at, planned.starts_at),
        prepared=before.prepared,
        preparation_due_at=None if before.prepared else anew.preparation_due_at,
    )


def _rescheduled(state: JourneyState, event: SessionRescheduled) -> JourneyState:
    before = state.session(event.session)
    return with_session(
        _moved_for_group(state, event),
        event.session,
        starts_at=event.starts_at,
        attendance_due_at=event.attendance_due_at,
        preparation_due_at=event.starts_at if before and before.preparation_due_at else None,
        planned_at=event.at,
        moved=True,
    )


def _moved_for_group(state: JourneyState, event: SessionRescheduled) -> JourneyState:
    """A session of a group has the group's time: only the group moves it."""
    group = state.cohort
    if group is None or event.session not in group.times:
        return state
    moved = tuple(
        changed(one, starts_at=event.starts_at) if one.session == event.session else one for one in group.sessions
    )
    return changed(state, cohort=changed(group, sessions=moved))


def with_session(state: JourneyState, session: SessionId, moved: bool = False, **changes: object) -> JourneyState:
    one = state.session(session)
    if one is None:
        return state
    if moved:
        changes["turn"] = one.turn + 1
    return changed(state, sessions=replaced(state.sessions, one, **changes))


# What is awaited


def duties(session: SessionStanding, context: Context) -> Iterator[Awaited]:
    turn = f"{session.session}#{session.turn}"
    if not session.attendance:
        by = session.attendance_due_at
        yield Awaited(
            "attendance", f"session:{turn}", context.mentor, session.planned_at, by, "service_levels.attendance"
        )
        if due := session.preparation_due_at:
            rule = f"pathways.{context.pathway}.sessions.{session.session}.preparation"
            yield Awaited("preparation", f"preparation:{turn}", "learner", session.planned_at, due, rule)
    elif since := session.owed_since:
        if due := session.notes_due_at:
            yield Awaited("notes", f"notes:{turn}", context.mentor, since, due, "service_levels.notes")
        if due := session.follow_up_due_at:
            yield Awaited("follow_up", f"follow_up:{turn}", context.mentor, since, due, "service_levels.follow_up")


def timers(session: SessionStanding, waits: Sequence[Awaited], pathway: Pathway | None) -> list[Timer]:
    """The learner is reminded before the session; recording the attendance is the mentor's."""
    if session.attendance or pathway is None:
        return []
    attendance, *_ = waits
    dates = [(rule, session.starts_at - before) for rule, before in pathway.reminders_of_session(session.session)]
    return reminders.timers(attendance, f"before {session_in_words(pathway, session)}", dates)
