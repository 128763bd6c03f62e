"""What is expected to go wrong: the sentence for the person, and the exit code for the script."""

import errno

from client.journeys import NotAnswering, Refused
from client.rounds import NobodyMatches
from domain.refusal import NotFound, Rejected
from interfaces.cli.failure import Failure
from interfaces.cli.payload import BadCommandError
from interfaces.cli.start import StartError
from kits.lookup import NoSuchProgram
from kits.problems import BadFileError
from projections.reading import BeingRebuilt
from queries.common_times import NoGroup
from runtime.embedded.errors import EmbeddedServerError, PortTakenError
from runtime.exits import Exit
from runtime.local import AlreadyUpError
from runtime.server_problems import exit_of, problem_of
from settings import SettingsError, load, setting_of_port
from store.errors import StoreError
from store.pooling import TransactionPooled

_NO_SUCH_FILE = frozenset({errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG, errno.ENOTDIR})
"""The path itself is wrong, whatever else there is."""


def explain(error: Exception) -> Failure | None:
    """None for what nobody expected. A new kind of failure is a line here."""
    match error:
        case TransactionPooled():
            return Failure(str(error), Exit.BAD_INPUT)
        case SettingsError() | BadFileError() | BadCommandError() | StartError() | NoSuchProgram():
            return Failure(str(error), Exit.BAD_INPUT)
        case PortTakenError():
            setting = setting_of_port(load(), error.port)
            return Failure(f"{error}. Stop that program, or choose another port with {setting}", Exit.FAILED)
        case Refused() | Rejected():
            refusal = {"code": error.code, "message": str(error), "data": error.data}
            return Failure(f"refused: {error}", Exit.FAILED, refusal)
        case NotFound() | NoGroup() | NobodyMatches():
            return Failure(str(error), Exit.FAILED)
        case BeingRebuilt():
            return Failure(str(error), Exit.LATER)
        case OSError(errno=errno.ENOSPC | errno.EDQUOT):
            where = f"{error.filename}: " if error.filename else ""
            return Failure(f"{where}cannot write: {error.strerror}", Exit.FAILED)
        case OSError(errno=number, filename=str(file), strerror=str(why)) if number in _NO_SUCH_FILE:
            return Failure(f"{file}: {why}", Exit.BAD_INPUT)
        case OSError(filename=str(file), strerror=str(why)):
            return Failure(f"{file}: {why}", Exit.FAILED)
        case AlreadyUpError() | EmbeddedServerError() | StoreError() | NotAnswering():
            return Failure(str(error), Exit.FAILED)
        case _:
            return _of_server(error)


def _of_server(error: Exception) -> Failure | None:
    problem = problem_of(error, load())
    return Failure(str(problem), exit_of(problem)) if problem else None
