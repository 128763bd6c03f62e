"""Measures every request: how many, with which status, and how long each took.

A request is known by the template of its route, never by its path, which names journeys and people.
"""

import time

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NO_ROUTE = "none"
_PREFIX = "/v1"


class HttpMetrics:
    """Register it once for all applications of a process."""

    def __init__(self, registry: CollectorRegistry | None = REGISTRY) -> None:
        self.requests = Counter(
            "trellis_http_requests",
            "Requests that were answered, by the template of their route and the status.",
            ("method", "route", "status"),
            registry=registry,
        )
        self.seconds = Histogram(
            "trellis_http_request_duration_seconds",
            "Time until the answer began.",
            ("method", "route"),
            buckets=_BUCKETS,
            registry=registry,
        )
        self.in_progress = Gauge(
            "trellis_http_requests_in_progress", "Requests that are being answered.", registry=registry
        )


HTTP_METRICS = HttpMetrics()


class Measured:
    """Stands outside of whatever refuses requests, so that refusals are counted too, and within `Guarded`, which turns
    HEAD into GET."""

    def __init__(self, app: ASGIApp, metrics: HttpMetrics = HTTP_METRICS) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        answered = False

        async def send_measured(message: Message) -> None:
            nonlocal answered
            if message["type"] == "http.response.start" and not answered:
                answered = True
                self._count(scope, message["status"], time.perf_counter() - began)
            await send(message)

        with self._metrics.in_progress.track_inprogress():
            try:
                await self._app(scope, receive, send_measured)
            except BaseException:
                if not answered:
                    self._count(scope, 500, time.perf_counter() - began)
                raise

    def _count(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = _template(scope)
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(method, route).observe(seconds)


def _template(scope: Scope) -> str:
    """The router has written into the scope which route it took. A route has its path without the prefix of the router
    that includes it."""
    path = getattr(scope.get("route"), "path", None)
    if not isinstance(path, str):
        return _NO_ROUTE
    under = scope["path"].startswith(f"{_PREFIX}/")
    return f"{_PREFIX}{path}" if under and not path.startswith(_PREFIX) else path
