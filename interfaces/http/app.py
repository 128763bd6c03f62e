"""The HTTP side of a process: health and metrics always, and for the role `http` also the pages and the API."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import Response
from fastapi.routing import APIRoute
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from channels.public_addresses import Allowed
from client.journeys import JourneyClient
from interfaces.http import log_in, problem_codes, static, survey_form, v1
from interfaces.http.access import KEY, describe_access
from interfaces.http.authentication import Access, Authentication
from interfaces.http.dispatch import dispatched
from interfaces.http.earlier_paths import EarlierPaths
from interfaces.http.edge import Edge
from interfaces.http.failures import answer_failures
from interfaces.http.guards import Guarded, OwnHostNames
from interfaces.http.held_forms import HeldForms
from interfaces.http.limits import USUAL, Limited, RequestLimits
from interfaces.http.links import with_links
from interfaces.http.measuring import Measured
from interfaces.http.pages import quality_routes, shell
from interfaces.http.pages import routes as pages
from interfaces.http.pages.bulk import routes as bulk_actions
from interfaces.http.pages.cohorts import routes as cohorts
from interfaces.http.pages.improving import finding_routes
from interfaces.http.pages.improving import routes as improving
from interfaces.http.pages.journey import routes as journey_pages
from interfaces.http.pages.journeys import routes as journeys_table
from interfaces.http.pages.matching import routes as matching
from interfaces.http.pages.mentors import routes as mentors
from interfaces.http.pages.own import routes as own
from interfaces.http.pages.program import routes as program
from interfaces.http.pages.reading import Readers
from interfaces.http.pages.today import routes as today
from interfaces.http.parameters import only_known
from interfaces.http.problems import OF_PEOPLE, answer_errors, describe_errors
from interfaces.http.repeats import Repeats
from interfaces.http.sent_forms import SentForms
from queries.answer_schemas import answers_may_grow, bounds_named
from queries.live_events import LiveEvents
from runtime import health
from runtime.health import Check, Progress
from services.own_pages import OwnPages
from services.survey_links import SurveyLinks
from store.database import Pool
from store.idempotency import Requests


class _App(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """Answers may grow; what is sent must fit."""
        if not self.openapi_schema:
            self.openapi_schema = with_links(answers_may_grow(bounds_named(super().openapi())))
        return self.openapi_schema


def _name(route: APIRoute) -> str:
    """The id of an operation is the name of its function: clients call their methods after it."""
    return route.name


def create_app(
    pool: Pool,
    journeys: JourneyClient,
    checks: Mapping[str, Check],
    *,
    access: Access | None = None,
    limits: RequestLimits = USUAL,
    concerns: Mapping[str, Check] = MappingProxyType({}),
    building: Progress = health.nothing,
    with_views: bool = True,
    registry: CollectorRegistry = REGISTRY,
    host_names: Iterable[str] = (),
    live: LiveEvents | None = None,
    webhook_networks: Allowed | None = None,
    service_url: str = "http://127.0.0.1:8600",
) -> FastAPI:
    """Without `access`, every caller is the person at this machine: for an application that serves no network.
    `host_names` are allowed besides `localhost` and IP addresses, `webhook_networks` for webhooks besides the internet.
    `service_url` is where people reach it, for links that are sent to them.
    """
    app = _App(
        title="Trellis",
        description="Mentoring programs and the status of every journey.",
        version="1",
        generate_unique_id_function=_name,
        docs_url=None,  # the pages would load their scripts from elsewhere; /openapi.json says the same
        redoc_url=None,
    )
    app.include_router(health.router(checks, concerns, building))

    @app.get("/metrics", tags=["health"], response_class=Response, responses=_METRICS)
    def metrics() -> Response:
        """In Prometheus's text format. Those of the Temporal SDK are on the port TRELLIS_SDK_METRICS_PORT."""
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    if with_views:
        guarded = [Depends(KEY), Depends(only_known)]
        app.include_router(_described(problem_codes.router()), dependencies=guarded)
        events = live or LiveEvents(pool)
        links = SurveyLinks(pool, service_url)
        own_links = OwnPages(pool, service_url)
        resources = v1.routers(pool, journeys, events, webhook_networks=webhook_networks, links=links, pages=own_links)
        for routes in map(_described, resources):
            for part in dispatched(routes, "/v1"):
                app.include_router(part, prefix="/v1", dependencies=guarded)
        app.include_router(static.router())
        app.include_router(shell.router(pool, events))
        app.include_router(today.router(pool, journeys))
        app.include_router(journeys_table.router(pool))
        app.include_router(bulk_actions.router(pool, journeys))
        app.include_router(journey_pages.router(pool, journeys))
        for area in (cohorts, finding_routes, improving, matching, mentors, program):
            app.include_router(area.router(pool, journeys))
        app.include_router(pages.router(pool))
        app.include_router(quality_routes.router(pool, journeys))
        keyring = access.keyring if access else None
        app.include_router(survey_form.router(pool, links, keyring))
        app.include_router(own.router(pool, journeys, own_links, links, keyring))
        if access:
            app.include_router(log_in.router(pool, access.keyring))
    app.add_middleware(EarlierPaths)  # the innermost
    app.add_middleware(Repeats, requests=Requests(pool))
    app.add_middleware(SentForms, requests=Requests(pool))
    app.add_middleware(Limited, limits=limits)
    app.add_middleware(Authentication, access=access)
    app.add_middleware(OwnHostNames, names=host_names)
    app.add_middleware(HeldForms, but={log_in.LOG_IN}, linked=OF_PEOPLE)
    app.add_middleware(Edge)
    app.add_middleware(Readers)  # outside of what gives requests up, so that also then the page has its frame
    app.add_middleware(Measured)
    app.add_middleware(Guarded)  # the outermost
    answer_errors(app)
    answer_failures(app)
    return app


_METRICS: dict[int | str, dict[str, Any]] = {200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}


def _described(routes: APIRouter) -> APIRouter:
    describe_errors(routes.routes)
    describe_access(routes.routes)
    return routes
