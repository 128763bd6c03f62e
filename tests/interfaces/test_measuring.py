"""Requests are counted by the template of their route, whatever becomes of them."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.responses import StreamingResponse
from prometheus_client import CollectorRegistry

from interfaces.http.earlier_paths import EarlierPaths
from interfaces.http.measuring import HttpMetrics, Measured


@pytest.fixture
def registry() -> CollectorRegistry:
    return CollectorRegistry()


@pytest.fixture
async def browser(registry: CollectorRegistry) -> AsyncIterator[httpx2.AsyncClient]:
    routes, app = APIRouter(), FastAPI()

    @routes.get("/journeys/{journey}")
    async def one(journey: int) -> int:
        return journey

    @routes.get("/broken")
    async def broken() -> None:
        raise RuntimeError("out of luck")

    @routes.get("/stream")
    async def stream() -> StreamingResponse:
        async def lines() -> AsyncIterator[bytes]:
            yield b"first"
            await asyncio.sleep(0.2)
            yield b"last"

        return StreamingResponse(lines())

    app.include_router(routes, prefix="/v1")
    app.add_middleware(EarlierPaths)
    app.add_middleware(Measured, metrics=HttpMetrics(registry))
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


def counted(registry: CollectorRegistry, route: str, status: int, method: str = "GET") -> float | None:
    labels = {"method": method, "route": route, "status": str(status)}
    return registry.get_sample_value("trellis_http_requests_total", labels)


async def test_requests_are_counted_by_their_template(browser: httpx2.AsyncClient, registry: CollectorRegistry) -> None:
    for path in ("/v1/journeys/1", "/api/journeys/2", "/v1/journeys/x", "/nowhere/somebody", "/v1/broken"):
        await browser.get(path)
    await browser.request("PROPFIND", "/v1/journeys/1")
    assert counted(registry, "/v1/journeys/{journey}", 200) == 2, "both addresses are the same operation"
    assert counted(registry, "/v1/journeys/{journey}", 422) == 1
    assert counted(registry, "none", 404) == 1
    assert counted(registry, "/v1/broken", 500) == 1
    assert counted(registry, "/v1/journeys/{journey}", 405, "other") == 1
    took = {"method": "GET", "route": "/v1/journeys/{journey}"}
    assert registry.get_sample_value("trellis_http_request_duration_seconds_count", took) == 3
    assert registry.get_sample_value("trellis_http_requests_in_progress") == 0
    said = {value for family in registry.collect() for one in family.samples for value in one.labels.values()}
    assert not any("somebody" in one for one in said)


async def test_a_stream_counts_until_it_begins(browser: httpx2.AsyncClient, registry: CollectorRegistry) -> None:
    await browser.get("/v1/stream")
    took = {"method": "GET", "route": "/v1/stream"}
    seconds = registry.get_sample_value("trellis_http_request_duration_seconds_sum", took)
    assert seconds is not None and seconds < 0.2
