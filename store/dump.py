"""The log as a file: NDJSON, one line for each kit, event and append, in the total order. Read back, it gives the same
positions, and so the same views. People are not in it: the log carries ids, and names stay where they are.
"""

import json
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

import asyncpg
from pydantic import TypeAdapter, ValidationError
from pydantic_core import from_json

from domain.values import Instant
from store.database import Connection, Pool, query
from store.errors import StoreError

FORMAT = 1
_INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
_INSTANTS = frozenset({"occurred_at", "recorded_at", "published_at"})
_PAGE = 5_000
_CHUNK = 20_000


class NotEmpty(StoreError):
    """Positions are given once: a dump can only become the beginning of a log."""

    def __init__(self) -> None:
        super().__init__("this log has events already: import into a new, migrated database")


class BadDump(StoreError):
    """The file is not a whole dump. Nothing was imported."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line} of the dump: {problem}; nothing was imported, export it again")


class Incomplete(StoreError):
    """Part of the log was detached to files, and a dump would not be whole."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(f"detached to files: {', '.join(names)}. Run `trellis log attach` for them, then export again")


@dataclass(frozen=True, slots=True)
class Imported:
    events: int
    streams: int
    appends: int
    kits: int


async def export(pool: Pool) -> AsyncIterator[str]:
    """The lines, of one snapshot of the log. What has no position yet is not in it. Raises Incomplete."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        if detached := await connection.fetchval(query("partitions_detached")):
            raise Incomplete(detached)
        head = await connection.fetchval(query("head"))
        yield json.dumps({"trellis": "log", "format": FORMAT, "events": head}) + "\n"
        for statement, arguments in (("dump_kits", ()), ("dump_events", (0, head)), ("dump_appends", (head,))):
            async for row in connection.cursor(query(statement), *arguments, prefetch=_PAGE):
                yield row[0] + "\n"


async def restore(dsn: str, lines: Iterable[str]) -> Imported:
    """Fills an empty log, all of it or, when something is wrong, nothing. Raises NotEmpty, BadDump."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            await connection.execute("lock table trellis.sequencer in exclusive mode")
            if await connection.fetchval(query("log_used")):
                raise NotEmpty
            reading = _Reading(lines)
            await connection.execute(query("incoming_create"))
            while chunk := list(islice(reading, _CHUNK)):
                await _take_in(connection, chunk, reading.position)
            reading.check_whole()
            row = await connection.fetchrow(query("restore_end"))
            if wrong := await connection.fetchval(query("restore_wrong_append")):
                raise BadDump(reading.line, f"append {wrong} does not have the content that it was recorded with")
        await connection.execute("analyze trellis.events, trellis.log, trellis.streams")
        return Imported(*(row or ()))
    finally:
        await connection.close()


async def _take_in(connection: Connection, chunk: list[str], position: int) -> None:
    """Postgres takes the lines apart: numbers stay as they were written, to the last digit."""
    await connection.execute(query("restore_room"), max(position, 1))
    await connection.copy_records_to_table("incoming", columns=("line",), records=[(line,) for line in chunk])
    for statement in ("restore_kits", "restore_events", "restore_appends", "incoming_empty"):
        await connection.execute(query(statement))


class _Reading:
    """The lines, checked as they pass by."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.line = 1
        header = self._parse(next(self._lines, ""))
        if header.get("trellis") != "log" or header.get("format") != FORMAT:
            raise BadDump(1, f"a dump begins with its header, of format {FORMAT}")
        self._promised = header["events"]
        self.position = 0

    def __iter__(self) -> Iterator[str]:
        for text in self._lines:
            self.line += 1
            one = self._parse(text)
            self._check_instants(one)
            if "position" in one:
                self.position += 1
                if one["position"] != self.position:
                    raise BadDump(self.line, f"position {one['position']} where {self.position} was to be")
            yield text

    def _check_instants(self, one: dict[str, Any]) -> None:
        """Postgres would take the ends of time, and its driver would read them back as infinity, for every reader."""
        for field in _INSTANTS & one.keys():
            try:
                _INSTANT.validate_python(one[field])
            except ValidationError as error:
                says = error.errors()[0]["msg"].partition(";")[0]
                raise BadDump(self.line, f"{field} {one[field]!r} is {says}") from None

    def check_whole(self) -> None:
        if self.position != self._promised:
            raise BadDump(self.line, f"it ends after {self.position} of {self._promised} events")

    def _parse(self, text: str) -> dict[str, Any]:
        try:
            one = from_json(text)
        except ValueError as error:
            raise BadDump(self.line, str(error)) from error
        if not isinstance(one, dict):
            raise BadDump(self.line, "every line is an object")
        return one
