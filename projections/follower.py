"""Follows the log for projections: every event exactly once, with rival runners and after crashes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from time import monotonic
from typing import Any, cast

import asyncpg
import structlog

from projections.batch import Batch, ParkedEvents, SharedEvents
from projections.fold import Fold
from projections.generations import Generation, ensure_live
from projections.projection import Projection
from projections.sql import query
from store.database import Connection
from store.errors import Deposed, StoreError
from store.event_log import RecordedEvent

log = structlog.get_logger(__name__)

LARGEST_BATCH = 5_000
_HEARTBEAT_SECONDS = 10.0


class NotDense(StoreError):
    """Positions are missing from the log: something that must be repaired before anything is shown."""

    def __init__(self, after: int, upto: int, found: int) -> None:
        super().__init__(
            f"the log has {found} of the {upto - after} positions from {after + 1} to {upto}: "
            "read detached partitions back with `trellis log attach`; if there are none, run `trellis log verify`"
        )


@dataclass(frozen=True, slots=True)
class Moved:
    """A batch was applied, up to `position`."""

    position: int


@dataclass(frozen=True, slots=True)
class UpToDate:
    position: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """An event cannot be applied; a person decides: correct the code and retry, park it, or skip it."""

    position: int
    because: str


Step = Moved | UpToDate | Stopped


@dataclass(frozen=True, slots=True)
class Member:
    """One generation of one projection, and the epoch in which somebody follows the log for it."""

    projection: Projection
    generation: Generation
    epoch: int

    @property
    def name(self) -> str:
        return self.generation.name


class CannotGoOn(Exception):
    """This member cannot take part in the step, which was rolled back for all of them."""

    def __init__(self, member: Member, cause: Exception | Stopped) -> None:
        super().__init__(f"{member.name}: {cause}")
        self.member, self.cause = member, cause


async def follow(connection: Connection, projection: Projection) -> "Follower":
    """Takes the lead over the live generation, making the first one if need be."""
    return Follower(connection, await lead(connection, projection))


async def lead(connection: Connection, projection: Projection) -> Member:
    """Whoever led before is refused from now on."""
    generation = await ensure_live(connection, projection)
    epoch = await connection.fetchval(query("epoch_begin"), projection.name, generation.generation)
    return Member(projection, generation, epoch)


class Follower:
    """Follows the log for one projection, on one connection, which nobody else may use."""

    def __init__(self, connection: Connection, member: Member) -> None:
        self._connection = connection
        self.member = member
        self.limit = LARGEST_BATCH
        """How many positions the next step takes at most; grows again after each that went well."""
        self._signs = SignsOfLife()

    async def step(self) -> Step:
        """Raises Deposed when another runner leads or another generation is live. An event that cannot be applied is
        found by halving the batch, so that all before it is shown; then the projection stops at it.
        """
        try:
            moved = await advance(self._connection, [self.member], self.limit)
        except CannotGoOn as found:
            match found.cause:
                case Stopped():
                    return found.cause
                case Deposed():
                    raise found.cause from None
                case _:
                    return await self._halve(found.cause)
        self.limit = min(self.limit * 2, LARGEST_BATCH)
        return moved

    async def is_due(self) -> bool:
        """Whether a step would find more than the last one, which found nothing to do: events, a person's decision, or
        another leader. Only reads, so that asking often costs no transaction id.
        """
        return await is_due(self._connection, [self.member])

    async def sign_of_life(self) -> None:
        """To be called often by whoever waits."""
        await self._signs.give(self._connection, [self.member])

    async def _halve(self, error: Exception) -> Step:
        name, generation = self.member.name, self.member.generation.generation
        row = await self._connection.fetchrow(query("checkpoint_read"), name, generation)
        if row is None:
            raise Deposed(f"runner of {name}", self.member.epoch)
        size = min(self.limit, row["head"] - row["position"])
        if size > 1:
            self.limit = size // 2
            return Moved(row["position"])
        because = f"{type(error).__name__}: {error}"
        place = (name, generation, self.member.epoch)
        await self._connection.execute(query("checkpoint_stop"), *place, row["position"] + 1, because)
        log.error("projection_stopped", projection=name, position=row["position"] + 1, because=because)
        return Stopped(row["position"] + 1, because)


async def advance(connection: Connection, members: Sequence[Member], limit: int) -> Moved | UpToDate:
    """One transaction: checkpoints locked, events read once and checked dense, applied to each, checkpoints moved.
    Whatever happens meanwhile, either all of that is done or nothing.

    If their positions differ, only the members furthest behind move, up to the next position of another. Raises
    CannotGoOn when one of them was deposed, has stopped, or cannot apply an event, and NotDense.
    """
    async with connection.transaction():
        rows = await connection.fetch(query("checkpoint_lock"), *_places(members))
        found = {row["name"]: row for row in rows}
        for member in members:
            _require_moving(member, found.get(member.name))
        head = rows[0]["head"]
        after = min(row["position"] for row in rows)
        if after == head:
            return UpToDate(after)
        last = [member for member in members if found[member.name]["position"] == after]
        upto = min(head, after + limit, *(row["position"] for row in rows if row["position"] > after))
        began = monotonic()
        await _apply(connection, last, after, upto)
        speed = (upto - after) / max(monotonic() - began, 1e-6)
        names, generations, _ = _places(last)
        await connection.execute(query("checkpoint_move"), names, generations, upto, speed)
        return Moved(upto)


async def apply_alone(connection: Connection, projection: Projection, batch: Batch) -> None:
    """Applies the batch except what a person parked or skipped, inside the caller's transaction. Raises NotDense, and
    whatever the projection raises.
    """
    set_aside = await _require_dense(connection, [projection.name], batch)
    for part in batch.parts(set_aside[projection.name]):
        await projection.apply(connection, part)


async def _apply(connection: Connection, members: Sequence[Member], after: int, upto: int) -> None:
    whole = Batch("", after, upto)
    set_aside = await _require_dense(connection, [member.name for member in members], whole)
    shared = await _read(connection, members, whole)
    for member in members:
        batch = replace(whole, schema=member.generation.schema, shared=shared)
        try:
            for part in batch.parts(set_aside[member.name]):
                await member.projection.apply(connection, part)
        except Exception as error:
            if passing(error):
                raise
            raise CannotGoOn(member, error) from error


async def _require_dense(connection: Connection, names: Sequence[str], batch: Batch) -> dict[str, ParkedEvents]:
    """What a person parked or skipped for each of these projections. Raises NotDense."""
    row: Any = await connection.fetchrow(query("batch_guard"), names, batch.after, batch.upto)
    if row["found"] != batch.upto - batch.after:
        raise NotDense(batch.after, batch.upto, row["found"])
    return {name: ParkedEvents.of(rest for of, *rest in row["set_aside"] if of == name) for name in names}


async def is_due(connection: Connection, members: Sequence[Member]) -> bool:
    return cast("bool", await connection.fetchval(query("checkpoint_due"), *_places(members)))


class SignsOfLife:
    """Written down once in a while, for all members in one statement: each statement costs a transaction id."""

    def __init__(self) -> None:
        self._written = monotonic()

    async def give(self, connection: Connection, members: Sequence[Member]) -> None:
        """To be called often."""
        if members and monotonic() - self._written >= _HEARTBEAT_SECONDS:
            self._written = monotonic()
            await connection.execute(query("heartbeat"), *_places(members))


def passing(error: Exception) -> bool:
    """Whether it may go away by itself: the connection, a deadlock, a full disk, a shutdown, a lock held too long."""
    return isinstance(error, OSError | asyncpg.InterfaceError | asyncpg.InternalClientError) or (
        isinstance(error, asyncpg.PostgresError)
        and (error.sqlstate or "")[:2] in {"08", "25", "40", "53", "55", "57", "58"}
    )


async def _read(connection: Connection, members: Sequence[Member], batch: Batch) -> SharedEvents | None:
    """None for a single one, which reads what it needs itself."""
    if len(members) == 1:
        return None
    types = frozenset[str]().union(*(one.projection.handles for one in members))
    folded = frozenset[str]().union(*(one.projection.handles for one in members if isinstance(one.projection, Fold)))
    rows = await connection.fetch(query("shared_events"), batch.extent(types), sorted(folded))
    return SharedEvents(RecordedEvent(*row) for row in rows)


def _require_moving(member: Member, row: Any) -> None:
    if row is None:
        raise CannotGoOn(member, Deposed(f"runner of {member.name}", member.epoch))
    if row["stopped_at"] is not None:
        raise CannotGoOn(member, Stopped(row["stopped_at"], row["stopped_because"]))


def _places(members: Sequence[Member]) -> tuple[list[str], list[int], list[int]]:
    """As the statements about checkpoints take them."""
    return (
        [one.name for one in members],
        [one.generation.generation for one in members],
        [one.epoch for one in members],
    )
