"""What a person decides about an event that a projection cannot apply: park it, skip it, or try it again."""

from dataclasses import dataclass

from projections.batch import Batch
from projections.generations import live_of
from projections.projection import Projection
from projections.sql import query
from store.database import Connection, Executor
from store.errors import StoreError


class NotStopped(StoreError):
    """There is nothing to decide."""

    def __init__(self, name: str) -> None:
        super().__init__(f"projection {name} has not stopped at anything: `trellis projections` shows which have")
        self.name = name


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    position: int
    stream: str
    kind: str
    """`parked`, `skipped`, or `retried` when a parked one was applied after all."""
    reason: str
    actor: str


async def park(connection: Executor, name: str, reason: str, actor: str) -> ParkedEvent:
    """The projection goes on without the event and the later ones of its stream, until a retry. Returns what was
    parked. Raises NotStopped.
    """
    return await _park(connection, name, "parked", reason, actor)


async def skip(connection: Executor, name: str, reason: str, actor: str) -> ParkedEvent:
    """The projection leaves this one event out for good, and so do its rebuilds. Raises NotStopped."""
    return await _park(connection, name, "skipped", reason, actor)


async def listed(connection: Executor, name: str) -> list[ParkedEvent]:
    """All events that were ever parked or skipped, by position."""
    return [ParkedEvent(*row) for row in await connection.fetch(query("parked_list"), name)]


async def retry(connection: Connection, projection: Projection) -> list[int]:
    """Lets a stopped projection try again, and applies what was parked, stream by stream, in one transaction.

    Returns the positions that are parked no more. Raises whatever the first event raises that still cannot be applied;
    then nothing has changed but that a stopped projection tries again.
    """
    await connection.execute(query("checkpoint_resume"), projection.name)
    async with connection.transaction():
        live = await live_of(connection, projection.name)
        if live is None:
            return []
        # Under the lock of the checkpoint: the follower does not move meanwhile.
        upto = await connection.fetchval(query("checkpoint_hold"), live.name, live.generation)
        positions = []
        for row in await connection.fetch(query("parked"), projection.name):
            only_it = Batch(live.schema, row["position"] - 1, upto, only=(row["stream"],))
            await projection.apply(connection, only_it)
            await connection.execute(query("parked_retried"), projection.name, row["position"])
            positions.append(row["position"])
        return positions


async def _park(connection: Executor, name: str, kind: str, reason: str, actor: str) -> ParkedEvent:
    row = await connection.fetchrow(query("park"), name, kind, reason, actor)
    if row is None:
        raise NotStopped(name)
    return ParkedEvent(*row)
