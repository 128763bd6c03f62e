"""Groups: what is recorded of one goes to its stream, and then its workflow tells the journeys of the members.

Before a group gets a time or a mentor, the times are booked and the minutes reserved in the streams of those who lead
it, which alone decide whether they have them. The workflow of the group enters there what the group's stream says; so
what was booked by a process that was killed in between does not stay.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain.cohort import CohortEvent, CohortState, Command, Context, cohort
from domain.cohort.commands import FormCohort, ReplaceMentor
from domain.cohort.events import Entrant, MembersJoined
from domain.cohort.joining import Newcomer, require_can_join
from domain.cohort.leading import Asked, Reserving, asked_of_mentors, following
from domain.holding import HOLD
from domain.ids import CohortId, ProgramId, cohort_stream
from domain.journey.refusing import unknown_mentor
from domain.kit import Pathway
from domain.mentor import MENTOR, mentor_stream
from domain.refusal import Rejected
from projections.board_filter import Filter
from projections.views import board
from queries.cohorts import NoSuchCohort, snapshot
from queries.journey_record import read_records
from store import kits, people
from store.database import Pool
from store.ledger import reserve
from store.transact import Snapshot, Transaction, given, transact
from workflows.cohort import Follow
from workflows.contract import CATCH_UP, COHORT_WORKFLOW, PROGRAM_TASK_QUEUE

_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Group:
    """A group as its stream has it, and what it is decided by."""

    context: Context
    at: Snapshot[CohortState]

    @property
    def id(self) -> CohortId:
        return self.context.cohort

    @property
    def state(self) -> CohortState:
        return self.at.state


async def find(pool: Pool, group: CohortId) -> Group:
    """Raises NoSuchCohort."""
    found = await snapshot(pool, group)
    if found.state.kit is None:
        raise NoSuchCohort(group)
    return Group(Context(group, await kits.load(pool, found.state.kit)), found)


async def handle(
    pool: Pool,
    temporal: Client,
    group: CohortId,
    command: Command,
    at: datetime,
    *,
    task_queue: str = PROGRAM_TASK_QUEUE,
    now: datetime | None = None,
) -> Transaction[CohortState, CohortEvent]:
    """Records what the command brings about, and lets the members be told. `now`: in a play, the time of its scenario.

    Raises:
        NoSuchCohort: unless the command forms it.
        Rejected: when the group refuses the command, a mentor has no time for it, or a learner cannot join. Nothing
            was stored.
        RPCError: when Temporal does not answer. What was recorded is in the stream, and members are told later.
    """
    now = now or datetime.now(UTC)
    if isinstance(command, FormCohort):
        found = Group(Context(group, await kits.load(pool, command.kit)), await snapshot(pool, group))
    else:
        found = await find(pool, group)
    decider = cohort(found.context)
    await _require_known(pool, command)
    wanted = decider.decide(found.state, command, at)
    if not isinstance(command, FormCohort):
        await _require_can_join(pool, found.state, wanted)
    leading = asked_of_mentors(found.state, command) if wanted else []
    if leading:
        await _book(pool, found, leading, command, now)
    try:
        done = await transact(pool, cohort_stream(group), decider, command, at, meta=given(command), known=found.at)
    except Rejected:
        if leading:
            await _release(pool, found, leading, command, now)
        raise
    if leading and not done.events:  # another process has recorded it first, maybe at other times
        await _release(pool, found, leading, command, now)
    if done.events:
        await wake(temporal, group, done.after.version, task_queue)
    return done


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a command."""

    cohort: CohortId
    events: list[str]
    """Their types. Empty: this was already so, and nothing changed."""
    version: int
    told: bool
    """Whether the journeys of all members know what happened."""
    refused: Mapping[str, str]
    """By learner, the code with which their journey refused what this command brought about."""
    members: int


async def handle_and_tell(
    pool: Pool, temporal: Client, group: CohortId, command: Command, wait: timedelta = timedelta(0)
) -> Told:
    """As `handle`. Waits at most so long for the journeys of the members to know it."""
    done = await handle(pool, temporal, group, command, datetime.now(UTC))
    state, version, news = done.after.state, done.after.version, done.after.state.news
    until = monotonic() + wait.total_seconds()
    while done.events and state.told < news and monotonic() < until:
        await asyncio.sleep(_LOOK_SECONDS)
        state = (await snapshot(pool, group)).state
    first = done.before.version
    return Told(
        cohort=group,
        events=[one.type for one in done.events],
        version=version,
        told=state.told >= state.news,
        refused={
            who: one.code
            for who, those in state.refusals.items()
            for one in those
            if one.version > first and not one.again
        },
        members=len(state.members),
    )


