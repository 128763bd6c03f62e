"""Leadership: of any number of processes that offer to do something, one does it."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import NamedTuple

import asyncpg

from store.database import Connection, Executor, query

_STAND_AGAIN_SECONDS = 1.0


class Leader(NamedTuple):
    lock: int
    pid: int
    """Of the process of Postgres that serves the leader's connection."""
    since: datetime
    """When that connection was opened; the leadership may be younger."""


@asynccontextmanager
async def leadership(dsn: str, lock: int, name: str) -> AsyncIterator[Connection]:
    """Waits until nobody else leads, and leads until the end of the block, on a connection of its own.

    Leadership is a lock of that session, so it needs an address straight to Postgres, not to a pooler. It ends with the
    connection, and the leader may notice later than others: whatever it writes must be harmless when written twice.
    The connection is seen in Postgres as `name`. Raises whatever the connection raises.
    """
    connection = await asyncpg.connect(dsn, server_settings={"application_name": name})
    try:
        while not await connection.fetchval(query("lead_try"), lock):  # noqa: ASYNC110 - Postgres decides
            await asyncio.sleep(_STAND_AGAIN_SECONDS)
        yield connection
    finally:
        connection.terminate()


async def leaders(executor: Executor, locks: Iterable[int]) -> dict[int, Leader]:
    """Who holds each of these locks in this database; nothing for those that nobody holds."""
    rows = await executor.fetch(query("leaders"), list(locks))
    return {row["lock"]: Leader(*row) for row in rows}
