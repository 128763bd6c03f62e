"""Forms the groups of a program: of learners who wait for a mentor or are in the middle of it, and are in no group."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from temporalio.client import Client

from domain.cohort import CohortState
from domain.cohort.commands import FormCohort
from domain.cohort.decide import Code
from domain.cohort.events import Entrant, PlannedSession
from domain.cohort.planning import plan, sessions_of
from domain.cohort.slots import zone_named
from domain.ids import CohortId, LearnerId, MentorId, PathwayId, ProgramId
from domain.journey.refusing import Code as OfJourneys
from domain.kit import Kit, Pathway
from domain.matching.groups import Group, Unplaced, Wanted
from domain.matching.groups import form as form_groups
from domain.matching.learner import learner_profile
from domain.matching.pool import Available, Candidate
from domain.mentor import MENTOR, MentorState, mentor_stream
from domain.mentor.profile import completed
from domain.profiles import LearnerProfile, MentorProfile
from domain.refusal import Rejected
from domain.scheduling.free import Calendar, free
from domain.scheduling.intervals import Interval
from domain.values import counted
from kits.lookup import newest
from projections.views.board import open_journeys
from queries.cohorts import snapshot
from queries.journey_record import JourneyRecord, read_record
from runtime.fan_out import fan_out
from services.cohorts import handle
from store import people
from store.database import Pool, query
from store.people import Person
from store.transact import read

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Unsuited:
    """Somebody who cannot come to a session of their group, by the hours that they gave."""

    who: str
    session: str
    local: str
    """When it begins on their clocks, such as `Tue 24 Mar 18:00 (Europe/Berlin)`."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A group that could be formed."""

    pathway: PathwayId
    group: Group
    sessions: tuple[PlannedSession, ...]
    unsuited: tuple[Unsuited, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    program: ProgramId
    kit: Kit
    proposals: tuple[Proposal, ...]
    unplaced: tuple[Unplaced, ...]
    learners: int
    """How many there were to place."""


@dataclass(frozen=True, slots=True)
class Formed:
    cohort: CohortId
    proposal: Proposal


async def propose(
    pool: Pool, program: ProgramId, at: datetime, *, begins: datetime | None = None, pathway: str | None = None
) -> Plan:
    """The groups that can be formed of those who are in none. Changes nothing.

    `begins`: no session is earlier; without it, as soon as the kit's notice allows. `pathway`: of this one only.

    Raises:
        NoSuchProgram: when it has published no kit.
        Rejected: when the kit forms no groups, or has no such pathway.
    """
    kit = await newest(pool, program)
    _require_groups(kit)
    begins = begins or at + kit.meeting.notice
    waiting = await _waiting(pool, program, kit)
    mentors = await _mentors(pool, kit)
    proposals: list[Proposal] = []
    unplaced: list[Unplaced] = []
    for one in _pathways(kit, pathway):
        able = [_left_over(mentor, proposals) for mentor in mentors]
        wanted = Wanted(kit=kit, pathway=one, begins=begins, length=_longest(one), key=program)
        found = await asyncio.to_thread(form_groups, wanted, waiting.get(one.id, ()), able)
        profiles = _profiles(waiting.get(one.id, ()), mentors)
        proposals += [_proposal(kit, one, begins, group, profiles) for group in found.groups]
        unplaced += found.unplaced
    learners = sum(len(waiting.get(one.id, ())) for one in _pathways(kit, pathway))
    return Plan(program, kit, tuple(proposals), tuple(unplaced), learners)


def _require_groups(kit: Kit) -> None:
    """Raises Rejected."""
    if kit.cohorts is None:
        raise Rejected(
            OfJourneys.NO_COHORTS, f"{kit.program} forms no groups; a kit says in `cohorts` how its groups are formed"
        )


async def form(
    pool: Pool, temporal: Client, planned: Plan, *, by: str, at: datetime, advance: Callable[[], None] = lambda: None
) -> list[Formed]:
    """Forms the proposed groups one after another. Their workflows let the members' journeys join.

    Safe to repeat after an interruption, with a new plan: those who are in a group by then are left out of it.
    """
    formed = []
    for proposal in planned.proposals:
        command = partial(_command, planned, proposal, by=by)
        formed.append(Formed(await _form_next(pool, temporal, planned.program, command, at), proposal))
        advance()
    return formed


def _command(planned: Plan, proposal: Proposal, number: int, by: str) -> FormCohort:
    members = tuple(Entrant(learner=one, journey=journey) for one, journey in proposal.group.members)
    return FormCohort(
        program=planned.program,
        kit=planned.kit.digest,
        pathway=proposal.pathway,
        number=number,
        mentors=proposal.group.mentors,
        slot=proposal.group.slot,
        sessions=proposal.sessions,
        members=members,
        by=by,
    )


async def _form_next(
    pool: Pool, temporal: Client, program: ProgramId, command: Callable[[int], FormCohort], at: datetime
) -> CohortId:
    """Under the next number that is free."""
    number = await _last_number(pool, program) + 1
    while True:
        group = CohortId(f"{program}.{number}")
        try:
            await handle(pool, temporal, group, command(number), at)
        except Rejected as refused:
            if refused.code != Code.EXISTS:
                raise
            number += 1  # somebody else has formed one at the same time
        else:
            return group


async def _last_number(pool: Pool, program: ProgramId) -> int:
    numbers = [one.rpartition(".")[2] for one in await groups_of(pool, program)]
    return max((int(one) for one in numbers if one.isdecimal()), default=0)


async def groups_of(pool: Pool, program: ProgramId) -> list[CohortId]:
    """All that were ever formed, from the log."""
    rows = await pool.fetch(query("streams_beginning"), f"cohort-{program}.")
    return [CohortId(row["stream"].removeprefix("cohort-")) for row in rows]


# Who there is


async def _waiting(pool: Pool, program: ProgramId, kit: Kit) -> Mapping[str, Sequence[Candidate]]:
    """Those who can join a group, by pathway."""
    taken = await _in_groups(pool, program)
    journeys, after = [], ""
    while page := await open_journeys(pool, program, after):
        journeys += [one for one in page if one.learner not in taken]
        after = page[-1].journey
    known = await people.by_ids(pool, [one.learner for one in journeys])
    records = await fan_out(lambda one: read_record(pool, one.journey), journeys, _AT_ONCE)
    found: dict[str, list[Candidate]] = {}
    for one in records:
        if _can_join(one):
            assert one.state.pathway
            found.setdefault(one.state.pathway, []).append(_candidate(kit, one, known.get(one.state.learner)))
    return found


async def _in_groups(pool: Pool, program: ProgramId) -> set[LearnerId]:
    groups = await fan_out(lambda one: snapshot(pool, one), await groups_of(pool, program), _AT_ONCE)
    return {learner for one in groups if _lasts(one.state) for learner in one.state.listening()}


def _lasts(state: CohortState) -> bool:
    return state.closed_at is None and state.next_meeting is not None


def _can_join(one: JourneyRecord) -> bool:
    state = one.state
    return state.stage in ("matching", "sessions") and not state.pause and state.cohort is None and bool(state.pathway)


def _candidate(kit: Kit, one: JourneyRecord, person: Person | None) -> Candidate:
    state = one.state
    return Candidate(
        journey=one.journey,
        learner=state.learner,
        profile=learner_profile(kit, state.answers or {}, person.time_zone if person else None),
        waiting_since=state.stage_since,
    )


async def _mentors(pool: Pool, kit: Kit) -> list[Available]:
    known = await people.of_kind(pool, "mentor")
    found = await fan_out(lambda one: _mentor(pool, kit, one), known, _AT_ONCE)
    return [one for one in found if one]


async def _mentor(pool: Pool, kit: Kit, person: Person) -> Available | None:
    """A mentor can lead as many groups as places are left, and where nothing limits them as many as they find time."""
    mentor = MentorId(person.person_id)
    state: MentorState = (await read(pool, mentor_stream(mentor), MENTOR)).state
    if not state.belongs_to(kit.program_id):
        return None
    profile = completed(state.profile, person.attributes, person.time_zone)
    trained = all((kit.program_id, step) in state.acknowledged for step in kit.mentor_kit.training)
    return Available(mentor=mentor, profile=profile, free=_GROUPS_OF_ONE, trained=trained)


_GROUPS_OF_ONE = 20
"""The most groups that are given to one mentor at once."""


def _left_over(mentor: Available, proposals: Iterable[Proposal]) -> Available:
    led = sum(mentor.mentor in one.group.mentors for one in proposals)
    return mentor.model_copy(update={"free": max(mentor.free - led, 0)})


def _pathways(kit: Kit, wanted: str | None) -> list[Pathway]:
    """Those with sessions that are held together."""
    together = [one for one in kit.pathways if sessions_of(one)]
    if wanted is None:
        return together
    if found := [one for one in together if one.id == wanted]:
        return found
    ids = [one.id for one in together]
    raise Rejected(
        OfJourneys.UNKNOWN_PATHWAY,
        f"{wanted!r} is no pathway with sessions in the mode `cohort`; there are: {', '.join(ids) or 'none'}",
        {"pathways": ids},
    )


def _longest(pathway: Pathway) -> timedelta:
    return max(one.length for one in sessions_of(pathway))


# When they meet


def _profiles(
    learners: Sequence[Candidate], mentors: Sequence[Available]
) -> Mapping[str, LearnerProfile | MentorProfile]:
    found: dict[str, LearnerProfile | MentorProfile] = {one.learner: one.profile for one in learners}
    return found | {one.mentor: one.profile for one in mentors}


def _proposal(
    kit: Kit,
    pathway: Pathway,
    begins: datetime,
    group: Group,
    profiles: Mapping[str, LearnerProfile | MentorProfile],
) -> Proposal:
    sessions = plan(kit, pathway, begins, group.slot)
    everybody = [*(learner for learner, _ in group.members), *group.mentors]
    who = {one: profiles[one] for one in everybody if one in profiles}
    return Proposal(PathwayId(pathway.id), group, sessions, tuple(unsuited(pathway, sessions, who)))


def unsuited(
    pathway: Pathway,
    sessions: Iterable[PlannedSession],
    profiles: Mapping[str, LearnerProfile | MentorProfile],
) -> Iterable[Unsuited]:
    """Whom which sessions do not suit, by the hours that they gave; those who gave none, all suit."""
    for one in sessions:
        wanted = Interval(one.starts_at, one.starts_at + pathway.session(one.session).length)
        for who, profile in profiles.items():
            zone = zone_named(profile.time_zone)
            if wanted not in free(Calendar(zone, profile.availability), *wanted):
                local = one.starts_at.astimezone(zone)
                yield Unsuited(who, one.session, f"{local:%a %d %b %H:%M} ({zone.key})")


def size_of(planned: Plan) -> str:
    placed = sum(len(one.group.members) for one in planned.proposals)
    return f"{counted(len(planned.proposals), 'group')} of {counted(placed, 'learner')}"
