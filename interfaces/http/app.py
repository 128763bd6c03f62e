"""The HTTP side of a process: always health and metrics; for the role `http`, the board and the API besides."""

from collections.abc import Mapping
from types import MappingProxyType

import asyncpg
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from temporalio.service import RPCError

from interfaces.calendars import NoSuchMentor
from interfaces.client import JourneyClient, NoSuchJourney, NotAnswering
from interfaces.happened import NoSuchEvent
from interfaces.http import api, exchange, health, pages
from interfaces.http.health import Check, Progress
from projections.reading import BeingRebuilt
from store.database import Pool


def create_app(
    pool: Pool,
    journeys: JourneyClient,
    checks: Mapping[str, Check],
    *,
    concerns: Mapping[str, Check] = MappingProxyType({}),
    building: Progress = health.nothing,
    with_views: bool = True,
    registry: CollectorRegistry = REGISTRY,
) -> FastAPI:
    app = FastAPI(
        title="Trellis",
        description="Mentoring programs, and where every journey stands.",
        version="1",
        docs_url=None,  # the pages would load their scripts from elsewhere; /openapi.json says the same
        redoc_url=None,
    )
    app.include_router(health.router(checks, concerns, building))

    @app.get("/metrics", tags=["health"])
    def metrics() -> Response:
        """In Prometheus's text format. Those of the Temporal SDK are on the port TRELLIS_SDK_METRICS_PORT."""
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    if with_views:
        app.include_router(api.router(pool, journeys))
        app.include_router(exchange.router(pool))
        app.include_router(pages.router(pool, journeys))
    _answer_when_there_is_none(app)
    _answer_when_there_can_be_none(app)
    _answer_when_servers_are_away(app)
    return app


def _answer_when_there_is_none(app: FastAPI) -> None:
    @app.exception_handler(NoSuchJourney)
    @app.exception_handler(NoSuchMentor)
    @app.exception_handler(NoSuchEvent)
    async def not_there(_request: Request, error: Exception) -> JSONResponse:
        return JSONResponse({"detail": str(error)}, status_code=404)


def _answer_when_there_can_be_none(app: FastAPI) -> None:
    """404 for an id that Postgres cannot even hold, such as one with NUL in it."""

    @app.exception_handler(asyncpg.CharacterNotInRepertoireError)
    @app.exception_handler(asyncpg.UntranslatableCharacterError)
    async def not_an_id(_request: Request, _error: Exception) -> JSONResponse:
        return JSONResponse({"detail": "there is nothing of this name"}, status_code=404)


def _answer_when_servers_are_away(app: FastAPI) -> None:
    """503 rather than 500: the caller may try again."""

    @app.exception_handler(BeingRebuilt)
    async def not_rebuilt_yet(_request: Request, error: BeingRebuilt) -> JSONResponse:
        return _later(str(error), error.retry_after)

    @app.exception_handler(asyncpg.UndefinedTableError)
    async def no_views_yet(_request: Request, _error: Exception) -> JSONResponse:
        return _later("the views are not built yet; the projector builds them")

    @app.exception_handler(OSError)
    @app.exception_handler(asyncpg.PostgresConnectionError)
    @app.exception_handler(asyncpg.InterfaceError)
    async def no_database(_request: Request, _error: Exception) -> JSONResponse:
        return _later("Postgres does not answer")

    @app.exception_handler(RPCError)
    async def no_temporal(_request: Request, _error: Exception) -> JSONResponse:
        return _later("Temporal does not answer")

    @app.exception_handler(NotAnswering)
    async def no_answer(_request: Request, error: Exception) -> JSONResponse:
        return _later(str(error))


def _later(problem: str, seconds: int = 5) -> JSONResponse:
    return JSONResponse({"detail": problem}, status_code=503, headers={"Retry-After": str(seconds)})
