"""How a process of Trellis ends: interrupted in one way, its output flushed, its exit code right.

A process leaves by `os._exit`. The Temporal SDK starts threads that call into Python, and nothing in its Python API
ends them: neither a client nor a runtime can be closed. If one of them asks for the interpreter's lock while the
interpreter is being torn down, the process aborts ("PyGILState_Release", exit code 134) after it has done its work. So
the interpreter is not torn down. Everything that needs an ending of its own, such as a server or a file, has it in a
context manager, before this.
"""

import os
import select
import signal
import sys
from contextlib import suppress
from typing import NoReturn, TextIO

from runtime.exits import Exit

_STDOUT, _STDERR = 1, 2
_outputs = [_STDOUT, _STDERR]
"""What shows whether the output is read: duplicates, because rich replaces stdout when a pipe breaks."""


class Interruption:
    """Makes SIGTERM and SIGHUP do what Ctrl-C does, and knows afterwards whether one of them came.

    Libraries turn an interruption into errors of their own, or swallow it: that it came must not depend on what is
    raised. Python writes the number of each signal that it handles to a file descriptor, whoever handles it then.
    """

    _SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

    def __init__(self) -> None:
        """Call it in the main thread. Signals that this process was started to ignore stay ignored."""
        self._numbers, writing = os.pipe()
        os.set_blocking(self._numbers, False)
        os.set_blocking(writing, False)
        self._came = False
        signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
        for number in self._SIGNALS[1:]:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, lambda *_: signal.raise_signal(signal.SIGINT))

    def came(self) -> bool:
        with suppress(BlockingIOError):
            self._came |= any(number in self._SIGNALS for number in os.read(self._numbers, 4096))
        return self._came


def open_standard_streams() -> None:
    """Gives /dev/null to those of the three that were closed by the starter.

    Otherwise the next file or socket would get their number, and what is printed would go there.
    """
    for number, mode in ((0, os.O_RDONLY), (_STDOUT, os.O_WRONLY), (_STDERR, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # the system gives the lowest free number: this one
    sys.stdout = sys.stdout or open(_STDOUT, "w", closefd=False)  # noqa: SIM115 - it stays open to the end
    sys.stderr = sys.stderr or open(_STDERR, "w", closefd=False)  # noqa: SIM115
    _outputs[:] = os.dup(_STDOUT), os.dup(_STDERR)


def reader_is_gone() -> bool:
    """Whether stdout or stderr is a pipe or socket that nobody reads any more."""
    watching = select.poll()
    for number in _outputs:
        watching.register(number, 0)  # errors are told in any case
    return any(told & select.POLLERR for _, told in watching.poll(0))


def leave(code: int) -> NoReturn:
    """Flushes what was printed and ends the process at once. Output that cannot be written turns OK into a failure."""
    flushed = [_flushed(stream) for stream in (sys.stdout, sys.stderr)]
    os._exit(code or max(flushed))


def _flushed(stream: TextIO) -> int:
    try:
        stream.flush()
    except BrokenPipeError:
        return Exit.UNREAD
    except OSError as error:
        with suppress(OSError):
            sys.stderr.write(f"trellis: the output could not be written: {error.strerror}\n")
            sys.stderr.flush()
        return Exit.FAILED
    return Exit.OK
