"""Follows the log for one projection: exactly once, whoever else tries, wherever it is cut off."""

from dataclasses import dataclass, replace
from time import monotonic
from typing import cast

import asyncpg
import structlog

from projections.generations import Generation, ensure_live, enter
from projections.projection import Batch, Projection, query
from store.database import Connection
from store.errors import Deposed, StoreError

log = structlog.get_logger(__name__)

LARGEST_BATCH = 5_000


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


class Follower:
    """Follows the log for one generation of one projection, on one connection, which nobody else may use.

    `step` is one transaction: checkpoint locked, batch checked dense, applied, checkpoint moved. Whatever happens
    meanwhile, either all of that is done or nothing.
    """

    def __init__(self, connection: Connection, projection: Projection, generation: Generation, epoch: int) -> None:
        self._connection = connection
        self._projection = projection
        self.generation = generation
        self.epoch = epoch
        self.limit = LARGEST_BATCH
        """How many positions the next step takes at most; grows again after each that went well."""

    async def step(self) -> Step:
        """Raises Deposed when another runner leads or another generation is live. An event that cannot be applied is
        found by halving the batch, so that all before it is shown; then the projection stops at it.
        """
        try:
            async with self._connection.transaction():
                return await self._advance()
        except (Deposed, NotDense, OSError, asyncpg.InterfaceError):
            raise
        except Exception as error:
            if passing(error):
                raise
            return await self._halve(error)

    async def is_due(self) -> bool:
        """Whether a step would find more than the last one, which found nothing to do: events, a person's decision, or
        another leader. Only reads, so that asking often costs no transaction id.
        """
        place = (self.generation.name, self.generation.generation, self.epoch)
        return cast("bool", await self._connection.fetchval(query("checkpoint_due"), *place))

    async def _advance(self) -> Step:
        name, generation = self.generation.name, self.generation.generation
        row = await self._connection.fetchrow(query("checkpoint_lock"), name, generation, self.epoch)
        if row is None:
            raise Deposed(f"runner of {name}", self.epoch)
        if row["stopped_at"] is not None:
            return Stopped(row["stopped_at"], row["stopped_because"])
        after, upto = row["position"], min(row["head"], row["position"] + self.limit)
        if after == upto:
            return UpToDate(after)
        began = monotonic()
        await apply(self._connection, self._projection, Batch(after, upto))
        speed = (upto - after) / max(monotonic() - began, 1e-6)
        await self._connection.execute(query("checkpoint_move"), name, generation, upto, speed)
        self.limit = min(self.limit * 2, LARGEST_BATCH)
        return Moved(upto)

    async def _halve(self, error: Exception) -> Step:
        name, generation = self.generation.name, self.generation.generation
        row = await self._connection.fetchrow(query("checkpoint_read"), name, generation)
        if row is None:
            raise Deposed(f"runner of {name}", self.epoch)
        size = min(self.limit, row["head"] - row["position"])
        if size > 1:
            self.limit = size // 2
            return Moved(row["position"])
        because = f"{type(error).__name__}: {error}"
        await self._connection.execute(
            query("checkpoint_stop"), name, generation, self.epoch, row["position"] + 1, because
        )
        log.error("projection_stopped", projection=name, position=row["position"] + 1, because=because)
        return Stopped(row["position"] + 1, because)


async def apply(connection: Connection, projection: Projection, batch: Batch) -> None:
    """Applies what is in the batch except what a person set aside. Raises NotDense."""
    guard = await connection.fetchrow(query("batch_guard"), projection.name, batch.after, batch.upto)
    assert guard is not None
    if guard["found"] != batch.upto - batch.after:
        raise NotDense(batch.after, batch.upto, guard["found"])
    for aside in (*guard["aside"], batch.upto + 1):
        if aside - 1 > batch.after:
            held = tuple(stream for stream, position in guard["parked"] if position <= batch.after)
            await projection.apply(connection, replace(batch, upto=aside - 1, held=held))
        batch = replace(batch, after=aside)


def passing(error: Exception) -> bool:
    """Whether it may go away by itself: the connection, a deadlock, a full disk, a shutdown, a lock held too long."""
    return isinstance(error, OSError | asyncpg.InterfaceError | asyncpg.InternalClientError) or (
        isinstance(error, asyncpg.PostgresError)
        and (error.sqlstate or "")[:2] in {"08", "25", "40", "53", "55", "57", "58"}
    )


async def follow(connection: Connection, projection: Projection) -> Follower:
    """Takes the lead over the live generation, making the first one if need be."""
    generation = await ensure_live(connection, projection)
    epoch = await connection.fetchval(query("epoch_begin"), projection.name, generation.generation)
    await enter(connection, generation)
    return Follower(connection, projection, generation, epoch)
