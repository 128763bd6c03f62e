"""Who waits for a lock in the database of a test. Other tests have databases of their own on the same server."""

from store.database import Executor

_WAITING = """select count(*) from pg_stat_activity
               where datname = current_database() and wait_event_type = 'Lock'"""


async def waiting_for_locks(connection: Executor) -> int:
    """How many statements wait for a lock that another session of this database holds."""
    waiting: int = await connection.fetchval(_WAITING)
    return waiting
