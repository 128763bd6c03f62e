"""The builds of a projection: where their tables are, and which of them readers see."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import asyncpg

from projections.projection import Projection
from projections.sql import query
from store.database import Connection
from store.errors import StoreError
from store.locks import Lock

Status = Literal["building", "live", "retired", "rejected"]

_SWAP_LOCK_TIMEOUT = "2s"


@dataclass(frozen=True, slots=True)
class Generation:
    name: str
    generation: int
    version: int
    shape: str
    status: Status
    position: int

    @property
    def schema(self) -> str:
        return f"view_{self.name}_{self.generation}"

    def builds(self, projection: Projection) -> bool:
        """Whether it was built by this very form of the projection."""
        return (self.version, self.shape) == (projection.version, projection.shape)


async def all_of(connection: Connection, name: str) -> list[Generation]:
    """The oldest first."""
    return [Generation(*row) for row in await connection.fetch(query("generations"), name)]


async def live_of(connection: Connection, name: str) -> Generation | None:
    return next((one for one in await all_of(connection, name) if one.status == "live"), None)


async def ensure_live(connection: Connection, projection: Projection) -> Generation:
    """The live generation; the first one, empty, when there is none. Safe to call from many processes at once."""
    async with connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1, hashtext($2))", Lock.GENERATIONS, projection.name)
        live = await live_of(connection, projection.name)
        if live is None:
            live = await create(connection, projection, "live")
            await index(connection, projection, live)
            await show(connection, live)
        return live


async def create(connection: Connection, projection: Projection, status: Status) -> Generation:
    """Its schema and tables, empty and without indexes."""
    async with connection.transaction():
        row = await connection.fetchrow(
            query("generation_create"), projection.name, projection.version, projection.shape, status
        )
        generation = Generation(*cast("tuple[str, int, int, str, Status, int]", tuple(row or ())))
        await connection.execute(f"create schema {generation.schema}")
        await run_in(connection, generation.schema, projection.tables)
        return generation


async def index(connection: Connection, projection: Projection, generation: Generation) -> None:
    if projection.indexes:
        async with connection.transaction():
            await run_in(connection, generation.schema, projection.indexes)


async def run_in(connection: Connection, schema: str, statements: str) -> None:
    """Bare names in the statements are those of this schema; so they are until the end of the caller's transaction."""
    await connection.execute("select set_config('search_path', $1, true)", schema)
    await connection.execute(statements)


async def drop(connection: Connection, generation: Generation) -> None:
    """Tables and all. Refused for the live one."""
    async with connection.transaction():
        for table in await connection.fetchval(query("generation_tables"), generation.schema, True):
            await connection.execute(f"drop table {generation.schema}.{table}")  # refused while readers' views show it
        await connection.execute(f"drop schema if exists {generation.schema}")
        await connection.execute(query("generation_delete"), generation.name, generation.generation)


async def show(connection: Connection, generation: Generation) -> None:
    """Points the readers' views at this generation, inside the caller's transaction."""
    await connection.execute("select set_config('lock_timeout', $1, true)", _SWAP_LOCK_TIMEOUT)
    for table in await connection.fetchval(query("generation_tables"), generation.schema, False):
        show = f"view views.{table} as select * from {generation.schema}.{table}"  # noqa: S608 - our own names
        try:
            async with connection.transaction():
                await connection.execute(f"create or replace {show}")  # keeps the rights that were granted on it
        except asyncpg.InvalidTableDefinitionError:  # its columns are others now
            await connection.execute(f"drop view views.{table}")
            await connection.execute(f"create {show}")


async def swap(connection: Connection, name: str, upcoming: Generation, left: Status) -> None:
    """Makes `upcoming` the live generation and leaves the present one `left`, inside the caller's transaction, which
    must hold both checkpoints.
    """
    live = await live_of(connection, name)
    if live:
        await connection.execute(query("generation_status"), name, live.generation, left)
    await connection.execute(query("generation_status"), name, upcoming.generation, "live")
    await show(connection, upcoming)


async def drop_replaced(connection: Connection, projection: Projection, live: Generation) -> None:
    """Drops what earlier releases kept in projections of their own and what is in this live generation now."""
    for name in projection.replaces:
        async with connection.transaction():
            await connection.execute("select pg_advisory_xact_lock($1, hashtext($2))", Lock.GENERATIONS, name)
            left = await all_of(connection, name)
            if left:
                await show(connection, live)
            for one in left:
                await connection.execute(query("generation_status"), name, one.generation, "retired")
                await drop(connection, one)


class NothingToGoBackTo(StoreError):
    """No earlier generation is kept."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"no earlier generation of {name} is kept: `trellis projections rebuild {name}` builds it anew"
        )


async def roll_back(connection: Connection, name: str) -> Generation:
    """Shows the generation that was live before, at once; its runner then catches up. Raises NothingToGoBackTo."""
    async with connection.transaction():
        await connection.execute(query("checkpoints_hold"), name)
        earlier = [one for one in await all_of(connection, name) if one.status == "retired"]
        if not earlier:
            raise NothingToGoBackTo(name)
        await swap(connection, name, earlier[-1], "rejected")
        return earlier[-1]


class NoSuchGeneration(StoreError):
    """There is none of this number."""

    def __init__(self, name: str, generation: int, there: Sequence[int]) -> None:
        numbers = ", ".join(map(str, there)) or "none"
        super().__init__(f"{name} has no generation {generation}; those that are kept: {numbers}")
        self.name, self.generation = name, generation


class StillNeeded(StoreError):
    """Only a retired generation can be spared."""

    def __init__(self, one: Generation) -> None:
        super().__init__(f"generation {one.generation} of {one.name} is not dropped: {_NEEDED[one.status]}")
        self.name, self.generation, self.status = one.name, one.generation, one.status


_NEEDED: dict[Status, str] = {
    "live": "it is what readers see; rebuild the projection first, and drop it once it is retired",
    "building": "it is being built; let its rebuild end first",
    "rejected": "while it is known to be rejected, it is not built again by itself; the next rebuild drops it",
}


async def discard(connection: Connection, name: str, generation: int) -> Generation:
    """Drops a retired one for good: nobody can roll back to it then. Raises NoSuchGeneration, StillNeeded."""
    async with connection.transaction():
        await connection.execute(query("checkpoints_hold"), name)  # nobody swaps meanwhile
        kept = {one.generation: one for one in await all_of(connection, name)}
        if generation not in kept:
            raise NoSuchGeneration(name, generation, list(kept))
        if kept[generation].status != "retired":
            raise StillNeeded(kept[generation])
        await drop(connection, kept[generation])
        return kept[generation]


async def prune(connection: Connection, name: str) -> None:
    """Drops what is neither live nor the one to go back to."""
    generations = await all_of(connection, name)
    keep = [one for one in generations if one.status == "retired"][-1:]
    for one in generations:
        if one.status in ("retired", "rejected") and one not in keep:
            await drop(connection, one)
