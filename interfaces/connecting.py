"""Ways to the two servers, as the settings say, and what is said when one of them does not answer."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
import structlog
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import Runtime
from temporalio.service import RPCError, TLSConfig

from settings import Settings
from store import pooling
from store.database import Pool, migrate, open_pool
from store.database_url import without_password

log = structlog.get_logger()
Connected = TypeVar("Connected")

_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.2, 5.0
_AWAY = (
    *(OSError, RuntimeError, RPCError, TimeoutError),
    *(asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError, asyncpg.InvalidCatalogNameError),
    asyncpg.TargetServerAttributeNotMatched,
)
_REFUSED = (
    asyncpg.InvalidAuthorizationSpecificationError,
    # A parameter of DATABASE_URL that the server, or the pooler before it, does not take.
    *(asyncpg.UndefinedObjectError, asyncpg.InvalidParameterValueError, asyncpg.ProtocolViolationError),
    asyncpg.InterfaceError,
)


class UnreachableError(Exception):
    """A server did not answer in time. Nothing was changed; trying again later may help."""

    def __init__(self, server: str, where: str, reason: str, remedy: str) -> None:
        self.server = server
        super().__init__(f"{server} does not answer at {where}: {reason}. {remedy}")


async def open_database(settings: Settings, *, wait_seconds: float = 0.0) -> Pool:
    """Raises UnreachableError when Postgres has not answered within `wait_seconds`."""
    return await _patiently(
        lambda: open_pool(settings.dsn, max_size=settings.database_pool),
        wait_seconds,
        ("Postgres", *_place_and_remedy(settings)),
    )


async def require_sessions(settings: Settings, *, wait_seconds: float = 0.0) -> None:
    """Of a database elsewhere. Raises TransactionPooled when a pooler stands before it that Trellis cannot run through,
    and UnreachableError when it has not answered within `wait_seconds`.
    """
    if settings.database_url:
        where = ("Postgres", *_place_and_remedy(settings))
        await _patiently(lambda: pooling.require_sessions(settings.dsn), wait_seconds, where)


async def migrate_database(settings: Settings) -> list[str]:
    """Returns what was applied now. Raises UnreachableError, and StoreError for another version, or behind a pooler."""
    await require_sessions(settings)
    return await _patiently(lambda: migrate(settings.dsn), 0.0, ("Postgres", *_place_and_remedy(settings)))


async def connect_temporal(settings: Settings, *, runtime: Runtime | None = None, wait_seconds: float = 0.0) -> Client:
    """A client that speaks pydantic. Raises UnreachableError when Temporal has not answered within `wait_seconds`."""
    remedy = "Is TEMPORAL_ADDRESS right?" if settings.temporal_address else "`trellis up` starts it."

    async def connect() -> Client:
        return await Client.connect(
            settings.temporal_target,
            namespace=settings.temporal_namespace,
            api_key=settings.temporal_api_key.get_secret_value() if settings.temporal_api_key else None,
            tls=_tls(settings),
            data_converter=pydantic_data_converter,
            runtime=runtime,
        )

    return await _patiently(connect, wait_seconds, ("Temporal", settings.temporal_target, remedy))


async def _patiently(
    connect: Callable[[], Awaitable[Connected]], wait_seconds: float, who: tuple[str, str, str]
) -> Connected:
    server, where, remedy = who
    loop = asyncio.get_running_loop()
    give_up, pause = loop.time() + wait_seconds, _FIRST_PAUSE_SECONDS
    while True:
        try:
            return await connect()
        except _REFUSED as error:
            raise UnreachableError(server, where, str(error), remedy) from error
        except _AWAY as error:
            reason = _in_short(error)
            if loop.time() + pause >= give_up:
                raise UnreachableError(server, where, reason, remedy) from error
            log.info("waiting_for_server", server=server, where=where, cause=reason)
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


def _in_short(error: BaseException) -> str:
    """What Temporal's client says wraps what the system said in five layers."""
    if isinstance(error, FileNotFoundError | ConnectionRefusedError):
        return "nobody listens there"
    said = str(error) or type(error).__name__
    system = re.search(r'message: "([^"]+)"', said)
    return system[1] if system else said


def _tls(settings: Settings) -> bool | TLSConfig:
    if not (settings.temporal_tls or settings.temporal_tls_cert or settings.temporal_tls_ca):
        return bool(settings.temporal_api_key)
    return TLSConfig(
        server_root_ca_cert=settings.temporal_tls_ca.read_bytes() if settings.temporal_tls_ca else None,
        domain=settings.temporal_tls_server_name,
        client_cert=settings.temporal_tls_cert.read_bytes() if settings.temporal_tls_cert else None,
        client_private_key=settings.temporal_tls_key.read_bytes() if settings.temporal_tls_key else None,
    )


def _place_and_remedy(settings: Settings) -> tuple[str, str]:
    remedy = "Is DATABASE_URL right?" if settings.database_url else "`trellis up` starts it."
    return without_password(settings.dsn), remedy
