"""The exit codes of all commands. Scripts rely on them, so they do not change.

`trellis up` and `trellis worker` run until they are stopped: after Ctrl-C or SIGTERM they exit with OK. Every other
command that is interrupted exits with INTERRUPTED.
"""

from enum import IntEnum


class Exit(IntEnum):
    OK = 0
    FAILED = 1
    """The command failed; stderr says why."""
    BAD_INPUT = 2
    """The command line, a setting or a file is wrong. Nothing was done."""
    UNREACHABLE = 3
    """Postgres or Temporal does not answer. Nothing was done; trying again later may help."""
    LATER = 4
    """The answer is being prepared, as when a view is rebuilt after an upgrade; stderr says how long it takes."""
    INTERRUPTED = 130
    """SIGINT (Ctrl-C), SIGTERM or SIGHUP arrived before the end. What the command had started is stopped."""
    UNREAD = 141
    """The reader of the output closed the pipe before the end, as `head` does. The usual code of SIGPIPE."""
