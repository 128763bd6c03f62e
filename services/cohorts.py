"""Groups: what is recorded of one goes to its stream, and then its workflow tells the journeys of the members."""

from dataclasses import dataclass
from datetime import datetime

from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain.cohort import CohortEvent, CohortState, Command, Context, cohort
from domain.cohort.commands import FormCohort
from domain.ids import CohortId, cohort_stream
from queries.cohorts import NoSuchCohort, snapshot
from store import kits
from store.database import Pool
from store.transact import Snapshot, Transaction, given, transact
from workflows.cohort import Follow
from workflows.contract import CATCH_UP, COHORT_WORKFLOW, PROGRAM_TASK_QUEUE


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
) -> Transaction[CohortState, CohortEvent]:
    """Records what the command brings about, and lets the members be told.

    Raises:
        NoSuchCohort: unless the command forms it.
        Rejected: when the group refuses the command. Nothing was stored.
        RPCError: when Temporal does not answer. What was recorded is in the stream, and members are told later.
    """
    if isinstance(command, FormCohort):
        context, known = Context(group, await kits.load(pool, command.kit)), None
    else:
        found = await find(pool, group)
        context, known = found.context, found.at
    stream, decider = cohort_stream(group), cohort(context)
    done = await transact(pool, stream, decider, command, at, meta=given(command), known=known)
    if done.events:
        await wake(temporal, group, done.after.version, task_queue)
    return done


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
