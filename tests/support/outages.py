"""A database that refuses everybody for a while."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import asyncpg

from runtime.embedded.postgres import PostgresServer
from store.database import Pool


@asynccontextmanager
async def away(server: PostgresServer, pool: Pool) -> AsyncIterator[None]:
    """Refuses this database to everybody, and ends the connections that there are."""
    name = await pool.fetchval("select current_database()")
    admin = await asyncpg.connect(server.dsn("postgres"))
    try:
        await admin.execute(f"alter database {name} allow_connections false")
        await admin.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", name)
        yield
    finally:
        await admin.execute(f"alter database {name} allow_connections true")
        await admin.close()
