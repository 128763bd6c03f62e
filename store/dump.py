"""The log as a file: NDJSON, one line for each kit, event and receipt, in the total order. Imported, it gives the same
positions, and so the same views. People are not in it: the log carries ids, and names stay in their own table.
"""

import json
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from itertools import islice

import asyncpg

from store.database import Connection, Pool, query
from store.dump_lines import FORMAT, BadDump, Reading, with_checksum
from store.errors import StoreError

__all__ = ["BadDump", "Imported", "Incomplete", "NotEmpty", "export", "restore"]

_PAGE = 5_000
_CHUNK = 20_000
_TAKE_IN = ("restore_kits", "restore_events", "restore_appends", "restore_append_lines", "incoming_empty")


class NotEmpty(StoreError):
    """Positions are given once: a dump can only become the beginning of a log."""

    def __init__(self) -> None:
        super().__init__("this log has events already: import into a new, migrated database")


class Incomplete(StoreError):
    """Part of the log was detached to files, and a dump would not be whole."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"detached to files: {', '.join(names)}. Run `trellis log attach` for them, then export again")


@dataclass(frozen=True, slots=True)
class Imported:
    events: int
    streams: int
    kits: int


async def export(pool: Pool) -> AsyncIterator[str]:
    """The lines, of one snapshot of the log. What has no position yet is not in it. Raises Incomplete."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        if detached := await connection.fetchval(query("partitions_detached")):
            raise Incomplete(detached)
        head = await connection.fetchval(query("dump_head"))
        yield with_checksum(json.dumps({"trellis": "log", "format": FORMAT, "events": head})) + "\n"
        lines = 1
        for statement, arguments in (("dump_kits", ()), ("dump_events", (0, head)), ("dump_appends", (head,))):
            async for row in connection.cursor(query(statement), *arguments, prefetch=_PAGE):
                yield with_checksum(row[0]) + "\n"
                lines += 1
        yield with_checksum(json.dumps({"end": lines})) + "\n"


async def restore(dsn: str, lines: Iterable[str]) -> Imported:
    """Fills an empty log, all of it or, when something is wrong, nothing. Raises NotEmpty, BadDump."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute("lock table trellis.sequencer in exclusive mode")
            if await connection.fetchval(query("log_used")):
                raise NotEmpty
            reading = Reading(lines)
            for statement in ("incoming_create", "incoming_appends_create"):
                await connection.execute(query(statement))
            numbered = iter(reading)
            while chunk := list(islice(numbered, _CHUNK)):
                await _take_in(connection, chunk, reading.position)
            reading.check_whole()
            await _check_together(connection, reading)
            reading.check_unchanged()
            row = await connection.fetchrow(query("restore_end"))
        await connection.execute("analyze trellis.events, trellis.log, trellis.streams")
        return Imported(*(row or ()))
    finally:
        await connection.close()


async def _take_in(connection: Connection, chunk: list[tuple[int, str]], position: int) -> None:
    """Postgres takes the lines apart: numbers stay as they were written, to the last digit. Raises BadDump for a line
    that it refuses.
    """
    await connection.execute(query("restore_room"), max(position, 1))
    try:
        await _insert(connection, chunk)
    except (asyncpg.PostgresConnectionError, asyncpg.InterfaceError):
        raise
    except asyncpg.PostgresError:
        line, reason = await _refused(connection, chunk)
        raise BadDump(line, f"Postgres does not take it: {reason}") from None


async def _insert(connection: Connection, chunk: list[tuple[int, str]]) -> None:
    async with connection.transaction():
        await connection.copy_records_to_table("incoming", columns=("number", "line"), records=chunk)
        for statement in _TAKE_IN:
            await connection.execute(query(statement))


async def _refused(connection: Connection, chunk: list[tuple[int, str]]) -> tuple[int, str]:
    """The first line that Postgres refuses, and why: what comes before it is inserted by halves."""
    while True:
        half = chunk[: max(len(chunk) // 2, 1)]
        try:
            await _insert(connection, half)
        except asyncpg.PostgresError as error:
            if len(half) == 1:
                return half[0][0], str(error)
            chunk = half
        else:
            chunk = chunk[len(half) :]


async def _check_together(connection: Connection, reading: Reading) -> None:
    """What no line says by itself: that versions follow each other, and that receipts are those of their events. Before
    format 2, every event belonged to an append that the dump names.
    """
    if position := await connection.fetchval(query("restore_wrong_version")):
        raise BadDump(reading.line_of(position), "its version is not the next one of its stream")
    if reading.format == 1:
        if position := await connection.fetchval(query("restore_loose_event")):
            raise BadDump(reading.line_of(position), "no append of the dump holds this event")
        if line := await connection.fetchval(query("restore_loose_append")):
            raise BadDump(line, "this append does not begin where the one before it on its stream ends")
    if line := await connection.fetchval(query("restore_wrong_append")):
        raise BadDump(line, "the events of this append do not have the content that they were recorded with")
