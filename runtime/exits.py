"""What the exit code of a command says. Scripts rely on these: they do not change.

`trellis up` and `trellis worker` run until they are asked to stop: asked by Ctrl-C or SIGTERM, they end with OK. Every
other command that is interrupted ends with INTERRUPTED, whatever it was doing.
"""

from enum import IntEnum


class Exit(IntEnum):
    OK = 0
    FAILED = 1
    """It was tried and did not work; what was said on stderr tells why."""
    BAD_INPUT = 2
    """The command line, a setting or a file is wrong. Nothing was done."""
    UNREACHABLE = 3
    """Postgres or Temporal does not answer. Nothing was done; trying again later may help."""
    LATER = 4
    """What was asked for is being made ready, such as a view after an upgrade; stderr says how long it takes."""
    INTERRUPTED = 130
    """Ctrl-C, SIGINT, SIGTERM or SIGHUP came before the end. What the command had started is stopped."""
    UNREAD = 141
    """Whoever read the output went away before the end, as `head` does. The code that SIGPIPE gives to others."""
