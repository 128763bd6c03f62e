"""The application in this process, for commands beside the servers: the same operations, without a network.

It is made once. What it reads from is connected for each command, because connections belong to an event loop.
"""

import asyncio
from collections.abc import Callable
from contextvars import ContextVar
from functools import cache
from typing import Any, TypeVar

import asyncpg
import httpx2
from fastapi import FastAPI, Request, Response
from prometheus_client import CollectorRegistry
from temporalio.service import RPCError

from channels.public_addresses import Allowed
from client.journeys import JourneyClient
from interfaces.http.app import create_app
from runtime.connecting import connect_temporal, open_database
from runtime.server_problems import ServerProblem, problem_of
from settings import Settings, load
from store.database import Pool

Connection = TypeVar("Connection")
_OF_SERVERS = (
    *(OSError, RPCError, asyncpg.PostgresError, asyncpg.UndefinedTableError),
    *(asyncpg.InterfaceError, asyncpg.InternalClientError, ServerProblem),
)
_POOL: ContextVar[Pool] = ContextVar("pool")
_JOURNEYS: ContextVar["JourneyClient | _Away"] = ContextVar("journeys")
_FAILED: ContextVar[list[Exception]] = ContextVar("failed")


class _Current:
    """Stands for whatever is connected when it is used."""

    def __init__(self, connection: ContextVar[Any]) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection.get(), name)


class _Away:
    """Stands for a server that cannot be reached, until something is asked of it."""

    def __init__(self, problem: ServerProblem) -> None:
        self._problem = problem

    def __getattr__(self, _: str) -> Any:
        raise self._problem


def transport() -> httpx2.BaseTransport:
    """Raises ServerProblem when Postgres cannot be reached, or refuses."""
    return _InProcess(load())


class _InProcess(httpx2.BaseTransport):
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._runner = asyncio.Runner()
        self._journeys: JourneyClient | _Away | None = None
        try:
            self._pool = self._runner.run(open_database(settings))
        except BaseException:
            self._runner.close()
            raise

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Raises ServerProblem for a server that does not answer, or refuses: with what to do about it."""
        return self._runner.run(self._answer(request, request.read()))

    def close(self) -> None:
        self._pool.terminate()
        self._runner.close()

    async def _answer(self, request: httpx2.Request, content: bytes) -> httpx2.Response:
        _POOL.set(self._pool)
        failed: list[Exception] = []
        _FAILED.set(failed)
        if _may_ask_workflows(request):
            self._journeys = self._journeys or await self._connected()
            _JOURNEYS.set(self._journeys)
        asked = httpx2.Request(request.method, request.url, headers=request.headers, content=content)
        application = _application(self._settings.private_networks, self._settings.service_url)
        answer = await httpx2.ASGITransport(application).handle_async_request(asked)
        body = await answer.aread()
        for error in failed:
            raise problem_of(error, self._settings) or error
        return httpx2.Response(answer.status_code, headers=answer.headers, content=body)

    async def _connected(self) -> "JourneyClient | _Away":
        """Much that changes something needs Postgres alone, and is done while Temporal is away."""
        try:
            return JourneyClient(await connect_temporal(self._settings))
        except ServerProblem as problem:
            return _Away(problem)


def _may_ask_workflows(request: httpx2.Request) -> bool:
    return request.method != "GET" or request.url.path.endswith(("/status", "/schedules"))


@cache
def _application(private_networks: str, service_url: str) -> FastAPI:
    pool: Any = _Current(_POOL)
    journeys: Any = _Current(_JOURNEYS)
    app = create_app(
        pool,
        journeys,
        {},
        registry=CollectorRegistry(),
        webhook_networks=Allowed.of(private_networks),
        service_url=service_url,
    )
    for kind in _OF_SERVERS:
        app.add_exception_handler(kind, _kept(app.exception_handlers.get(kind)))
    return app


def _kept(handler: Callable[..., Any] | None) -> Callable[..., Any]:
    """Answers as before, and keeps what is wrong with a server: who typed the command can do something about it."""

    async def keep(request: Request, error: Exception) -> Response:
        _FAILED.get().append(error)
        if handler is None:
            raise error
        answered: Response = await handler(request, error)
        return answered

    return keep
