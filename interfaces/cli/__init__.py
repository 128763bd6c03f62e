"""The command `trellis`; commands.py has what it can do."""

import os
import sys
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from runtime import ending
from runtime.exits import Exit

if TYPE_CHECKING:
    from interfaces.cli.failure import Failure

COMPLETING = "_TRELLIS_COMPLETE"
"""Set by the script of `trellis completion` when a shell asks what may come next."""


def run() -> NoReturn:
    """The program: runs the command that was typed, and ends the process."""
    ending.open_standard_streams()
    interruption = ending.Interruption()
    try:
        code = main(interruption.came)
    except BaseException:  # noqa: BLE001 - what nobody expected is printed, unless it came of the interruption
        code = Exit.INTERRUPTED if interruption.came() else _traceback()
    ending.leave(Exit.INTERRUPTED if interruption.came() else code)


def main(interrupted: Callable[[], bool] = lambda: False) -> int:
    """Runs a command. What is expected to go wrong is said in a sentence; the exit codes are in runtime/exits.py.

    `interrupted` tells whether somebody has asked the command to end: what goes wrong by that is no news.
    """
    try:
        from interfaces.cli.commands import app  # here, so that Ctrl-C is answered in silence while it loads

        if COMPLETING in os.environ:
            from typer._completion_classes import completion_init

            completion_init()
        app()
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except SystemExit as end:
        # Both typer and rich end the process themselves when a pipe breaks, whichever pipe it was.
        return _broke(end.__context__) if isinstance(end.__context__, BrokenPipeError) else _code(end)
    except BrokenPipeError as error:
        return _broke(error)
    except Exception as error:  # noqa: BLE001 - what is not known is raised again
        return Exit.INTERRUPTED if interrupted() else _said(error)
    return Exit.OK


def _code(end: SystemExit) -> int:
    if end.code is None or isinstance(end.code, int):
        return end.code or Exit.OK
    sys.stderr.write(f"{end.code}\n")
    return Exit.FAILED


def _broke(error: BrokenPipeError) -> Exit:
    """Silence where nobody listens. A connection to a server that broke is something else."""
    return Exit.UNREAD if ending.reader_is_gone() else _said(error)


def _said(error: Exception) -> Exit:
    """Raises what nobody expected."""
    from interfaces.cli.screen import complain, print_json

    known = _known(error)
    if not known:
        raise error
    complain(known.words)
    if known.refusal and "--json" in sys.argv:
        print_json({"refused": known.refusal})
    return known.exit


def _known(error: Exception) -> "Failure | None":
    from client.api.problems import TrellisError

    if isinstance(error, TrellisError):
        from interfaces.cli.problem_exits import explained

        return explained(error)
    from interfaces.cli.failures import explain

    return explain(error)


def _traceback() -> Exit:
    traceback.print_exc()
    return Exit.FAILED
