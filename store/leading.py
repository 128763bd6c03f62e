"""Leadership: of any number of processes that offer to do something, one does it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Never, Protocol, TypeVar

import asyncpg
import structlog

from store.availability import POSTGRES, is_away
from store.database import Connection, Executor, query

log = structlog.get_logger(__name__)

_STAND_AGAIN_SECONDS = 0.5

Result = TypeVar("Result")


class Leader(NamedTuple):
    lock: int
    pid: int
    """Of the process of Postgres that serves the leader's connection."""
    since: datetime
    """When that connection was opened; the leadership may be younger."""


class Standing(StrEnum):
    AWAY = "away"
    """Not connected."""
    STANDS_BY = "stands by"
    """Another process leads."""
    LEADS = "leads"


STANDINGS: dict[str, Standing] = {}
"""How this process stands in each service in which it offers to lead, by the service's name. For metrics."""


class Patience(Protocol):
    """What a leader does about an error that ended its work."""

    async def wait(self, error: Exception) -> None:
        """Reports the error and returns when it is time to try again."""
        ...


def _soon(_: Exception) -> float:
    return _STAND_AGAIN_SECONDS


class Interruptions:
    """Reports an outage of Postgres once for the whole process, any other error each time; waits a moment."""

    def __init__(
        self, service: str, *, event: str = "", pause: Callable[[Exception], float] = _soon, **context: str
    ) -> None:
        """`event` and `context` are those of the log line about an error; `pause` is in seconds."""
        self._service = service
        self._event = event or f"{service}_interrupted"
        self._pause = pause
        self._context = context

    async def wait(self, error: Exception) -> None:
        if is_away(error):
            POSTGRES.away(self._service, error)
        else:
            log.warning(self._event, because=repr(error), **self._context)
        await asyncio.sleep(self._pause(error))


async def lead(
    dsn: str,
    lock: int,
    work: Callable[[Connection], Awaitable[None]],
    *,
    name: str,
    patience: Patience | None = None,
) -> Never:
    """Does the work whenever this process is the leader; returns only when it is cancelled.

    `work` gets the connection that holds the leadership, and should raise when that connection is lost. Any error ends
    the leadership; after a pause this process offers to lead again. `name` is the service in logs and in Postgres.
    """

    async def stand_and_work(connection: Connection) -> None:
        try:
            await _win(connection, lock, name)
            STANDINGS[name] = Standing.LEADS
            await work(connection)
        finally:
            STANDINGS[name] = Standing.AWAY

    STANDINGS[name] = Standing.AWAY
    try:
        while True:
            await until_done(dsn, stand_and_work, name=name, patience=patience)
    finally:
        STANDINGS.pop(name, None)


async def until_done(
    dsn: str,
    work: Callable[[Connection], Awaitable[Result]],
    *,
    name: str,
    patience: Patience | None = None,
    settings: Mapping[str, str] | None = None,
) -> Result:
    """Does the work on a connection of its own, and again on a new one after each error, until it returns.

    `settings` are those of the connection; the other parameters are as in `lead`.
    """
    patience = patience or Interruptions(name)
    while True:
        try:
            async with _connection(dsn, f"trellis {name}", settings) as connection:
                return await work(connection)
        except Exception as error:  # noqa: BLE001 - no error of a server or of one piece of work is final
            await patience.wait(error)


@asynccontextmanager
async def leadership(dsn: str, lock: int, name: str) -> AsyncIterator[Connection]:
    """Waits until nobody else leads, and leads until the end of the block, on a connection of its own.

    Leadership is a lock of that session, so it needs an address straight to Postgres, not to a pooler. It ends with the
    connection, and the leader may notice later than others: whatever it writes must be harmless when written twice.
    The connection is seen in Postgres as `name`. Raises whatever the connection raises.
    """
    async with _connection(dsn, name) as connection:
        await _win(connection, lock)
        yield connection


@asynccontextmanager
async def _connection(dsn: str, name: str, settings: Mapping[str, str] | None = None) -> AsyncIterator[Connection]:
    connection = await asyncpg.connect(dsn, server_settings={"application_name": name, **(settings or {})})
    try:
        POSTGRES.answered()
        yield connection
    finally:
        connection.terminate()


async def _win(connection: Connection, lock: int, service: str | None = None) -> None:
    """Tries rather than queues: a queued statement would hold a snapshot open."""
    while not await connection.fetchval(query("lead_try"), lock):
        if service:
            STANDINGS[service] = Standing.STANDS_BY
        await asyncio.sleep(_STAND_AGAIN_SECONDS)


async def leaders(executor: Executor, locks: Iterable[int]) -> dict[int, Leader]:
    """Who holds each of these locks in this database; nothing for those that nobody holds."""
    rows = await executor.fetch(query("leaders"), list(locks))
    return {row["lock"]: Leader(*row) for row in rows}
