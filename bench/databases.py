"""A durable Postgres server for one benchmark, and migrated databases in it."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg

from runtime.embedded.postgres import PostgresServer
from store.database import migrate


@asynccontextmanager
async def server() -> AsyncIterator[PostgresServer]:
    """With fsync, as in production. Everything is removed at the end."""
    with tempfile.TemporaryDirectory(prefix="trellis-bench-") as folder:
        postgres = PostgresServer(Path(folder))
        await postgres.start()
        try:
            yield postgres
        finally:
            await postgres.stop()


async def fresh(postgres: PostgresServer, name: str = "bench") -> str:
    """The address of a new database with an empty log."""
    admin = await asyncpg.connect(postgres.dsn("postgres"))
    try:
        await admin.execute(f"drop database if exists {name} with (force)")
        await admin.execute(f"create database {name}")
    finally:
        await admin.close()
    await migrate(postgres.dsn(name))
    return postgres.dsn(name)
