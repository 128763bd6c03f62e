"""A group that the learner belongs to: they join it, meet at its times, and may leave it.

The group itself is an aggregate of its own (domain/cohort). It tells each member's journey what concerns the journey.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, ClassVar, assert_never

from pydantic import AwareDatetime, Field

from domain.ids import SLUG, CohortId, MentorId, SessionId
from domain.journey.bases import Events, NamedCommand, Repeatable
from domain.journey.duty import chosen_pathway
from domain.journey.matching import matched, released
from domain.journey.parts import changed
from domain.journey.pathway import planned_session, with_group
from domain.journey.refusing import Code, require_stage, unknown
from domain.journey.repeating import digest, nothing_new
from domain.journey.sessions import PlannedSession, moved_session
from domain.journey.state import GroupSession, JourneyState, Membership
from domain.kit import Cohorts, Kit, Session
from domain.refusal import Rejected
from domain.values import Frozen, Instant, Personal


class Meeting(Frozen):
    """A session of the group, and when it begins."""

    session: Annotated[SessionId, SLUG]
    starts_at: Instant


class CohortJoined(Repeatable):
    """The learner meets with a group from now on. Its sessions have the group's times; those that were over before
    `since` are not asked of the learner."""

    type: ClassVar[str] = "journey.cohort_joined"
    cohort: CohortId
    since: AwareDatetime
    meetings: tuple[Meeting, ...]
    """All that the group has."""
    mentor: MentorId | None = None
    """Who leads it, where groups bring their mentor."""
    sessions: tuple[PlannedSession, ...] = ()
    """Those of them whose dates this sets. None before the pathway begins."""
    left_out: tuple[SessionId, ...] = ()
    """Those of them that the learner was to have and no longer has."""
    ends_at: AwareDatetime | None = None
    """The end of the pathway from now on."""

    def key_and_digest(self) -> tuple[str, str]:
        return _KEY, digest(*_said(self.cohort, self.meetings, self.since, self.mentor))


class CohortLeft(Repeatable):
    """The learner no longer meets with the group. What lies ahead keeps its dates, and can be moved again."""

    type: ClassVar[str] = "journey.cohort_left"
    cohort: CohortId
    reason: Personal = ""

    def key_and_digest(self) -> tuple[str, str]:
        return _KEY, digest("left", self.cohort, self.reason)


CohortEvent = CohortJoined | CohortLeft

_KEY = "cohort"


def _said(cohort: str, meetings: tuple[Meeting, ...], since: datetime, mentor: MentorId | None) -> tuple[object, ...]:
    return "joined", cohort, [(one.session, one.starts_at) for one in meetings], since, mentor


class JoinCohort(NamedCommand):
    """Let the learner meet with a group; its sessions take the place of the learner's own."""

    name: ClassVar[str] = "join_cohort"
    cohort: Annotated[CohortId, SLUG]
    sessions: tuple[Meeting, ...] = Field(max_length=100)
    since: Instant
    """When the learner joined: sessions that began before are not asked of them."""
    mentor: Annotated[MentorId, SLUG] | None = None
    """Who leads the group. Where the kit says that groups bring their mentor, the learner has this one from now on."""


class LeaveCohort(NamedCommand):
    """Take the learner out of a group; where groups bring their mentor, another is wanted."""

    name: ClassVar[str] = "leave_cohort"
    cohort: Annotated[CohortId, SLUG]
    reason: Personal = ""


CohortCommand = JoinCohort | LeaveCohort


# Rules


def decide(kit: Kit, state: JourneyState, command: CohortCommand, at: datetime) -> Events:
    match command:
        case JoinCohort():
            return _join(kit, state, command, at)
        case LeaveCohort():
            return _leave(kit, state, command, at)
        case _:
            assert_never(command)


def _join(kit: Kit, state: JourneyState, command: JoinCohort, at: datetime) -> Events:
    if state.cohort:
        return _is_in_one(state, state.cohort, command)
    policy = _require_groups(kit)
    require_stage(state, "matching", "sessions")
    _require_known(kit, state, command)
    _require_another(state, command.mentor)
    joined = _joined(kit, state, command, at)
    if policy.brings_mentor and command.mentor and state.mentor != command.mentor:
        return [joined, *matched(kit, evolve(state, joined), command.mentor, "", at)]
    return [joined]


