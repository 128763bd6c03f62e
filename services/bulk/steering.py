"""Bulk actions that were planned: begin, pause, resume and stop them, and look at them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from temporalio.client import Client

from client.bulk import BulkClient
from domain.bulk import (
    BULK,
    BeginBulk,
    BulkCommand,
    BulkState,
    Kind,
    Outcome,
    Outcomes,
    PauseBulk,
    ResumeBulk,
    Status,
    StopBulk,
)
from domain.bulk.events import BulkPlanned
from domain.ids import BulkId, MentorId, ProgramId, bulk_stream
from domain.refusal import NotFound
from store import bulk as selections
from store.bulk import BulkRefusals, ItemRow
from store.database import Connection, Pool
from store.transact import given, read, transact
from workflows.contract import PROGRAM_TASK_QUEUE

_Beside = Callable[[Connection], Awaitable[object]]


class NoSuchBulk(NotFound):
    def __init__(self, bulk: str) -> None:
        super().__init__(f"there is no bulk action {bulk!r}; `trellis bulk list` shows those there are")


class NoSuchPlan(NotFound):
    def __init__(self, digest: str) -> None:
        super().__init__(f"there is no plan with the digest {digest!r}; make the dry run again: its digest is another")


@dataclass(frozen=True, slots=True)
class BulkShown:
    """A bulk action, and how far it has come."""

    id: BulkId
    version: int
    action: Kind
    command: str | None
    status: Status
    programs: Sequence[ProgramId]
    filter: dict[str, str | bool]
    mentors: Sequence[MentorId]
    """Who takes over, for `reassign`."""
    journeys: int
    digest: str
    rate: float
    by: str
    planned_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    reason: str
    """Why it is paused or stopped. Personal."""
    content: str
    """The fields of the command, as JSON. Personal."""
    outcomes: Outcomes
    left: int
    """Journeys without an outcome yet."""
    refusals: Sequence[BulkRefusals]


class BulkRecords:
    """What is recorded of bulk actions. Needs Postgres alone."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def show(self, bulk: BulkId) -> BulkShown:
        found = await read(self._pool, bulk_stream(bulk), BULK)
        if found.state is None:
            raise NoSuchBulk(bulk)
        return await self._shown(bulk, found.version, found.state)

    async def items(
        self, bulk: BulkId, outcome: Outcome | Literal["left"] | None = None, after: int = 0, limit: int = 100
    ) -> list[ItemRow]:
        """The journeys, in the order of the selection, with what came of each."""
        return await selections.items(self._pool, bulk, outcome, after, limit)

    async def planned_as(self, digest: str) -> tuple[BulkId, BulkPlanned]:
        """The plan with this digest. Raises NoSuchPlan."""
        bulk = await selections.by_digest(self._pool, digest)
        state = (await read(self._pool, bulk_stream(bulk), BULK)).state if bulk else None
        if bulk is None or state is None:
            raise NoSuchPlan(digest)
        return bulk, state.plan

    async def _shown(self, bulk: BulkId, version: int, state: BulkState) -> BulkShown:
        outcomes, left = await selections.outcomes(self._pool, bulk)
        plan = state.plan
        return BulkShown(
            id=bulk,
            version=version,
            action=plan.kind,
            command=plan.command,
            status=state.status,
            programs=plan.programs,
            filter=dict(plan.filter),
            mentors=plan.mentors,
            journeys=plan.journeys,
            digest=plan.digest,
            rate=state.rate,
            by=plan.by,
            planned_at=plan.at,
            begun_at=state.begun_at,
            ended_at=state.ended_at,
            reason=state.reason,
            content=plan.content,
            outcomes=state.outcomes or outcomes,
            left=left,
            refusals=await selections.reasons(self._pool, bulk),
        )


class Bulks(BulkRecords):
    """Every call raises NoSuchBulk for an id that is not there."""

    def __init__(self, pool: Pool, temporal: Client, task_queue: str = PROGRAM_TASK_QUEUE) -> None:
        super().__init__(pool)
        self._workflows = BulkClient(temporal, task_queue)

    async def begin(
        self, bulk: BulkId, *, journeys: int | None = None, digest: str | None = None, by: str
    ) -> BulkShown:
        """Carries out a plan, for the journeys that it has. `journeys` or `digest` confirms it.

        Raises:
            Rejected: when that is not right, when the plan is too old, or when it was stopped.
        """
        command = BeginBulk(journeys=journeys, digest=digest, by=by)

        async def keep(connection: Connection) -> None:
            await selections.keep(connection, bulk)

        return await self._do(bulk, command, beside=keep)

    async def pause(self, bulk: BulkId, *, reason: str = "", by: str) -> BulkShown:
        """Within some seconds no further journey is touched."""
        return await self._do(bulk, PauseBulk(reason=reason, by=by))

    async def resume(self, bulk: BulkId, *, rate: float | None = None, by: str) -> BulkShown:
        return await self._do(bulk, ResumeBulk(rate=rate, by=by))

    async def stop(self, bulk: BulkId, *, reason: str = "", by: str) -> BulkShown:
        """The journeys that are left stay as they are, for good."""
        return await self._do(bulk, StopBulk(reason=reason, by=by))

    async def _do(
        self, bulk: BulkId, command: BulkCommand, beside: Callable[[Connection], Awaitable[object]] | None = None
    ) -> BulkShown:
        """The log first, then the workflow; if it stops in between, the reconciler does the rest."""
        if (await read(self._pool, bulk_stream(bulk), BULK)).state is None:
            raise NoSuchBulk(bulk)
        done = await transact(
            self._pool, bulk_stream(bulk), BULK, command, datetime.now(UTC), meta=given(command), beside=beside
        )
        state = done.after.state
        assert state, "it was there"
        if state.begun_at and not (state.is_over and not done.events):
            await self._workflows.wake(bulk, done.after.version)
        return await self._shown(bulk, done.after.version, state)
