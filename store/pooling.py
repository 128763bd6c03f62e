"""Whether a pooler stands before Postgres that gives each transaction another session, as pgbouncer does in its mode
`transaction`, and poolers of providers do on a port or a host of their own.

Trellis cannot run through one: leadership is an advisory lock of a session, news of the log come by LISTEN, and the
driver keeps prepared statements.
"""

import asyncpg

from store.errors import StoreError

_LOOKS = 3
_PID = "select pg_backend_pid()"
_OF_A_POOLER = (
    asyncpg.DuplicatePreparedStatementError,
    asyncpg.InvalidSQLStatementNameError,
    asyncpg.FeatureNotSupportedError,
)
"""What it comes to when a statement that was prepared in one session is looked for in another."""


class TransactionPooled(StoreError):
    """There is a pooler in transaction mode in between."""

    def __init__(self) -> None:
        super().__init__(
            "DATABASE_URL leads to a pooler that gives each transaction another session (pgbouncer with "
            "pool_mode = transaction, or the pooler of a provider): Trellis needs sessions of its own, for advisory "
            "locks, LISTEN and prepared statements. Use the direct address of the database, or pool_mode = session"
        )


async def require_sessions(dsn: str) -> None:
    """Takes two connections for a moment. Raises TransactionPooled, and what connecting raises."""
    mine = await asyncpg.connect(dsn, statement_cache_size=0)
    try:
        if await _is_direct(mine):
            return
        for _ in range(_LOOKS):
            if await _shares_its_session(dsn, mine):
                raise TransactionPooled
    except _OF_A_POOLER as error:
        raise TransactionPooled from error
    except asyncpg.PostgresConnectionError as error:
        if "pooling mode" not in str(error):  # as pgbouncer says that it is in its mode `statement`
            raise
        raise TransactionPooled from error
    finally:
        mine.terminate()


async def _is_direct(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    """A pooler cannot know whose session a connection will have, and makes up the number that it is told at first."""
    return connection.get_server_pid() == await _session(connection)


async def _shares_its_session(dsn: str, mine: "asyncpg.Connection[asyncpg.Record]") -> bool:
    """Whether the session of one connection is given to another that is in a transaction meanwhile."""
    before = await _session(mine)
    other = await asyncpg.connect(dsn, statement_cache_size=0)
    try:
        async with other.transaction():
            return before == await other.fetchval(_PID) or before != await _session(mine)
    finally:
        other.terminate()


async def _session(connection: "asyncpg.Connection[asyncpg.Record]") -> int:
    """Asked within a transaction: a statement is prepared and executed in two steps, which may go to two sessions."""
    async with connection.transaction():
        pid: int = await connection.fetchval(_PID)
        return pid
