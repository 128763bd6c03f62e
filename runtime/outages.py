"""Errors that pass by themselves: recognized, waited out, and logged once."""

import asyncio
import time

import asyncpg
import structlog
from temporalio.service import RPCError, RPCStatusCode

from projections.follower import passing

log = structlog.get_logger(__name__)

_OF_THE_REQUEST = frozenset({RPCStatusCode.INVALID_ARGUMENT, RPCStatusCode.OUT_OF_RANGE})
_DATA = "22"
"""The class of the errors of Postgres that are about values."""


class Outage:
    """Waits longer and longer while something does not work. Logs a line when that starts, when its cause changes, and
    when it is over."""

    def __init__(
        self, service: str, *, first_seconds: float = 0.5, longest_seconds: float = 30.0, **context: str
    ) -> None:
        """`context` goes into both log lines."""
        self._service = service
        self._context = context
        self._first, self._longest = first_seconds, longest_seconds
        self._pause = first_seconds
        self._since: float | None = None
        self._cause = ""

    async def wait(self, error: Exception) -> None:
        cause = unavailable_server(error)
        if cause != self._cause:
            log.warning(f"{self._service}_waits", waits_for=cause, because=repr(error), **self._context)
        self._cause = cause
        self._since = self._since or time.monotonic()
        await asyncio.sleep(self._pause)
        self._pause = min(self._pause * 2, self._longest)

    def over(self) -> None:
        """Call it after each success: logs the end of an outage, if there was one."""
        if self._since is None:
            return
        seconds = round(time.monotonic() - self._since, 1)
        log.info(f"{self._service}_goes_on", waited_for=self._cause, seconds=seconds, **self._context)
        self._pause, self._since, self._cause = self._first, None, ""


def unavailable_server(error: Exception) -> str:
    """`Temporal` or `Postgres`, whichever failed; for any other error, its type."""
    if isinstance(error, RPCError):
        return "Temporal"
    if isinstance(error, OSError | asyncpg.PostgresError | asyncpg.InterfaceError | asyncpg.InternalClientError):
        return "Postgres"
    return type(error).__name__


def is_data_error(error: Exception) -> bool:
    """Whether the data caused the error, so that retrying cannot help. Otherwise a server is unavailable or refuses."""
    if isinstance(error, RPCError):
        return error.status in _OF_THE_REQUEST
    if isinstance(error, asyncpg.PostgresError):
        return (error.sqlstate or "")[:2] == _DATA
    return not passing(error)
