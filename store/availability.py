"""Logs outages and slowness of a server: one line when it begins, and one when it is over."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Literal

import asyncpg
import structlog

log = structlog.get_logger("trellis.availability")

_SLOW_SECONDS = 1.0
_AFTERSHOCK_SECONDS = 2.0
"""Failures within this time after an outage are counted as part of it, because not everybody reconnects at once."""
_KINDS = {"slow": 0, "away": 1}


class Availability:
    """Whether a server answers, as seen by this process. Code that uses the server reports success and failure."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._kind: Literal["slow", "away"] | None = None
        self._began = 0.0
        self._ended = float("-inf")
        self._failures = 0
        self._waiting = 0

    @property
    def is_away(self) -> bool:
        return self._kind == "away"

    @contextmanager
    def call(self, name: str, *, may_last: bool = False) -> Iterator[None]:
        """Watches a call to the server: says that it is slow while it still is, and that the server is away once it is.
        Raises what the call raises. `may_last`: it waits for others than the server, so nothing is slow about it.
        """
        slow = False

        def alarm() -> None:
            nonlocal slow
            slow = True
            self._waiting += 1
            self._noticed("slow", activity=name, seconds=_SLOW_SECONDS)

        timer = None if may_last else asyncio.get_running_loop().call_later(_SLOW_SECONDS, alarm)
        answered = False
        try:
            yield
            answered = True
        except Exception as error:
            if is_away(error):
                self.away(name, error)
            raise
        finally:
            if timer:
                timer.cancel()
            self._waiting -= slow
            if answered:
                self.answered()

    def away(self, name: str, because: BaseException) -> None:
        """A call failed for want of an answer. Logs a warning when it is the first of an outage."""
        self._failures += 1
        self._noticed("away", activity=name, because=in_short(because))

    def answered(self) -> None:
        """The server answered. Ends an outage, if there is one and nobody waits any longer."""
        if self._kind is None or self._waiting:
            return
        lasted = monotonic() - self._began
        log.warning("server_back", server=self._server, seconds=round(lasted, 1), failures=self._failures)
        self._kind, self._ended, self._failures = None, monotonic(), 0

    def _noticed(self, kind: Literal["slow", "away"], **details: object) -> None:
        known = self._kind is not None and _KINDS[self._kind] >= _KINDS[kind]
        if known or monotonic() - self._ended < _AFTERSHOCK_SECONDS:
            log.debug(f"server_{kind}", server=self._server, **details)
            return
        if self._kind is None:
            self._began = monotonic()
        self._kind = kind
        log.warning(f"server_{kind}", server=self._server, **details)


POSTGRES = Availability("Postgres")
"""The availability of the database, for the whole process."""


TEMPORAL = Availability("Temporal")


def is_away(error: BaseException) -> bool:
    """Whether it says that Postgres does not answer, or cannot now: no connection, a lost one, a server that starts or
    ends or is out of connections, memory or disk. Anything else is an answer, welcome or not.
    """
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        if state[:2] in {"08", "53", "57", "58"}:
            return not isinstance(error, asyncpg.QueryCanceledError)
        return state == "55000" and "accepting connections" in str(error)  # an operator has closed the database
    if isinstance(error, asyncpg.InterfaceError):
        return "clos" in str(error)  # the connection is, or was in the middle of it; the others are mistakes of ours
    return isinstance(error, OSError | asyncpg.InternalClientError)  # the latter: it was killed between two messages


def in_short(error: BaseException) -> str:
    """One line: what the system or the server said, or the kind of the error where it said nothing."""
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return "nobody listens there"
    said = str(error).strip().splitlines()
    return said[0] if said else type(error).__name__
