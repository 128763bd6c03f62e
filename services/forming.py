"""Forms the groups of a program: of learners who wait for a mentor or are in the middle of it, and are in no group."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from temporalio.client import Client

from domain.cohort import CohortState
from domain.cohort.commands import FormCohort
from domain.cohort.decide import Code
from domain.cohort.events import Entrant, PlannedSession
from domain.cohort.leading import demand_of
from domain.cohort.planning import plan, sessions_of
from domain.ids import CohortId, LearnerId, MentorId, PathwayId, ProgramId
from domain.journey.refusing import Code as OfJourneys
from domain.kit import Kit, Pathway
from domain.matching.groups import Group, Unplaced, Wanted
from domain.matching.groups import form as form_groups
from domain.matching.learner import learner_profile
from domain.matching.pool import Available, Candidate
from domain.mentor import MENTOR, MentorState, mentor_stream
from domain.mentor.demand import Demand, WeekDemand
from domain.mentor.hours import calendar_of
from domain.mentor.limits import Wanted as RoomWanted
from domain.mentor.limits import room_for
from domain.profiles import MentorProfile
from domain.refusal import Rejected
from domain.scheduling.free import Calendar, free
from domain.scheduling.intervals import Interval, fits
from kits.lookup import newest
from projections.views.board import open_journeys
from queries.availability import learners_calendar, surroundings
from queries.cohorts import snapshot
from queries.journey_record import JourneyRecord, read_record
from runtime.fan_out import fan_out
from services.cohorts import handle
from store import people
from store.database import Pool, query
from store.people import Person
from store.transact import read_many

_AT_ONCE = 8
_TRAINING = "training_acknowledged"
"""The name of a hard rule of matching."""


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
    waiting, unplaced = await _waiting(pool, program, kit)
    mentors = await _mentors(pool, kit, begins)
    calendars = _Calendars(waiting, mentors)
    proposals: list[Proposal] = []
    for one in _pathways(kit, pathway):
        able = [_able(kit, one, begins, mentor, proposals) for mentor in mentors]
        wanted = Wanted(kit=kit, pathway=one, begins=begins, length=_longest(one), key=program)
        candidates = [learner.candidate for learner in waiting.get(one.id, ())]
        found = await asyncio.to_thread(form_groups, wanted, candidates, able)
        proposals += [_proposal(kit, one, begins, group, calendars) for group in found.groups]
        unplaced += found.unplaced
    learners = sum(len(one.group.members) for one in proposals) + len(unplaced)
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


@dataclass(frozen=True, slots=True)
class _Learner:
    candidate: Candidate
    calendar: Calendar


@dataclass(frozen=True, slots=True)
class _Mentor:
    mentor: MentorId
    profile: MentorProfile
    """With what was known before there were profiles."""
    state: MentorState
    calendar: Calendar
    trained: bool


async def _waiting(pool: Pool, program: ProgramId, kit: Kit) -> tuple[Mapping[str, Sequence[_Learner]], list[Unplaced]]:
    """Those who can join a group, by pathway; and those whose journeys would refuse it."""
    taken = await _in_groups(pool, program)
    journeys, after = [], ""
    while page := await open_journeys(pool, program, after):
        journeys += [one for one in page if one.learner not in taken]
        after = page[-1].journey
    known = await people.by_ids(pool, [one.learner for one in journeys])
    records = await fan_out(lambda one: read_record(pool, one.journey), journeys, _AT_ONCE)
    found: dict[str, list[_Learner]] = {}
    refusing: list[Unplaced] = []
    for one in records:
        if _can_join(one) and one.kit.cohorts is None:
            refusing.append(_of_another_version(one))
        elif _can_join(one):
            assert one.state.pathway
            found.setdefault(one.state.pathway, []).append(_learner(kit, one, known.get(one.state.learner)))
    return found, refusing


def _of_another_version(one: JourneyRecord) -> Unplaced:
    words = f"the journey follows version {one.kit.version} of the program, which forms no groups; to move it: "
    words += f"trellis program migrate {one.kit.program}"
    return Unplaced(learner=one.state.learner, why="version_without_groups", words=words)


async def _in_groups(pool: Pool, program: ProgramId) -> set[LearnerId]:
    groups = await fan_out(lambda one: snapshot(pool, one), await groups_of(pool, program), _AT_ONCE)
    return {learner for one in groups if _lasts(one.state) for learner in one.state.listening()}


def _lasts(state: CohortState) -> bool:
    return state.closed_at is None and state.next_meeting is not None


def _can_join(one: JourneyRecord) -> bool:
    state = one.state
    return state.stage in ("matching", "sessions") and not state.pause and state.cohort is None and bool(state.pathway)


def _learner(kit: Kit, one: JourneyRecord, person: Person | None) -> _Learner:
    state = one.state
    candidate = Candidate(
        journey=one.journey,
        learner=state.learner,
        profile=learner_profile(kit, state.answers or {}, person.time_zone if person else None),
        waiting_since=state.stage_since,
    )
    return _Learner(candidate, learners_calendar(one, person))


async def _mentors(pool: Pool, kit: Kit, at: datetime) -> list[_Mentor]:
    known = await people.of_kind(pool, "mentor")
    recorded = await read_many(pool, (mentor_stream(MentorId(one.person_id)) for one in known), MENTOR)
    states = [recorded[mentor_stream(MentorId(one.person_id))].state for one in known]
    return [
        _mentor(kit, one, state, at)
        for one, state in zip(known, states, strict=True)
        if state.belongs_to(kit.program_id)
    ]


def _mentor(kit: Kit, person: Person, state: MentorState, at: datetime) -> _Mentor:
    return _Mentor(
        mentor=MentorId(person.person_id),
        profile=people.profile_of(state.profile, person),
        state=state,
        calendar=calendar_of(state, surroundings(kit, person, at)),
        trained=_is_trained(kit, state),
    )


def _is_trained(kit: Kit, state: MentorState) -> bool:
    """As for a match: only where the kit says that it matters."""
    if _TRAINING not in kit.matching.rules:
        return True
    return all((kit.program_id, step) in state.acknowledged for step in kit.mentor_kit.training)


_MOST_GROUPS = 20
"""The most groups that are given to one mentor at once."""


def _able(kit: Kit, pathway: Pathway, begins: datetime, one: _Mentor, proposals: Iterable[Proposal]) -> Available:
    """As many groups as the mentor has minutes for, less those that are proposed already."""
    demand = demand_of(kit, pathway, plan(kit, pathway, begins, None))
    alone = Demand(weeks=tuple(WeekDemand(**week.model_dump(exclude={"session"})) for week in demand.shared))
    wanted = RoomWanted(one.mentor, kit.program_id, 0, alone)
    free = min(room_for(wanted, one.state.places, kit.capacity, one.profile).free, _MOST_GROUPS)
    led = sum(one.mentor in proposal.group.mentors for proposal in proposals)
    return Available(mentor=one.mentor, profile=one.profile, free=max(free - led, 0), trained=one.trained)


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


class _Calendars:
    def __init__(self, waiting: Mapping[str, Sequence[_Learner]], mentors: Sequence[_Mentor]) -> None:
        learners = (one for those in waiting.values() for one in those)
        self._learners = {one.candidate.learner: one.calendar for one in learners}
        self._mentors = {one.mentor: one.calendar for one in mentors}

    def suits(self, mentors: Iterable[MentorId], wanted: Interval) -> bool:
        return all(_suits(self._mentors[one], wanted) for one in mentors)

    def unsuited(self, group: Group, pathway: Pathway, sessions: Iterable[PlannedSession]) -> Iterator[Unsuited]:
        """Whom which sessions do not suit, by their hours, holidays, quiet hours, leave and what they have booked."""
        calendars: dict[str, Calendar] = {one: self._learners[one] for one, _ in group.members}
        calendars |= {one: self._mentors[one] for one in group.mentors}
        for one in sessions:
            wanted = Interval(one.starts_at, one.starts_at + pathway.session(one.session).length)
            for who, calendar in calendars.items():
                if not _suits(calendar, wanted):
                    local = one.starts_at.astimezone(calendar.zone)
                    yield Unsuited(who, one.session, f"{local:%a %d %b %H:%M} ({calendar.zone})")


def _suits(calendar: Calendar, wanted: Interval) -> bool:
    return fits(free(calendar, *wanted), wanted)


def _proposal(kit: Kit, pathway: Pathway, begins: datetime, group: Group, calendars: _Calendars) -> Proposal:
    sessions = plan(kit, pathway, begins, group.slot, lambda wanted: calendars.suits(group.mentors, wanted))
    unsuited = calendars.unsuited(group, pathway, sessions)
    return Proposal(PathwayId(pathway.id), group, sessions, tuple(unsuited))
