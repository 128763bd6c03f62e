"""Connects to Postgres and Temporal as the settings say, with retries while a server is not up yet."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import asyncpg
import structlog
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.runtime import Runtime
from temporalio.service import RPCError, RPCStatusCode, TLSConfig

from runtime.search_attributes import require_search_attributes
from runtime.server_problems import ServerProblem, UnreachableError, problem_of_postgres, problem_of_temporal
from settings import Settings
from store import pooling
from store.database import Pool, migrate, open_pool

__all__ = ["UnreachableError", "connect_temporal", "migrate_database", "open_database"]

log = structlog.get_logger()
Connected = TypeVar("Connected")

_OF_POSTGRES = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.2, 5.0


async def open_database(settings: Settings, *, wait_seconds: float = 0.0) -> Pool:
    """Raises UnreachableError when Postgres has not answered within `wait_seconds`, NotAdmittedError or NotReadyError
    when it answers and refuses.
    """
    return await _with_retries(
        lambda: _postgres(lambda: open_pool(settings.dsn, max_size=settings.database_pool), settings), wait_seconds
    )


async def require_sessions(settings: Settings, *, wait_seconds: float = 0.0) -> None:
    """Checks a database that is given by DATABASE_URL. Raises TransactionPooled when a pooler in transaction mode is
    in between, and UnreachableError when the database has not answered within `wait_seconds`.
    """
    if settings.database_url:
        await _with_retries(lambda: _postgres(lambda: pooling.require_sessions(settings.dsn), settings), wait_seconds)


async def migrate_database(settings: Settings) -> list[str]:
    """Returns the migrations that were applied now. Raises like `open_database`, and StoreError for another version of
    the schema or a pooler.
    """
    await require_sessions(settings)
    return await _postgres(lambda: migrate(settings.dsn), settings)


async def connect_temporal(
    settings: Settings, *, runtime: Runtime | None = None, wait_seconds: float = 0.0, for_journeys: bool = False
) -> Client:
    """A client with the pydantic data converter. Checks that the namespace exists and, with `for_journeys`, that it has
    the search attributes of journeys.

    Raises UnreachableError when Temporal has not answered within `wait_seconds`, NotAdmittedError or NotReadyError when
    it answers and refuses.
    """

    async def connect() -> Client:
        try:
            client = await _temporal(settings, runtime)
            if for_journeys:
                await require_search_attributes(client)
        except (RuntimeError, RPCError) as error:
            raise problem_of_temporal(error, settings) from error
        return client

    return await _with_retries(connect, wait_seconds)


async def _postgres(connect: Callable[[], Awaitable[Connected]], settings: Settings) -> Connected:
    try:
        return await connect()
    except (OSError, OverflowError, *_OF_POSTGRES) as error:
        raise problem_of_postgres(error, settings) or error from error


async def _temporal(settings: Settings, runtime: Runtime | None) -> Client:
    client = await Client.connect(
        settings.temporal_target,
        namespace=settings.temporal_namespace,
        api_key=settings.temporal_api_key.get_secret_value() if settings.temporal_api_key else None,
        tls=_tls(settings),
        data_converter=pydantic_data_converter,
        runtime=runtime,
    )
    await _require_namespace(client)
    return client


async def _require_namespace(client: Client) -> None:
    """Without this check, every call in a missing namespace fails with "not found", as if the journey did not exist."""
    try:
        await client.workflow_service.describe_namespace(DescribeNamespaceRequest(namespace=client.namespace))
    except RPCError as error:
        if (
            error.status is not RPCStatusCode.PERMISSION_DENIED
        ):  # an account may use a namespace that it may not describe
            raise


async def _with_retries(connect: Callable[[], Awaitable[Connected]], wait_seconds: float) -> Connected:
    """Raises what the last attempt raised once the time is up, and at once where waiting cannot help."""
    loop = asyncio.get_running_loop()
    give_up, pause = loop.time() + wait_seconds, _FIRST_PAUSE_SECONDS
    while True:
        try:
            return await connect()
        except ServerProblem as problem:
            if not problem.retryable or loop.time() + pause >= give_up:
                raise
            log.info("waiting_for_server", server=problem.server, problem=str(problem))
        await asyncio.sleep(pause)
        pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)


def _tls(settings: Settings) -> bool | TLSConfig:
    if not (settings.temporal_tls or settings.temporal_tls_cert or settings.temporal_tls_ca):
        return bool(settings.temporal_api_key)
    return TLSConfig(
        server_root_ca_cert=settings.temporal_tls_ca.read_bytes() if settings.temporal_tls_ca else None,
        domain=settings.temporal_tls_server_name,
        client_cert=settings.temporal_tls_cert.read_bytes() if settings.temporal_tls_cert else None,
        client_private_key=settings.temporal_tls_key.read_bytes() if settings.temporal_tls_key else None,
    )
