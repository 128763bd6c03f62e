"""Keeps processes alive: one that dies is restarted, at once after a long life, with backoff after short ones.

Nothing here knows what the processes are. Those of `trellis up` are in `runtime/children.py`.
"""

import asyncio
import errno
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Protocol, TypeVar

from runtime.embedded.errors import EmbeddedServerError, ServerFailedError
from runtime.embedded.processes import last_lines
from runtime.exits import Exit
from runtime.server_problems import UnreachableError

_LOOK_SECONDS = 0.1
_LONG_LIFE_SECONDS = 30.0
_LONGEST_PAUSE_SECONDS = 30.0
_LAST_LINES = 6
FAILURES_IN_A_ROW = 3
"""After so many deaths in a row the log is quoted, and a process with a permanent problem is given up."""


class Child(Protocol):
    """A process that is kept alive."""

    name: str
    log: Path

    def death(self) -> str | None:
        """How it ended, such as `was killed by SIGKILL`; None while it runs."""
        ...

    def cause(self) -> Exception | None:
        """After a death: the permanent problem that caused it, if one is known."""
        ...

    async def start(self) -> None:
        """Raises whatever prevents it from starting."""
        ...


class GaveUpError(Exception):
    """A process cannot be kept alive: its problem does not go away by itself."""

    def __init__(self, words: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(words)
        self.exit = code


@dataclass
class Backoff:
    """How long to wait before the next start: not at all after the first death, then 1, 2, 4 and so on to 30 seconds.

    A process that lives for half a minute starts the count anew.
    """

    in_a_row: int = 0

    def died(self, lived_seconds: float) -> float:
        """Returns the seconds to wait."""
        if lived_seconds >= _LONG_LIFE_SECONDS:
            self.in_a_row = 0
        self.in_a_row += 1
        return 0.0 if self.in_a_row == 1 else min(2.0 ** (self.in_a_row - 2), _LONGEST_PAUSE_SECONDS)

    def should_quote_log(self) -> bool:
        """True for the third death in a row, the sixth, the twelfth and so on."""
        return self.in_a_row % FAILURES_IN_A_ROW == 0 and (self.in_a_row // FAILURES_IN_A_ROW).bit_count() == 1


Report = Callable[[str], None]
CountRestart = Callable[[str], int]
"""Takes the name of a process that is restarted; returns the number of its restarts so far."""


async def keep_alive(children: Sequence[Child], say: Report, count: CountRestart) -> None:
    """Returns only when cancelled. `say` gets one line for each death, and the end of the log after several in a row.

    Raises GaveUpError or EmbeddedServerError when restarting one of them cannot help.
    """
    try:
        async with asyncio.TaskGroup() as tasks:
            for child in children:
                tasks.create_task(_Keeper(child, say, count).keep())
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None


Started = TypeVar("Started")


async def start_with_retries(
    start: Callable[[], Awaitable[Started]], is_permanent: Callable[[], bool] = lambda: False
) -> Started:
    """Starts again what dies while it starts, as `keep_alive` does later. Raises what the last attempt raised.

    `is_permanent` is asked after a failure: whether another attempt would fail in the same way.
    """
    for _ in range(FAILURES_IN_A_ROW - 1):
        try:
            return await start()
        except (ServerFailedError, UnreachableError):
            if is_permanent():
                raise
    return await start()


class _Keeper:
    def __init__(self, child: Child, say: Report, count: CountRestart) -> None:
        self._child = child
        self._say = say
        self._count = count
        self._backoff = Backoff()
        self._began = monotonic()

    async def keep(self) -> None:
        while True:
            while not (death := self._child.death()):  # noqa: ASYNC110 - another process has no event to wait for
                await asyncio.sleep(_LOOK_SECONDS)
            await self._handle_death(death, self._child.cause())
            while problem := await self._start():
                await self._handle_death(
                    f"did not start: {_first_line(problem)}", problem if _is_permanent(problem) else None
                )

    async def _start(self) -> Exception | None:
        self._began = monotonic()
        try:
            await self._child.start()
        except Exception as error:  # noqa: BLE001 - one process that does not start must not end the others
            return error
        return None

    async def _handle_death(self, what: str, cause: Exception | None) -> None:
        """Reports the death, counts it and waits. Raises the cause once it has ended the process often enough."""
        pause = self._backoff.died(monotonic() - self._began)
        if cause and self._backoff.in_a_row >= FAILURES_IN_A_ROW:
            raise cause
        times = self._count(self._child.name.lower())
        when = f"in {pause:.0f} s" if pause else "now"
        self._say(f"{self._child.name} {what}; it is started again {when} (restart {times})")
        if self._backoff.should_quote_log():
            log = self._child.log
            self._say(f"That was {self._backoff.in_a_row} times in a row. {log} ends:\n{last_lines(log, _LAST_LINES)}")
        await asyncio.sleep(pause)


def _is_permanent(problem: Exception) -> bool:
    """Whether it stays until a person does something. A server that failed while starting may still come up, and an
    unexpected error may be transient.
    """
    match problem:
        case OSError():
            return problem.errno in {errno.EACCES, errno.EPERM, errno.ENOTDIR, errno.EROFS}
        case GaveUpError() | EmbeddedServerError():
            return not isinstance(problem, ServerFailedError)
        case _:
            return False


def _first_line(problem: Exception) -> str:
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.filename}: {problem.strerror}" if problem.filename else problem.strerror
    said = str(problem).partition("\n")[0].removesuffix("; its log ends:")
    return said or type(problem).__name__
