"""Building a projection anew, beside the one that readers see, and putting it in its place in one transaction."""

import asyncio
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from time import monotonic

import asyncpg

from projections.batch import Batch
from projections.fold import Fold
from projections.follower import Follower, Member, Stopped, UpToDate, apply_alone
from projections.generations import (
    Generation,
    Status,
    all_of,
    create,
    drop,
    drop_replaced,
    ensure_live,
    index,
    prune,
    run_in,
    swap,
)
from projections.projection import Projection
from projections.registry import PROJECTIONS
from projections.slices import Slice, build, build_apart
from projections.sql import query
from store.database import Connection
from store.errors import StoreError
from store.locks import Lock

_SAMPLE_STREAMS = 100
_CUTS = (0, 2, 32, 400)
_PROGRESS_SECONDS = 0.5
_SHORT_LOG = 20_000
_SWAP_TRIES = 10


class AlreadyRebuilding(StoreError):
    """Another process builds this projection at this moment."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is being rebuilt by another process: `trellis projections` shows how far it is")


class Differs(StoreError):
    """The rebuilt rows are not those that following the log gives: they depend on batches or on chance."""

    def __init__(self, generation: Generation, table: str, rows: int) -> None:
        super().__init__(
            f"{rows} rows of {generation.schema}.{table} differ from a replay of the same streams in small batches: "
            f"readers keep the old generation; correct {generation.name} and rebuild it"
        )
        self.table, self.rows = table, rows


class StoppedAt(StoreError):
    """The new form cannot apply an event."""

    def __init__(self, name: str, stopped: Stopped) -> None:
        super().__init__(
            f"the new {name} stopped at position {stopped.position}: {stopped.because}. Readers keep the old one; "
            f"correct the cause, or `trellis projections skip {name}`, and rebuild again"
        )


@dataclass(frozen=True, slots=True)
class Progress:
    name: str
    done: int
    events: int
    seconds: float

    @property
    def seconds_left(self) -> float | None:
        """An estimate from the speed so far; None before there is any."""
        return (self.events - self.done) * self.seconds / self.done if self.done else None


async def rebuild(
    dsn: str,
    projection: Projection,
    *,
    slices: int = 0,
    processes: bool = True,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Generation:
    """Builds a generation from the start of the log, compares a sample of it with a replay, catches up, and swaps.

    Continues an interrupted rebuild of the same form. There is one slice for each CPU, or one for a short log. Several
    slices of a fold in the registry run in processes of their own if there are enough events, unless `processes` is
    false. Until the swap readers see the old rows, afterwards the new. Raises AlreadyRebuilding, Differs, StoppedAt,
    and what a slice raises.
    """
    connection = await asyncpg.connect(dsn, server_settings={"application_name": "trellis rebuild", "jit": "off"})
    try:
        if not await connection.fetchval(query("rebuild_lock"), Lock.REBUILD, projection.name):
            raise AlreadyRebuilding(projection.name)
        await ensure_live(connection, projection)
        building = await _beside(connection, projection, slices or await _slices_of(connection))
        await connection.execute(query("build_begin"), building.name, building.generation)
        await _fill(dsn, connection, projection, building, processes=processes, progress=progress)
        await compare(connection, projection, building)
        await _catch_up(connection, projection, building)
        await _put_in_place(connection, projection, building)
        await prune(connection, projection.name)
        live = await ensure_live(connection, projection)
        await drop_replaced(connection, projection, live)
        return live
    finally:
        await connection.close()


async def _beside(connection: Connection, projection: Projection, slices: int) -> Generation:
    """The generation to build: the one begun before, if it is of this form and not finished, or a new one."""
    for one in await all_of(connection, projection.name):
        if one.status == "building":
            if one.builds(projection) and one.position == 0:
                return one
            await drop(connection, one)
    async with connection.transaction():
        building = await create(connection, projection, "building")
        head = await connection.fetchval(query("log_head"))
        arguments = (building.name, building.generation, slices, head, sorted(projection.handles))
        await connection.execute(query("slices_plan"), *arguments)
        return building


async def _slices_of(connection: Connection) -> int:
    """A process takes longer to start than to take in a short log."""
    head = await connection.fetchval(query("log_head"))
    return 1 if head < _SHORT_LOG else os.cpu_count() or 1


async def _slices(connection: Connection, building: Generation) -> list[Slice]:
    return [Slice(*row) for row in await connection.fetch(query("slices_list"), building.name, building.generation)]


async def _fill(
    dsn: str,
    connection: Connection,
    projection: Projection,
    building: Generation,
    *,
    processes: bool,
    progress: Callable[[Progress], None],
) -> None:
    plan = await _slices(connection, building)
    began, before = monotonic(), sum(one.done for one in plan)
    working = asyncio.create_task(_run_slices(dsn, projection, building, plan, processes))
    try:
        while not (await asyncio.wait({working}, timeout=_PROGRESS_SECONDS))[0]:
            now = await _slices(connection, building)
            done, events = sum(one.done for one in now) - before, sum(one.events for one in now) - before
            progress(Progress(projection.name, done, events, monotonic() - began))
        await working
    finally:
        working.cancel()
    async with connection.transaction():
        await index(connection, projection, building)
        await connection.execute(query("generation_built"), building.name, building.generation, plan[0].target)
    for table in await connection.fetchval(query("generation_tables"), building.schema, True):
        await connection.execute(f"analyze {building.schema}.{table}")


async def _run_slices(
    dsn: str, projection: Projection, building: Generation, plan: Sequence[Slice], processes: bool
) -> None:
    enough = len(plan) > 1 and sum(one.events for one in plan) >= _SHORT_LOG
    apart = processes and enough and isinstance(projection, Fold)
    run = build_apart if apart and PROJECTIONS.get(projection.name) is projection else build
    await asyncio.gather(*(run(dsn, projection, building, one) for one in plan))


async def compare(connection: Connection, projection: Projection, built: Generation) -> None:
    """Replays some streams in batches of many sizes, and compares every row with what was built.

    Leaves nothing behind. Raises Differs.
    """
    transaction = connection.transaction()
    await transaction.start()
    try:
        upto = await connection.fetchval(query("generation_position"), built.name, built.generation)
        streams, positions = await _sample(connection, projection, upto)
        schema = f"{built.schema}_sample"
        await connection.execute(f"create schema {schema}")
        await run_in(connection, schema, projection.tables)
        for after, until in pairwise((0, *positions, upto)):
            if until > after:
                await apply_alone(connection, projection, Batch(schema, after, until, only=streams))
        for table in await connection.fetchval(query("generation_tables"), built.schema, True):
            rows = await connection.fetchval(_difference(f"{built.schema}.{table}", f"{schema}.{table}"), streams)
            if rows:
                raise Differs(built, table, rows)
    finally:
        await transaction.rollback()


async def _sample(connection: Connection, projection: Projection, upto: int) -> tuple[tuple[str, ...], list[int]]:
    """Some streams, and some positions of theirs to cut the replay at: after one event, two more, thirty more …"""
    row = await connection.fetchrow(query("sample"), sorted(projection.handles), _SAMPLE_STREAMS, upto)
    assert row is not None
    return tuple(row["streams"]), [row["positions"][cut] for cut in _CUTS if cut < len(row["positions"])]


def _difference(built: str, sample: str) -> str:
    """How many rows of these streams are in one and not in the other."""
    mine = f"select * from {built} where stream = any ($1::text[])"  # noqa: S608 - our own names
    return f"""select count(*) from (({mine} except all select * from {sample})
               union all (select * from {sample} except all {mine})) as difference"""  # noqa: S608


async def _catch_up(connection: Connection, projection: Projection, building: Generation) -> None:
    epoch = await connection.fetchval(query("epoch_begin"), building.name, building.generation)
    follower = Follower(connection, Member(projection, building, epoch))
    while not isinstance(step := await follower.step(), UpToDate):
        if isinstance(step, Stopped):
            raise StoppedAt(projection.name, step)


async def _put_in_place(connection: Connection, projection: Projection, building: Generation) -> None:
    """In one transaction, with both checkpoints held: the last few events, and the swap. Readers who are in the middle
    of a statement are waited for, but not for long, lest others queue up behind: then it tries again.
    """
    for left in reversed(range(_SWAP_TRIES)):
        try:
            async with connection.transaction():
                rows = await connection.fetch(query("checkpoints_hold"), building.name)
                position = next(row["position"] for row in rows if row["generation"] == building.generation)
                head = await connection.fetchval(query("log_head"))
                if head > position:
                    await apply_alone(connection, projection, Batch(building.schema, position, head))
                    await connection.execute(query("generation_built"), building.name, building.generation, head)
                before = next((row["position"] for row in rows if row["status"] == "live"), 0)
                left_as: Status = "retired" if before else "rejected"  # nobody wants to go back to an empty one
                await swap(connection, building.name, building, left_as)
                return
        except asyncpg.LockNotAvailableError:
            if not left:
                raise
            await asyncio.sleep(0.2)
