"""The connection pool and the migrations."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

import asyncpg

from store.errors import DatabaseAhead, MigrationChanged
from store.locks import Lock
from store.sharing import SharedPool

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"
Executor: TypeAlias = "Pool | Connection"
"""What runs a statement: the pool, or a connection, perhaps within a transaction."""

_FOLDER = Path(__file__).parent


async def open_pool(dsn: str, *, min_size: int = 1, max_size: int = 10, name: str = "trellis") -> Pool:
    """A pool of connections, with `name` as their application name. Sessions are not reset between uses, which would
    cost another round trip each time: do not change the settings of a session of the pool. jsonb is passed as text in
    both directions, so that it is parsed only where needed. JIT is off, because all statements are short. Readers get
    a part of the connections at most (store/use.py).
    """
    settings = {"application_name": name, "jit": "off"}
    return await SharedPool.of(
        dsn, min_size=min_size, max_size=max_size, server_settings=settings, reset=_leave_as_it_is
    )


async def _leave_as_it_is(_: Connection) -> None:
    return None


@cache
def query(name: str) -> str:
    """The statement in store/queries/NAME.sql."""
    return (_FOLDER / "queries" / f"{name}.sql").read_text()


async def migrate(dsn: str) -> list[str]:
    """Applies the migrations that the database lacks and returns their names.

    Each is applied in a transaction of its own, under a lock, so any number of processes may call this at once.
    Raises MigrationChanged when a file is not what was applied, DatabaseAhead when the database knows one that is
    missing.
    """
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute("select pg_advisory_lock($1)", Lock.MIGRATIONS)
        await connection.execute(query("migrations_table"))
        return await _apply_missing(connection)
    finally:
        await connection.close()


@dataclass(frozen=True, slots=True)
class Schema:
    """How a database compares with the migrations of this checkout, by name."""

    missing: list[str]
    """Not applied yet."""
    unknown: list[str]
    """Applied by a newer Trellis."""
    changed: list[str]
    """Applied with other content."""


async def schema(executor: Executor) -> Schema:
    """Changes nothing. In a database that was never migrated, all migrations are missing."""
    files = _files()
    try:
        applied = {row["name"]: row["checksum"] for row in await executor.fetch(query("migrations_applied"))}
    except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError):
        applied = {}
    return Schema(
        missing=[name for name in files if name not in applied],
        unknown=[name for name in applied if name not in files],
        changed=[name for name, text in files.items() if applied.get(name, _checksum(text)) != _checksum(text)],
    )


def _files() -> dict[str, str]:
    return {file.stem: file.read_text() for file in sorted((_FOLDER / "migrations").glob("*.sql"))}


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


async def _apply_missing(connection: "asyncpg.Connection[asyncpg.Record]") -> list[str]:
    applied = {row["name"]: row["checksum"] for row in await connection.fetch(query("migrations_applied"))}
    files = _files()
    for name in applied:
        if name not in files:
            raise DatabaseAhead(name)
    new = []
    for name, text in files.items():
        checksum = _checksum(text)
        if name not in applied:
            async with connection.transaction():
                await connection.execute(text)
                await connection.execute(query("migration_record"), name, checksum)
            new.append(name)
        elif applied[name] != checksum:
            raise MigrationChanged(name)
    return new
