"""What is wrong with Postgres or Temporal, as a sentence that says where and what to do about it.

A server that does not answer may answer later; one that refuses needs a person. The class of the error tells these
apart, and decides the exit code.
"""

import re

import asyncpg
from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode

from runtime.exits import Exit
from settings import Settings
from store.availability import in_short, is_away

_TEMPORARY = {RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED}
_NOT_PERMITTED = {RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED}
_NOT_MIGRATED = (
    *(asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError),
    *(asyncpg.UndefinedFunctionError, asyncpg.UndefinedColumnError),
)


class ServerProblem(Exception):
    """A request to Postgres or Temporal failed. The message is for people."""

    def __init__(self, server: str, words: str, *, retryable: bool = False) -> None:
        super().__init__(words)
        self.server = server
        self.retryable = retryable
        """Whether a process that starts together with the server should try again."""


class UnreachableError(ServerProblem):
    """A server did not answer in time. Nothing was changed; retrying later may help."""

    def __init__(self, server: str, where: str, reason: str, remedy: str) -> None:
        super().__init__(server, f"{server} does not answer at {where}: {reason}. {remedy}", retryable=True)
        self.where, self.reason, self.remedy = where, reason, remedy


class NotAdmittedError(ServerProblem):
    """A server answers, and a setting is wrong: the account, the database or the namespace. Nothing was changed."""


class NotReadyError(ServerProblem):
    """A server answers, and lacks something that Trellis needs there, or does not permit it."""


def exit_of(problem: ServerProblem) -> Exit:
    match problem:
        case UnreachableError():
            return Exit.UNREACHABLE
        case NotAdmittedError():
            return Exit.BAD_INPUT
        case _:
            return Exit.FAILED


def problem_of(error: BaseException, settings: Settings) -> ServerProblem | None:
    """The problem of a server that an error stands for, if any. Looks into exception groups."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    if isinstance(error, ServerProblem):
        return error
    if isinstance(error, RPCError):
        return problem_of_temporal(error, settings)
    if isinstance(error, WorkflowUpdateRPCTimeoutOrCancelledError):
        return _temporal_away(settings, "it took too long", "Is a worker running? `trellis worker` is one.")
    if isinstance(error, RuntimeError) and "Namespace" in str(error) and "not found" in str(error):
        return _no_namespace(settings)  # the worker reports it with an error of its own
    if isinstance(error, asyncpg.PostgresError | asyncpg.InterfaceError | asyncpg.InternalClientError):
        return problem_of_postgres(error, settings)
    if isinstance(error, ConnectionError) or (isinstance(error, FileNotFoundError) and error.filename is None):
        return problem_of_postgres(error, settings)
    return None


def problem_of_postgres(error: BaseException, settings: Settings) -> ServerProblem | None:
    """None for an answer that has nothing to do with the server's state: a mistake of ours."""
    at, said = f"Postgres at {postgres_place(settings)}", in_short(error)
    given = settings.database_url is not None
    match error:
        case asyncpg.ClientConfigurationError() | OverflowError():
            return NotAdmittedError("Postgres", f"DATABASE_URL is not the address of a database: {said}")
        case asyncpg.UndefinedObjectError() | asyncpg.CantChangeRuntimeParamError() if "parameter" in said:
            return NotAdmittedError("Postgres", f"{at} refuses a part of DATABASE_URL: {said}. Remove it.")
        case asyncpg.InvalidAuthorizationSpecificationError():
            return NotAdmittedError("Postgres", f"{at} refuses the account: {said}. Correct DATABASE_URL.")
        case asyncpg.InvalidCatalogNameError():
            remedy = "Create it, or correct DATABASE_URL." if given else "`trellis up` creates it."
            return NotAdmittedError("Postgres", f"{at} does not have the database: {said}. {remedy}", retryable=True)
        case asyncpg.InsufficientPrivilegeError():
            remedy = "Grant it the role trellis_app; `trellis migrate` needs the owner of the database."
            return NotReadyError("Postgres", f"{at} does not permit this to the account: {said}. {remedy}")
        case asyncpg.ReadOnlySQLTransactionError():
            return NotReadyError("Postgres", f"{at} is read-only, as a replica is: {said}. Correct DATABASE_URL.")
        case _ if isinstance(error, _NOT_MIGRATED):
            remedy = "`trellis migrate` brings it up to date; a worker with the role projector builds the views."
            return NotReadyError("Postgres", f"{at} lacks what this version needs: {said}. {remedy}")
        case _ if is_away(error) or isinstance(error, TimeoutError):
            remedy = "Is DATABASE_URL right?" if given else "`trellis up` starts it."
            return UnreachableError("Postgres", postgres_place(settings), said, remedy)
    return None


def problem_of_temporal(error: RPCError | RuntimeError, settings: Settings) -> ServerProblem:
    """RuntimeError is what its client raises when it cannot connect."""
    if isinstance(error, RuntimeError):
        return _temporal_away(settings, _innermost(error))
    if error.status in _TEMPORARY:
        return _temporal_away(settings, error.message or error.status.name.lower().replace("_", " "))
    if error.status is RPCStatusCode.RESOURCE_EXHAUSTED:
        return _temporal_away(settings, error.message, "It is overloaded: try again later.")
    if error.status is RPCStatusCode.NOT_FOUND and error.message.startswith("Namespace"):
        return _no_namespace(settings)
    said = f"Temporal at {settings.temporal_target} refuses: {error.message.rstrip('.')}."
    if error.status in _NOT_PERMITTED:
        return NotAdmittedError("Temporal", f"{said} Are TEMPORAL_NAMESPACE and TEMPORAL_API_KEY right?")
    return NotReadyError("Temporal", said)


def _temporal_away(settings: Settings, reason: str, remedy: str | None = None) -> UnreachableError:
    usual = "Is TEMPORAL_ADDRESS right?" if settings.temporal_address else "`trellis up` starts it."
    return UnreachableError("Temporal", settings.temporal_target, reason, remedy or usual)


def _no_namespace(settings: Settings) -> NotAdmittedError:
    name = settings.temporal_namespace
    return NotAdmittedError(
        "Temporal",
        f"Temporal at {settings.temporal_target} has no namespace {name!r}. Correct TEMPORAL_NAMESPACE, or create it "
        f"with: temporal operator namespace create --namespace {name}",
        retryable=True,
    )


def _innermost(error: BaseException) -> str:
    """Temporal's client wraps the message of the operating system in five layers."""
    said = in_short(error)
    system = re.search(r'(?:message|error): "([^"]+)"', said)
    return system[1] if system else said


def postgres_place(settings: Settings) -> str:
    """Where the database is, without a password."""
    scheme, _, rest = settings.dsn.partition("://")
    credentials, at, place = rest.rpartition("@")
    return f"{scheme}://{credentials.partition(':')[0]}{at}{place}"