class NoOpenJourney(Exception):
    """A learner who is to join a group has no open journey in its program."""

    def __init__(self, learner: str, program: str) -> None:
        super().__init__(
            f"{learner!r} has no open journey in {program}; begin one with: trellis start {program} {learner}"
        )


async def entrants(pool: Pool, program: ProgramId, learners: Iterable[str]) -> list[Entrant]:
    """The learners with their open journeys in the program. Raises NoOpenJourney."""
    return [await _entrant(pool, program, learner) for learner in dict.fromkeys(learners)]


async def _entrant(pool: Pool, program: ProgramId, learner: str) -> Entrant:
    page = await board.page(pool, Filter(program=program, learner=learner, open=True), "journey", limit=1)
    if not page.rows:
        raise NoOpenJourney(learner, program)
    return Entrant.model_validate({"learner": learner, "journey": page.rows[0].journey})


async def _require_known(pool: Pool, command: Command) -> None:
    """Raises Rejected for those who are to lead a group and are no mentors."""
    mentors = command.mentors if isinstance(command, FormCohort) else ()
    mentors = (command.replacement,) if isinstance(command, ReplaceMentor) else mentors
    for one in mentors:
        if not await people.may_be_mentor(pool, one):
            raise unknown_mentor(one)


async def _require_can_join(pool: Pool, group: CohortState, events: Iterable[CohortEvent]) -> None:
    """Raises Rejected for those whom the group would take and who have no sessions ahead with it."""
    joining = [one.journey for event in events if isinstance(event, MembersJoined) for one in event.members]
    require_can_join(group, [Newcomer(one.kit, one.state) for one in await read_records(pool, joining)])


def _pathway(found: Group, command: Command) -> Pathway:
    named = command.pathway if isinstance(command, FormCohort) else found.state.pathway
    pathway = found.context.kit.pathway(named) if named else None
    assert pathway, "the group has accepted the command"
    return pathway


async def start(temporal: Client, group: CohortId, task_queue: str = PROGRAM_TASK_QUEUE) -> bool:
    """Starts the group's workflow, which goes on from the stream. Returns False when it runs."""
    try:
        await temporal.start_workflow(
            COHORT_WORKFLOW,
            Follow(cohort=group),
            id=cohort_stream(group),
            task_queue=task_queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            static_summary=f"Group {group}",
        )
    except WorkflowAlreadyStartedError:
        return False
    return True


async def wake(temporal: Client, group: CohortId, version: int, task_queue: str = PROGRAM_TASK_QUEUE) -> None:
    """Lets the group's workflow tell what its stream has up to this version; starts it where it does not run."""
    await temporal.start_workflow(
        COHORT_WORKFLOW,
        Follow(cohort=group),
        id=cohort_stream(group),
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        static_summary=f"Group {group}",
        start_signal=CATCH_UP,
        start_signal_args=[{"version": version}],
    )


# The time of those who lead it


def _reserving(found: Group, asked: Asked, command: Command, now: datetime) -> Reserving:
    return Reserving(found.context, _pathway(found, command), found.at.version, asked, now, command.by)


async def _book(pool: Pool, found: Group, leading: Sequence[Asked], command: Command, now: datetime) -> None:
    """All of it, or nothing. Raises Rejected, which names the mentor and what is in the way."""
    for asked in leading:
        reserving, stream = _reserving(found, asked, command, now), mentor_stream(asked.mentor)
        try:
            for booking in reserving.bookings():
                await transact(pool, stream, MENTOR, booking, now, meta=given(booking))
            if reservation := reserving.reservation(HOLD):
                await reserve(pool, reservation, now)
        except Rejected as refused:
            await _release(pool, found, leading, command, now)
            raise Rejected(refused.code, f"{asked.mentor}: {refused}", refused.data) from refused


async def _release(pool: Pool, found: Group, leading: Sequence[Asked], command: Command, now: datetime) -> None:
    """What was booked for nothing; what the group has recorded, also meanwhile by another process, is entered again."""
    for asked in leading:
        for given_back in _reserving(found, asked, command, now).given_back():
            await transact(pool, mentor_stream(asked.mentor), MENTOR, given_back, now, meta=given(given_back))
    recorded = (await snapshot(pool, found.id)).state
    for again in following(found.context, recorded) if recorded.formed else ():
        await transact(pool, mentor_stream(again.mentor), MENTOR, again, now, meta=given(again))
