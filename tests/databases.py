"""A fresh, migrated database for every test that asks for one: cloned from a template, in some 20 milliseconds."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from runtime.embedded.postgres import PostgresServer
from store.database import Pool, migrate, open_pool

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A real server of this run, without fsync: it dies with the run."""
    with tempfile.TemporaryDirectory(prefix="trellis-tests-", dir=_quick_place()) as folder:
        server = PostgresServer(Path(folder) / "postgres", durable=False)
        asyncio.run(server.start())
        try:
            yield server
        finally:
            asyncio.run(server.stop())


def _quick_place() -> Path | None:
    """In memory, where there is room: a database is copied there in a third of the time."""
    memory = Path("/dev/shm")  # noqa: S108 - only a folder that tempfile names is made there
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > 4 * 1024**3
    return memory if roomy and os.access(memory, os.W_OK) else None


@pytest.fixture(scope="session")
def template(postgres: PostgresServer) -> str:
    """The name of a database that was migrated once and that nobody is connected to."""

    async def prepare() -> str:
        await postgres.create_database("template_trellis")
        await migrate(postgres.dsn("template_trellis"))
        return "template_trellis"

    return asyncio.run(prepare())


@pytest.fixture
async def dsn(postgres: PostgresServer, template: str) -> AsyncIterator[str]:
    """Where the test's own database is."""
    name = f"test_{next(_numbers)}"
    admin = await asyncpg.connect(postgres.dsn("postgres"))
    try:
        await admin.execute(f"create database {name} template {template} strategy file_copy")
        yield postgres.dsn(name)
        await admin.execute(f"drop database {name} with (force)")
    finally:
        await admin.close()


@pytest.fixture
async def pool(dsn: str) -> AsyncIterator[Pool]:
    """Connections to the test's own database."""
    pool = await open_pool(dsn, max_size=20)
    yield pool
    pool.terminate()
