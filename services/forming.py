"""Forms the groups of a program: of learners who have sessions ahead with a group, and are in none."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from temporalio.client import Client

from domain.cohort.decide import Code
from domain.cohort.joining import in_the_way, in_words
from domain.ids import CohortId, LearnerId, PathwayId, ProgramId
from domain.journey.refusing import Code as OfJourneys
from domain.kit import Kit
from domain.matching import forming
from domain.matching.forming import Forming, Joining, Plan, Proposal, lasts, require_groups
from domain.matching.groups import Unplaced
from domain.matching.leaders import Leading
from domain.mentor.hours import calendar_of
from domain.refusal import Rejected
from kits.lookup import newest
from projections.views.board import open_journeys
from queries.availability import learners_calendar, surroundings
from queries.cohorts import snapshot
from queries.journey_record import JourneyRecord, read_record
from runtime.fan_out import fan_out
from services.cohorts import handle
from store import mentors, people
from store.database import Pool, query
from store.people import Person
from workflows.contract import PROGRAM_TASK_QUEUE

_AT_ONCE = 8


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
    require_groups(kit)
    begins = begins or at + kit.meeting.notice
    learners, refusing = await _waiting(pool, program, kit)
    given = Forming(kit, program, at, begins, learners, await _mentors(pool, kit, begins))
    planned = await asyncio.to_thread(forming.propose, given, pathway)
    return Plan(
        program, kit, planned.proposals, (*refusing, *planned.unplaced), learners=planned.learners + len(refusing)
    )


async def form(
    pool: Pool, temporal: Client, planned: Plan, *, by: str, at: datetime, advance: Callable[[], None] = lambda: None
) -> list[Formed]:
    """Forms the proposed groups one after another. Their workflows let the members' journeys join.

    Safe to repeat after an interruption, with a new plan: those who are in a group by then are left out of it.
    """
    formed = []
    for proposal in planned.proposals:
        formed.append(await form_one(pool, temporal, planned, proposal, Manner(by, at)))
        advance()
    return formed


@dataclass(frozen=True, slots=True)
class Manner:
    """How a group is formed: by whom and when, and in a play by which clock and whose worker."""

    by: str
    at: datetime
    now: datetime | None = None
    task_queue: str = PROGRAM_TASK_QUEUE


async def form_one(pool: Pool, temporal: Client, planned: Plan, proposal: Proposal, manner: Manner) -> Formed:
    """Under the next number that is free. Raises Rejected when a mentor has no time for it after all."""
    program = planned.program
    number = await _last_number(pool, program) + 1
    while True:
        group = CohortId(f"{program}.{number}")
        command = forming.command(planned, proposal, number, manner.by)
        try:
            await handle(pool, temporal, group, command, manner.at, task_queue=manner.task_queue, now=manner.now)
        except Rejected as refused:
            if refused.code != Code.EXISTS:
                raise
            number += 1  # somebody else has formed one at the same time
        else:
            return Formed(group, proposal)


async def _last_number(pool: Pool, program: ProgramId) -> int:
    numbers = [one.rpartition(".")[2] for one in await groups_of(pool, program)]
    return max((int(one) for one in numbers if one.isdecimal()), default=0)


async def groups_of(pool: Pool, program: ProgramId) -> list[CohortId]:
    """All that were ever formed, from the log."""
    rows = await pool.fetch(query("streams_beginning"), f"cohort-{program}.")
    return [CohortId(row["stream"].removeprefix("cohort-")) for row in rows]


# Who there is


async def _waiting(pool: Pool, program: ProgramId, kit: Kit) -> tuple[list[Joining], list[Unplaced]]:
    """Those who can join a group, and those whose journeys would refuse it."""
    taken = await _in_groups(pool, program)
    journeys, after = [], ""
    while page := await open_journeys(pool, program, after):
        journeys += [one for one in page if one.learner not in taken]
        after = page[-1].journey
    known = await people.by_ids(pool, [one.learner for one in journeys])
    records = await fan_out(lambda one: read_record(pool, one.journey), journeys, _AT_ONCE)
    found: list[Joining] = []
    refusing: list[Unplaced] = []
    for one in records:
        obstacle = in_the_way(one.kit, one.state)
        if obstacle is OfJourneys.NO_COHORTS:
            refusing.append(_of_another_version(one))
        elif obstacle is None:
            found.append(_learner(kit, one, known.get(one.state.learner)))
    return found, refusing


def _of_another_version(one: JourneyRecord) -> Unplaced:
    words = in_words(OfJourneys.NO_COHORTS, one.kit, one.state)
    return Unplaced(learner=one.state.learner, why="version_without_groups", words=words)


async def _in_groups(pool: Pool, program: ProgramId) -> set[LearnerId]:
    groups = await fan_out(lambda one: snapshot(pool, one), await groups_of(pool, program), _AT_ONCE)
    return {learner for one in groups if lasts(one.state) for learner in one.state.listening()}


def _learner(kit: Kit, one: JourneyRecord, person: Person | None) -> Joining:
    zone = person.time_zone if person else None
    assert one.state.pathway, "who can join has a pathway"
    candidate = forming.candidate(kit, one.journey, one.state, zone)
    return Joining(PathwayId(one.state.pathway), candidate, learners_calendar(one, person))


async def _mentors(pool: Pool, kit: Kit, at: datetime) -> list[Leading]:
    return [
        Leading(
            mentor=one.mentor,
            profile=one.profile,
            state=one.state,
            calendar=calendar_of(one.state, surroundings(kit, one.person, at)),
        )
        for one in await mentors.of_program(pool, kit.program_id)
    ]
