"""Keeps processes alive: one that dies is started again, the sooner the longer it had lived; nothing is hidden.

Nothing here knows what the processes are. `runtime/local.py` has those of `trellis up`.
"""

import asyncio
import errno
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Protocol

from runtime.embedded.errors import EmbeddedServerError, ServerFailedError
from runtime.embedded.processes import last_lines
from runtime.exits import Exit

_LOOK_SECONDS = 0.1
_LONG_LIFE_SECONDS = 30.0
_LONGEST_PAUSE_SECONDS = 30.0
_LAST_LINES = 6
ENOUGH = 3
"""Deaths in a row after which the log is quoted, and after which what cannot be mended here is given up."""


class Child(Protocol):
    """A process that is kept alive."""

    name: str
    log: Path

    def death(self) -> str | None:
        """How it ended, such as `was killed by SIGKILL`; None while it runs."""
        ...

    def cause(self) -> Exception | None:
        """After a death: what will end it again however often it is started, if that is known."""
        ...

    async def start(self) -> None:
        """Raises whatever hinders it."""
        ...


class GaveUpError(Exception):
    """A process cannot be kept alive: what hinders it does not go away by itself."""

    def __init__(self, words: str, code: Exit = Exit.FAILED) -> None:
        super().__init__(words)
        self.exit = code


@dataclass
class Backoff:
    """How long to wait before the next start: not at all after the first death, then 1, 2, 4 and so on to 30 seconds.

    A life of half a minute makes a new beginning.
    """

    in_a_row: int = 0

    def died(self, lived_seconds: float) -> float:
        """Returns the seconds to wait."""
        if lived_seconds >= _LONG_LIFE_SECONDS:
            self.in_a_row = 0
        self.in_a_row += 1
        return 0.0 if self.in_a_row == 1 else min(2.0 ** (self.in_a_row - 2), _LONGEST_PAUSE_SECONDS)

    def quotes(self) -> bool:
        """Whether this is a death to quote the log for: the third in a row, the sixth, the twelfth and so on."""
        return self.in_a_row % ENOUGH == 0 and (self.in_a_row // ENOUGH).bit_count() == 1


Say = Callable[[str], None]
Count = Callable[[str], int]
"""Takes the name of a process that is started again; returns how often that has been."""


async def keep_alive(children: Sequence[Child], say: Say, count: Count) -> None:
    """Returns only when cancelled. `say` gets one line for each death, and the end of the log after several in a row.

    Raises GaveUpError, EmbeddedServerError when starting one of them again is hopeless.
    """
    try:
        async with asyncio.TaskGroup() as tasks:
            for child in children:
                tasks.create_task(_Keeper(child, say, count).keep())
    except BaseExceptionGroup as group:
        raise group.exceptions[0] from None


class _Keeper:
    def __init__(self, child: Child, say: Say, count: Count) -> None:
        self._child = child
        self._say = say
        self._count = count
        self._backoff = Backoff()
        self._began = monotonic()

    async def keep(self) -> None:
        while True:
            while not (death := self._child.death()):  # noqa: ASYNC110 - another process has no event to wait for
                await asyncio.sleep(_LOOK_SECONDS)
            await self._mourn(death, self._child.cause())
            while problem := await self._start():
                await self._mourn(f"did not start: {_first_line(problem)}", problem if _is_lasting(problem) else None)

    async def _start(self) -> Exception | None:
        self._began = monotonic()
        try:
            await self._child.start()
        except Exception as error:  # noqa: BLE001 - one process that does not start must not end the others
            return error
        return None

    async def _mourn(self, what: str, cause: Exception | None) -> None:
        """Says it, counts it and waits. Raises the cause, when there is one and the same was tried often enough."""
        pause = self._backoff.died(monotonic() - self._began)
        if cause and self._backoff.in_a_row >= ENOUGH:
            raise cause
        times = self._count(self._child.name.lower())
        when = f"in {pause:.0f} s" if pause else "now"
        self._say(f"{self._child.name} {what}; it is started again {when} (restart {times})")
        if self._backoff.quotes():
            log = self._child.log
            self._say(f"That was {self._backoff.in_a_row} times in a row. {log} ends:\n{last_lines(log, _LAST_LINES)}")
        await asyncio.sleep(pause)


def _is_lasting(problem: Exception) -> bool:
    """Whether it stays until a person has done something. A server that fell while starting may come up yet, and what
    nobody expected may pass.
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
