"""What the API says is wrong, as a sentence and an exit code. It imports little: a refusal is no reason to be slow."""

from client.api.problems import (
    Forbidden,
    Invalid,
    NotUnderstood,
    Problem,
    TrellisError,
    Unaddressable,
    Unauthorized,
    Unreachable,
)
from interfaces.cli.address import address
from interfaces.cli.failure import Failure
from runtime.exits import Exit

_EXITS = {
    "view_being_rebuilt": Exit.LATER,
    "view_behind": Exit.LATER,
    "postgres_away": Exit.UNREACHABLE,
    "temporal_away": Exit.UNREACHABLE,
    "no_such_program": Exit.BAD_INPUT,
    "file_invalid": Exit.BAD_INPUT,
    "request_invalid": Exit.BAD_INPUT,
    "unavailable": Exit.UNREACHABLE,
}
_REFUSED = frozenset({409, 412, 413, 422})


def explained(error: TrellisError) -> Failure:
    match error:
        case Unreachable():
            if (found := address()) and not found.url.startswith(("http://", "https://")):
                return Failure(f"TRELLIS_URL is {found.url!r}: it must begin with http:// or https://", Exit.BAD_INPUT)
            return Failure(f"{error}. Try again later; a command may have been carried out.", Exit.UNREACHABLE)
        case Unaddressable():
            return Failure(str(error), Exit.BAD_INPUT)
        case NotUnderstood():
            return Failure(f"{error}. Is this the address of Trellis?", Exit.BAD_INPUT)
        case Unauthorized():
            return Failure(_not_admitted(), Exit.BAD_INPUT)
        case Problem():
            return _of_problem(error)
    return Failure(str(error), Exit.FAILED)


def _of_problem(problem: Problem) -> Failure:
    if problem.code in _EXITS:
        return Failure(str(problem), _EXITS[problem.code])
    if isinstance(problem, Forbidden):
        return Failure(str(problem), Exit.FAILED)
    if problem.code and problem.status in _REFUSED:
        refusal = {"code": problem.code, "message": problem.detail, "data": problem.data}
        return Failure(f"refused: {problem}", Exit.FAILED, refusal)
    return Failure(str(problem), Exit.BAD_INPUT if isinstance(problem, Invalid) else Exit.FAILED)


def _not_admitted() -> str:
    found = address()
    if found is None or not found.key:
        return "The service needs a key. Set TRELLIS_KEY to one: `trellis keys make` makes them on the service's side."
    return f"The service at {found.url} does not accept the key in {found.key_from}: it is unknown, expired or revoked."