def _is_in_one(state: JourneyState, group: Membership, command: JoinCohort) -> Events:
    if group.cohort != command.cohort:
        raise Rejected(
            Code.IN_COHORT,
            f"the learner is in the group {group.cohort!r}; take them out of it first",
            {"cohort": group.cohort},
        )
    there = f"the learner is in the group {group.cohort!r} already; its sessions are moved by reschedule_session"
    said = _said(command.cohort, command.sessions, command.since, command.mentor)
    return nothing_new(state, _KEY, *said, otherwise=there)


def _require_groups(kit: Kit) -> Cohorts:
    if kit.cohorts is None:
        raise Rejected(Code.NO_COHORTS, "this program forms no groups; a kit says in `cohorts` how it does")
    return kit.cohorts


def _require_known(kit: Kit, state: JourneyState, command: JoinCohort) -> None:
    known = [one.id for one in chosen_pathway(kit, state).sessions]
    if strange := next((one.session for one in command.sessions if one.session not in known), None):
        raise unknown("session", strange, known, Code.UNKNOWN_SESSION)


def _require_another(state: JourneyState, mentor: MentorId | None) -> None:
    if mentor and str(mentor) == state.learner:
        raise Rejected(Code.MENTOR_NOT_ELIGIBLE, f"{mentor!r} is the learner of this journey; another has to lead it")


def _joined(kit: Kit, state: JourneyState, command: JoinCohort, at: datetime) -> CohortJoined:
    has_dates = state.stage == "sessions"
    dates = [*_dates(kit, state, command)] if has_dates else []
    joined = CohortJoined(
        at=at,
        cohort=command.cohort,
        since=command.since,
        meetings=command.sessions,
        mentor=command.mentor,
        sessions=tuple(planned_session(kit, one, starts_at) for one, starts_at in dates if starts_at >= command.since),
        left_out=tuple(
            SessionId(one.id)
            for one, starts_at in dates
            if starts_at < command.since and state.session(SessionId(one.id))
        ),
    )
    if not (has_dates and state.ends_at):
        return joined
    return joined.model_copy(update={"ends_at": with_group(kit, _with_membership(state, joined), state.ends_at)})


def _dates(kit: Kit, state: JourneyState, command: JoinCohort) -> Iterator[tuple[Session, datetime]]:
    """Of the group's sessions that the learner has not had yet."""
    pathway = chosen_pathway(kit, state)
    for one in command.sessions:
        standing = state.session(one.session)
        if not (standing and standing.attendance):
            yield pathway.session(one.session), one.starts_at


def _leave(kit: Kit, state: JourneyState, command: LeaveCohort, at: datetime) -> Events:
    if state.cohort is None or state.cohort.cohort != command.cohort:
        there = f"the learner is not in the group {command.cohort!r}"
        said = ("left", command.cohort, command.reason)
        return nothing_new(state, _KEY, *said, otherwise=there, code=Code.NOT_IN_COHORT)
    left = CohortLeft(at=at, cohort=command.cohort, reason=command.reason)
    brought = kit.cohorts is not None and kit.cohorts.brings_mentor
    if brought and state.mentor and state.stage == "sessions" and state.pause is None:
        return [left, released(kit, state, f"the learner left the group {command.cohort}", at)]
    return [left]


# The state


def evolve(state: JourneyState, event: CohortEvent) -> JourneyState:
    match event:
        case CohortJoined():
            return _cohort_joined(state, event)
        case CohortLeft():
            return changed(state, cohort=None)
        case _:
            assert_never(event)


def _cohort_joined(state: JourneyState, event: CohortJoined) -> JourneyState:
    """Whoever has prepared a session need not do so again; the learner's own sessions keep their order."""
    dated = {one.session: one for one in event.sessions}
    kept = [one for one in state.sessions if one.session not in event.left_out or one.attendance]
    moved = [moved_session(dated.pop(one.session), event.at, one) if one.session in dated else one for one in kept]
    added = [moved_session(one, event.at, None) for one in dated.values()]
    return changed(
        _with_membership(state, event),
        sessions=(*moved, *added),
        ends_at=event.ends_at or state.ends_at,
    )


def _with_membership(state: JourneyState, event: CohortJoined) -> JourneyState:
    meetings = tuple(GroupSession(session=one.session, starts_at=one.starts_at) for one in event.meetings)
    return changed(state, cohort=Membership(cohort=event.cohort, since=event.since, sessions=meetings))
