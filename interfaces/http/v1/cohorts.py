"""Groups of learners who meet together: form them, and record once what happens in their sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, TypeVar

from fastapi import APIRouter, Query
from pydantic import Field

from client.journeys import JourneyClient
from domain.access import Caller, KeyRole
from domain.cohort import Command
from domain.cohort import commands as c
from domain.cohort.events import MEMBERS_AN_EVENT, CameOtherwise, FollowUpOfOne, PlannedSession
from domain.ids import SLUG, CohortId, LearnerId, MentorId, PathwayId, ProgramId, SessionId, Slug
from domain.journey.follow_ups import NextStep
from domain.journey.terms import Answers, Attendance
from domain.matching.forming import Plan, Unsuited
from domain.matching.groups import Unplaced
from domain.values import Instant, Personal, Truth
from interfaces.http.access import GroupCommander, GroupReader, JourneyReader, Operator, require_program
from interfaces.http.v1.orders import AnyOrder, AnyReason, ForAReason, Order, command_of, giver
from interfaces.http.v1.visibility import programs_seen, require_cohort
from projections.views import cohorts
from projections.views.cohorts import CohortRow
from queries.cohorts import NoSuchCohort, Roster, roster
from services import forming
from services.cohorts import Told, entrants, handle_and_tell
from store.database import Pool

WAIT_AT_MOST = 10.0
"""Seconds that an answer may wait for the members to be told."""

_Wait = Annotated[
    float, Query(ge=0, le=WAIT_AT_MOST, description="Wait so many seconds for the journeys of the members to know it.")
]


_OfGroup = TypeVar(
    "_OfGroup", c.RecordAttendance, c.RecordNotes, c.SendFollowUp, c.MoveSession, c.ReplaceMentor, c.CloseCohort
)


class FormGroups(Order):
    pathway: Annotated[PathwayId, SLUG] | None = None
    """Form groups on this pathway only."""
    not_before: Instant | None = None
    """No session before this. Default: as soon as the kit's notice allows."""
    dry_run: Truth = False
    """Show the groups, and form none."""


class NewMembers(Order):
    learners: tuple[Slug, ...] = Field(min_length=1, max_length=MEMBERS_AN_EVENT)
    """With an open journey in the program."""


class GroupCorrection(ForAReason):
    corrects: Truth = False
    """Take the place of what is recorded; `reason` says why."""


class GroupAttendance(GroupCorrection):
    session: Annotated[SessionId, SLUG]
    attendance: Attendance = "attended"
    notes: Personal = ""
    exceptions: tuple[CameOtherwise, ...] = Field(default=(), max_length=MEMBERS_AN_EVENT)
    """For whom it went otherwise."""


class GroupNotes(GroupCorrection):
    session: Annotated[SessionId, SLUG]
    answers: Answers
    """In the form that the kit gives."""


class GroupFollowUp(GroupCorrection):
    session: Annotated[SessionId, SLUG]
    summary: Personal = Field(min_length=1)
    next_steps: tuple[NextStep, ...] = Field(min_length=1, max_length=20)
    exceptions: tuple[FollowUpOfOne, ...] = Field(default=(), max_length=MEMBERS_AN_EVENT)
    """Who get their own instead."""


class GroupMove(Order):
    session: Annotated[SessionId, SLUG]
    starts_at: Instant


class GroupMentor(ForAReason):
    mentor: Annotated[MentorId, SLUG]
    """Who leads it no more."""
    replacement: Annotated[MentorId, SLUG]


@dataclass(frozen=True, slots=True)
class ProposedGroup:
    cohort: CohortId | None
    """None: it was not formed."""
    pathway: str
    mentors: Sequence[MentorId]
    members: Sequence[LearnerId]
    slot: str | None
    common: Sequence[str]
    """What all members have in common, in words."""
    sessions: Sequence[PlannedSession]
    unsuited: Sequence[Unsuited]


