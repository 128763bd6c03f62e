"""Moves old partitions of the log to files and back. No event is lost: a partition is dropped only after its file has
been written, synced and compared with it.
"""

import gzip
import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, cast

import asyncpg
from pydantic_core import from_json

from store.database import Connection, Pool, query
from store.errors import StoreError

_PAGE = 5_000
_CHUNK = 20_000


class NotDetachable(StoreError):
    """The partition has to stay in the database."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name} stays: {reason}")


class DamagedFile(StoreError):
    """The file does not hold what was written into it."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} is damaged: restore it from a backup; the partition was left as it is")


@dataclass(frozen=True, slots=True)
class Partition:
    name: str
    from_seq: int
    to_seq: int
    detached_to: str | None
    events: int
    """As Postgres estimates them; 0 when it is detached."""


async def partitions(pool: Pool) -> list[Partition]:
    """All partitions, detached ones included, the oldest first."""
    return [Partition(*row) for row in await pool.fetch(query("partitions_list"))]


async def detach(dsn: str, name: str, folder: Path, quiet_since: datetime) -> Path:
    """Moves a full partition to a file in the folder and returns the file. Its streams must have no event that was
    recorded since `quiet_since`, because active streams are read. Raises NotDetachable, DamagedFile; then nothing has
    changed.
    """
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            row = await connection.fetchrow(query("partition_use"), name, quiet_since)
            if row is None:
                raise NotDetachable(name, "there is no such partition, or it is detached already")
            for reason in ("it is not full yet", "some of its numbers may still be used", "some of its streams go on"):
                if row[reason]:
                    raise NotDetachable(name, reason)
            file = folder / f"{name}.ndjson.gz"
            written = await _write(connection, file, row["from_seq"], row["to_seq"])
            if _digest(file) != written:
                raise DamagedFile(file)
            await connection.execute("set local lock_timeout = '5s'")  # appends queue behind this lock
            await connection.execute(f"alter table trellis.events detach partition trellis.{name}")
            await connection.execute(f"drop table trellis.{name}")
            await connection.execute(query("partition_moved"), name, str(file.resolve()))
            return file
    finally:
        await connection.close()


async def attach(dsn: str, name: str) -> int:
    """Reads a detached partition back; returns how many events it has. Raises NotDetachable, DamagedFile."""
    connection = await asyncpg.connect(dsn)
    try:
        async with connection.transaction():
            row = await connection.fetchrow(query("partition_detached"), name)
            if row is None:
                raise NotDetachable(name, "it is not detached")
            file = Path(row["detached_to"])
            await connection.execute(query("partition_moved"), name, None)
            # Attached first, while empty, so that rows are inserted by the same statement that an import uses.
            await connection.execute(query("partition_add"), name, row["from_seq"], row["to_seq"])
            await connection.execute(query("incoming_create"))
            lines, events = _lines(file), 0
            while chunk := list(islice(lines, _CHUNK)):
                await connection.copy_records_to_table("incoming", columns=("line",), records=[(one,) for one in chunk])
                await connection.execute(query("restore_events"))
                await connection.execute(query("incoming_empty"))
                events += len(chunk)
            if await connection.fetchval(query("partition_missing"), row["from_seq"], row["to_seq"]):
                raise DamagedFile(file)
            return events
    finally:
        await connection.close()


def read(file: Path) -> Iterator[dict[str, Any]]:
    """The events of a detached partition, in the order of their numbers, without a database. Raises DamagedFile."""
    for line in _lines(file):
        yield cast("dict[str, Any]", from_json(line))


def _lines(file: Path) -> Iterator[str]:
    try:
        with gzip.open(file, "rt") as lines:
            yield from lines
    except (OSError, EOFError, ValueError) as error:
        raise DamagedFile(file) from error


async def _write(connection: Connection, file: Path, from_seq: int, to_seq: int) -> str:
    """The file gets its name only when it is complete and synced to disk. Returns the digest of its lines."""
    digest, unfinished = hashlib.sha256(), file.with_suffix(".unfinished")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with unfinished.open("wb") as raw:
            with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6) as lines:
                async for row in connection.cursor(query("partition_lines"), from_seq, to_seq, prefetch=_PAGE):
                    line = (row[0] + "\n").encode()
                    digest.update(line)
                    lines.write(line)
            raw.flush()
            os.fsync(raw.fileno())
        unfinished.rename(file)
    finally:
        with suppress(FileNotFoundError):
            unfinished.unlink()
    return digest.hexdigest()


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    try:
        with gzip.open(file, "rb") as lines:
            for line in lines:
                digest.update(line)
    except (OSError, EOFError) as error:
        raise DamagedFile(file) from error
    return digest.hexdigest()
