"""One slice of a rebuild: some of the streams, from the beginning of the log to a target.

Each chunk is one transaction with the mark of how far the slice is, so that a slice that was killed goes on from there.
"""

import asyncio
import gc
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from itertools import groupby
from operator import attrgetter
from typing import Any

import asyncpg

from projections.batch import Batch, ParkedEvents
from projections.fold import Fold
from projections.follower import apply_alone
from projections.generations import Generation, all_of
from projections.projection import Projection
from projections.sql import query
from store.database import Connection
from store.errors import StoreError
from store.event_log import RecordedEvent

_POSITIONS_A_CHUNK = 50_000
_EVENTS_A_CHUNK = 10_000
_SETTINGS = {"application_name": "trellis rebuild", "jit": "off", "work_mem": "64MB"}


@dataclass(frozen=True, slots=True)
class Slice:
    slice: int
    slices: int
    target: int
    position: int
    stream: str
    events: int
    done: int


async def build(dsn: str, projection: Projection, generation: Generation, one: Slice) -> None:
    """Builds what is left of the slice."""
    connection = await asyncpg.connect(dsn, server_settings=_SETTINGS)
    try:
        if isinstance(projection, Fold):
            await _by_stream(dsn, connection, projection, generation, one)
        else:
            await _by_position(connection, projection, generation, one)
    finally:
        await connection.close()


class SliceFailed(StoreError):
    """A process that built a slice ended with an error. What it had done is kept; the rebuild can be run again."""

    def __init__(self, name: str, one: Slice, said: str) -> None:
        super().__init__(f"slice {one.slice} of {one.slices} of {name} failed: {said}")


async def build_apart(dsn: str, projection: Projection, generation: Generation, one: Slice) -> None:
    """The same in a process of its own, for the CPU's sake; it ends with the caller. Raises SliceFailed."""
    arguments = {"dsn": dsn, "name": projection.name, "generation": generation.generation, "slice": one.slice}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "projections.slices"), stdin=PIPE, stdout=DEVNULL, stderr=PIPE
    )
    try:
        # Not on the command line: the address may hold a password.
        _, said = await process.communicate(json.dumps(arguments).encode())
    finally:
        if process.returncode is None:
            process.kill()
    if process.returncode:
        raise SliceFailed(projection.name, one, said.decode().strip().rpartition("\n")[2])


async def _build_slice(dsn: str, name: str, generation: int, slice: int) -> None:  # noqa: A002 - as in the table
    from projections.registry import PROJECTIONS

    gc.freeze()  # what was imported stays, and need not be looked through after every chunk
    connection = await asyncpg.connect(dsn)
    try:
        building = next(one for one in await all_of(connection, name) if one.generation == generation)
        plan = [Slice(*row) for row in await connection.fetch(query("slices_list"), name, generation)]
    finally:
        await connection.close()
    await build(dsn, PROJECTIONS[name], building, plan[slice])


async def _by_position(connection: Connection, projection: Projection, generation: Generation, one: Slice) -> None:
    while one.position < one.target:
        upto = min(one.target, one.position + _POSITIONS_A_CHUNK)
        done = one.events * upto // one.target
        async with connection.transaction():
            batch = Batch(generation.schema, one.position, upto, one.slice, one.slices)
            await apply_alone(connection, projection, batch)
            one = await _mark(connection, generation, replace(one, position=upto, done=done))


async def _by_stream(
    dsn: str, connection: Connection, fold: Fold[Any, Any], generation: Generation, one: Slice
) -> None:
    """Every stream is folded whole and written once, which a replay in the order of the log cannot do."""
    parked = ParkedEvents.of(tuple(row) for row in await connection.fetch(query("parked_of"), fold.name))
    async for chunk in _chunks(dsn, fold, one):
        streams = groupby(chunk, key=attrgetter("stream"))
        whole = (fold.fold(stream, parked.leave_out(list(recorded))) for stream, recorded in streams)
        folded = [found for found in whole if found]
        async with connection.transaction():
            if folded:
                await fold.fill(connection, generation.schema, folded)
            one = await _mark(connection, generation, replace(one, stream=chunk[-1].stream, done=one.done + len(chunk)))
        folded.clear()
        gc.collect()


async def _chunks(dsn: str, fold: Fold[Any, Any], one: Slice) -> AsyncIterator[list[RecordedEvent]]:
    """Whole streams, in order, some ten thousand events at a time, on a connection of its own: the writer commits."""
    reader = await asyncpg.connect(dsn, server_settings=_SETTINGS)
    try:
        async with reader.transaction(readonly=True):
            arguments = (one.target, sorted(fold.handles), one.slice, one.slices, one.stream)
            cursor = await reader.cursor(query("slice_events"), *arguments)
            chunk: list[RecordedEvent] = []
            while rows := await cursor.fetch(_EVENTS_A_CHUNK):
                chunk += [RecordedEvent(*row) for row in rows]
                whole = _before_last_stream(chunk)
                if whole:
                    yield chunk[:whole]
                    del chunk[:whole]
            if chunk:
                yield chunk
    finally:
        await reader.close()


def _before_last_stream(chunk: list[RecordedEvent]) -> int:
    """How many events come before those of the last stream, of which there may be more."""
    last = chunk[-1].stream
    return next((nth for nth in reversed(range(1, len(chunk) + 1)) if chunk[nth - 1].stream != last), 0)


async def _mark(connection: Connection, generation: Generation, one: Slice) -> Slice:
    await connection.execute(
        query("slice_move"), generation.name, generation.generation, one.slice, one.position, one.stream, one.done
    )
    return one


if __name__ == "__main__":
    gc.disable()  # a fold makes millions of values and no cycles: looking for those takes half of its time
    asyncio.run(_build_slice(**json.load(sys.stdin)))