@dataclass(frozen=True, slots=True)
class GroupsFormed:
    program: str
    formed: bool
    learners: int
    """How many there were to place."""
    groups: list[ProposedGroup]
    unplaced: list[Unplaced]


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = APIRouter(tags=["cohorts"])

    @routes.get("/cohorts")
    async def list_cohorts(
        caller: JourneyReader,
        *,
        program: str | None = None,
        mentor: str | None = None,
        closed: bool = False,
        after: Annotated[CohortId | None, Query(description="The last group of the previous page.")] = None,
        limit: Annotated[int, Query(ge=1, le=1_000)] = 500,
    ) -> list[CohortRow]:
        """The groups of a program, or those that a mentor leads; closed ones only if asked for."""
        if caller.role is KeyRole.MENTOR:
            mentor = caller.mentor
        programs = programs_seen(caller, program)
        return await cohorts.listed(pool, programs, mentor, closed=closed, after=after_group(after), limit=limit)

    @routes.get("/cohorts/{cohort}")
    async def get_cohort(cohort: CohortId, caller: GroupReader) -> Roster:
        """The roster of a group: its sessions, its members, and who came. Personal data."""
        await require_cohort(pool, caller, cohort)
        return await roster(pool, cohort)

    @routes.post("/programs/{program}/cohorts")
    async def form_cohorts(program: ProgramId, body: FormGroups, caller: Operator) -> GroupsFormed:
        """Form groups of the learners who are in none, by need, pace, and common hours; or show them by a dry run.

        Says who could not be placed, and why.
        """
        require_program(caller, program)
        now = datetime.now(UTC)
        planned = await forming.propose(pool, program, now, begins=body.not_before, pathway=body.pathway)
        if body.dry_run or not planned.proposals:
            return _groups(planned, [])
        return _groups(planned, await forming.form(pool, journeys.temporal, planned, by=giver(caller, body.by), at=now))

    @routes.post("/cohorts/{cohort}/members")
    async def add_members(cohort: CohortId, body: NewMembers, caller: Operator, wait: _Wait = 0) -> Told:
        """Add learners to a group. Sessions that have begun are not asked of them."""
        program = await require_cohort(pool, caller, cohort)
        members = await entrants(pool, program, body.learners)
        return await _told(cohort, c.AddMembers(members=tuple(members), by=giver(caller, body.by)), wait)

    @routes.post("/cohorts/{cohort}/members/{learner}/remove")
    async def remove_member(
        cohort: CohortId, learner: Slug, caller: Operator, body: AnyReason, wait: _Wait = 0
    ) -> Told:
        """Take a learner out of a group. What lies ahead of them keeps its dates, as their own."""
        await require_cohort(pool, caller, cohort)
        command = c.RemoveMember(learner=LearnerId(learner), reason=body.reason, by=giver(caller, body.by))
        return await _told(cohort, command, wait)

    @routes.post("/cohorts/{cohort}/members/{learner}/retry")
    async def retry_refused(cohort: CohortId, learner: Slug, body: AnyOrder, caller: Operator, wait: _Wait = 0) -> Told:
        """Tell the journey of a member again what it has refused, once the reason is gone."""
        await require_cohort(pool, caller, cohort)
        command = c.RetryRefused(learner=LearnerId(learner), by=giver(caller, body.by))
        return await _told(cohort, command, wait)

    @routes.post("/cohorts/{cohort}/members/{learner}/dismiss")
    async def dismiss_refused(
        cohort: CohortId, learner: Slug, caller: Operator, body: AnyReason, wait: _Wait = 0
    ) -> Told:
        """Declare what the journey of a member has refused dealt with, as it was seen to in the journey itself."""
        await require_cohort(pool, caller, cohort)
        command = c.DismissRefused(learner=LearnerId(learner), reason=body.reason, by=giver(caller, body.by))
        return await _told(cohort, command, wait)

    @routes.post("/cohorts/{cohort}/attendance")
    async def record_group_attendance(
        cohort: CohortId, body: GroupAttendance, caller: GroupCommander, wait: _Wait = 0
    ) -> Told:
        """Record how a session went, once for all members; `exceptions` are those for whom it went otherwise."""
        return await _do(cohort, c.RecordAttendance, body, caller, wait)

    @routes.post("/cohorts/{cohort}/notes")
    async def record_group_notes(cohort: CohortId, body: GroupNotes, caller: GroupCommander, wait: _Wait = 0) -> Told:
        """Write the notes of a session, in the form that the kit gives, for all who came."""
        return await _do(cohort, c.RecordNotes, body, caller, wait)

    @routes.post("/cohorts/{cohort}/follow-up")
    async def send_group_follow_up(
        cohort: CohortId, body: GroupFollowUp, caller: GroupCommander, wait: _Wait = 0
    ) -> Told:
        """Send the follow-up of a session to all who came; `exceptions` get their own."""
        return await _do(cohort, c.SendFollowUp, body, caller, wait)

    @routes.post("/cohorts/{cohort}/move")
    async def move_group_session(cohort: CohortId, body: GroupMove, caller: GroupCommander, wait: _Wait = 0) -> Told:
        """Move a session for all members."""
        return await _do(cohort, c.MoveSession, body, caller, wait)

    @routes.post("/cohorts/{cohort}/mentor")
    async def replace_group_mentor(cohort: CohortId, body: GroupMentor, caller: Operator, wait: _Wait = 0) -> Told:
        """Replace a mentor of a group. No date moves."""
        return await _do(cohort, c.ReplaceMentor, body, caller, wait)

    @routes.post("/cohorts/{cohort}/close")
    async def close_cohort(cohort: CohortId, caller: Operator, body: AnyReason, wait: _Wait = 0) -> Told:
        """Close a group. Members who have sessions ahead keep them, as their own."""
        return await _do(cohort, c.CloseCohort, body, caller, wait)

    async def _do(cohort: CohortId, kind: type[_OfGroup], body: Order, caller: Caller, wait: float) -> Told:
        await require_cohort(pool, caller, cohort)
        return await _told(cohort, command_of(kind, body, caller), wait)

    async def _told(cohort: CohortId, command: Command, wait: float) -> Told:
        return await handle_and_tell(pool, journeys.temporal, cohort, command, timedelta(seconds=wait))

    return routes


def after_group(cohort: CohortId | None) -> tuple[str, int] | None:
    """Raises NoSuchCohort."""
    if cohort is None:
        return None
    program, _, number = cohort.rpartition(".")
    if not (number.isascii() and number.isdecimal() and len(number) <= 9):
        raise NoSuchCohort(cohort)
    return program, int(number)


def _groups(planned: Plan, formed: Sequence[forming.Formed]) -> GroupsFormed:
    ids: list[CohortId | None] = [one.cohort for one in formed] or [None for _ in planned.proposals]
    groups = [
        ProposedGroup(
            cohort=cohort,
            pathway=one.pathway,
            mentors=one.group.mentors,
            members=[learner for learner, _ in one.group.members],
            slot=str(one.group.slot) if one.group.slot else None,
            common=one.group.common,
            sessions=one.sessions,
            unsuited=one.unsuited,
        )
        for cohort, one in zip(ids, planned.proposals, strict=True)
    ]
    return GroupsFormed(planned.program, bool(formed), planned.learners, groups, list(planned.unplaced))
