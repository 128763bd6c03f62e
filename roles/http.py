"""The role `http`: pages and the API. Health and metrics are served by every process that has a port."""

from collections.abc import Iterator

from prometheus_client import REGISTRY, disable_created_metrics

from channels.public_addresses import Allowed
from client.journeys import JourneyClient
from interfaces.http.app import create_app
from interfaces.http.authentication import Access
from interfaces.http.limits import RequestLimits
from interfaces.http.server import HttpServer
from queries.live_events import LiveEvents
from queries.measures.metrics import MEASURED
from roles.part import Part, Process
from roles.role import Role
from runtime.concerns import needs_person
from runtime.metrics import FIGURES, Metrics, ProcessCollector
from runtime.process import BackgroundService
from runtime.temporal_health import monitor_temporal
from services.keys import Keyring
from services.readiness import building, checks, concerns
from services.report_refresh import ReportRefresh


def parts(process: Process) -> Iterator[Part]:
    """Raises PortTakenError."""
    settings, pool, client = process.settings, process.pool, process.client
    with_views = Role.HTTP in process.roles
    waiting = concerns(pool)
    metrics = Metrics(pool, (*FIGURES, MEASURED, needs_person(waiting)))
    disable_created_metrics()  # type: ignore[no-untyped-call]
    REGISTRY.register(metrics)
    REGISTRY.register(ProcessCollector(pool))
    yield Part("metrics", BackgroundService(lambda: metrics.run(settings.dsn)), own_connections=1)
    yield Part("watch of Temporal", BackgroundService(lambda: monitor_temporal(client)))
    live = LiveEvents(pool, settings.dsn)
    yield Part("events", BackgroundService(live.run), own_connections=1)
    if with_views:
        yield Part("reports", BackgroundService(ReportRefresh(settings.dsn, pool).run), own_connections=1)
    app = create_app(
        pool,
        JourneyClient(client),
        checks(pool, client, with_views=with_views),
        access=Access(Keyring(pool), open_metrics=settings.open_metrics),
        limits=RequestLimits(per_second=settings.http_rate),
        concerns=waiting,
        building=lambda: building(pool),
        with_views=with_views,
        host_names=settings.own_host_names,
        live=live,
        webhook_networks=Allowed.of(settings.private_networks),
        service_url=settings.service_url,
    )
    server = HttpServer(app, settings.http_host, settings.http_port, drain_seconds=settings.shutdown_seconds)
    yield Part(Role.HTTP, server)
