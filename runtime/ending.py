"""How a process of Trellis ends: every signal handled alike, its output flushed, its exit code right.

A process ends by `os._exit`. The Temporal SDK starts threads that call into Python, and its Python API has no means to
end them: neither a client nor a runtime can be closed. If such a thread asks for the interpreter's lock while the
interpreter shuts down, the process aborts ("PyGILState_Release", exit code 134) although its work is done. So the
interpreter is not shut down. Whatever must be closed, such as a server or a file, is closed before by its context
manager.
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
"""Watched to see whether the output is still read. Duplicates, because rich replaces stdout when a pipe breaks."""


class Interruption:
    """Makes SIGTERM and SIGHUP act like Ctrl-C, and tells afterwards whether one of the three was received.

    Libraries turn an interruption into errors of their own, or swallow it, so it cannot be told from what is raised.
    Python writes the number of every signal to a file descriptor, whichever handler takes it: that is read here.
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
                signal.signal(number, _interrupt)

    def came(self) -> bool:
        with suppress(BlockingIOError):
            self._came |= any(number in self._SIGNALS for number in os.read(self._numbers, 4096))
        return self._came


def _interrupt(*_: object) -> None:
    """As Ctrl-C does. A script that begins a command with `&` has it ignore Ctrl-C, but still wants to end it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        raise KeyboardInterrupt
    signal.raise_signal(signal.SIGINT)


def open_standard_streams() -> None:
    """Opens /dev/null for each standard stream that the parent process closed.

    Otherwise the next file or socket would get its number, and printed output would go there.
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
        watching.register(number, 0)  # errors are always reported
    return any(events & select.POLLERR for _, events in watching.poll(0))


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
