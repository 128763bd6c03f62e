"""Health and metrics over HTTP, and what is answered while a server is away or a view is missing."""

import asyncio
from pathlib import Path

import asyncpg
import httpx2
import psutil
import pytest
from prometheus_client import CollectorRegistry

from client.journeys import JourneyClient
from interfaces.http.app import create_app
from runtime.embedded.postgres import PostgresServer
from runtime.metrics import Metrics
from store.database import Pool, open_pool
from tests.interfaces.visiting import visiting, well
from tests.projections.upgraded import half_build, leave_old_board
from tests.support.outages import away


async def test_alive_and_ready(browser: httpx2.AsyncClient) -> None:
    assert (await browser.get("/livez")).json() == {"alive": True}
    ready = await browser.get("/readyz")
    assert (ready.status_code, ready.json()) == (200, {"ready": True, "problems": {}})


async def test_not_ready_says_what_is_missing(pool: Pool, journeys: JourneyClient) -> None:
    async def away() -> str | None:
        raise ConnectionRefusedError("nobody listens")

    async def missing() -> str | None:
        return "not built yet"

    app = create_app(pool, journeys, {"temporal": away, "views": missing, "postgres": well}, with_views=False)
    async with visiting(app) as browser:
        ready = await browser.get("/readyz")
        alive = await browser.get("/livez")
        board = await browser.get("/api/board")

    assert ready.status_code == 503
    problems = {"temporal": "ConnectionRefusedError: nobody listens", "views": "not built yet"}
    assert ready.json() == {"ready": False, "problems": problems}
    assert alive.status_code == 200
    assert board.status_code == 404, "a process without the role `http` serves health and metrics only"


async def test_what_waits_for_a_person_or_is_being_built_is_told_and_keeps_nothing_from_serving(
    pool: Pool, journeys: JourneyClient
) -> None:
    async def stopped() -> str | None:
        return "stopped at an event"

    async def unknown() -> str | None:
        raise ConnectionRefusedError("nobody listens")

    async def halfway() -> dict[str, float]:
        return {"board": 0.5}

    concerns = {"views": stopped, "messages": unknown, "courier": well}
    app = create_app(
        pool, journeys, {"postgres": well}, concerns=concerns, building=halfway, registry=CollectorRegistry()
    )
    async with visiting(app) as browser:
        ready = await browser.get("/readyz")
    assert ready.status_code == 200
    assert ready.json() == {
        "ready": True,
        "problems": {},
        "attention": {"views": "stopped at an event"},
        "building": {"board": 0.5},
    }


@pytest.mark.usefixtures("three_journeys")
async def test_metrics(pool: Pool, journeys: JourneyClient) -> None:
    registry, metrics = CollectorRegistry(), Metrics(pool)
    registry.register(metrics)
    await metrics.refresh()
    async with visiting(create_app(pool, journeys, {}, registry=registry)) as browser:
        text = (await browser.get("/metrics")).text
    assert 'trellis_journeys{program="ready",stage="intake",status="active"} 1.0' in text
    assert "trellis_snapshot_up 1.0" in text


async def test_a_frozen_database_is_said_in_time(
    tmp_path: Path, journeys: JourneyClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It answers no call, nor the request to cancel one."""
    monkeypatch.setattr("runtime.health._SECONDS", 0.2)
    server = PostgresServer(tmp_path, durable=False)
    await server.start()
    pool = await open_pool(server.dsn("postgres"))

    async def postgres() -> str | None:
        await pool.fetchval("select 1")
        return None

    frozen = [one for one in psutil.process_iter(["cwd"]) if str(one.info["cwd"] or "").startswith(str(tmp_path))]
    async with visiting(create_app(pool, journeys, {"postgres": postgres}, registry=CollectorRegistry())) as browser:
        assert (await browser.get("/readyz")).status_code == 200
        for process in frozen:
            process.suspend()
        try:
            async with asyncio.timeout(10):
                answer = await browser.get("/readyz")
        finally:
            for process in frozen:
                process.resume()
            pool.terminate()
            await server.stop()
    assert (answer.status_code, list(answer.json()["problems"])) == (503, ["postgres"])


async def test_before_the_views_are_built(browser: httpx2.AsyncClient) -> None:
    answer = await browser.get("/api/board")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "not built yet" in answer.json()["detail"]


async def test_a_view_that_is_being_rebuilt_is_to_be_asked_again(
    pool: Pool, dsn: str, browser: httpx2.AsyncClient
) -> None:
    await leave_old_board(pool, dsn)
    await half_build(pool)
    for path in ("/", "/api/board", "/api/segments", "/api/journeys/ready.l-1"):
        answer = await browser.get(path)
        assert answer.status_code == 503, path
        assert 30 <= int(answer.headers["Retry-After"]) <= 120, "35 s, and more on a slow machine"
        assert "the view board is being rebuilt: 300 of 1,000 events, about " in answer.json()["detail"]


async def test_a_postgres_that_takes_no_connections_is_to_be_asked_again(
    browser: httpx2.AsyncClient, pool: Pool, postgres: PostgresServer
) -> None:
    async with away(postgres, pool):
        for path in ("/", "/api/board", "/api/journeys/ready.l-1/why"):
            for _ in range(3):  # the pool has lost connections, and cannot make others
                answer = await browser.get(path)
                assert (answer.status_code, "Postgres is not responding" in answer.text) == (503, True), path
                assert "Retry-After" in answer.headers


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (asyncpg.CannotConnectNowError, 503),
        (asyncpg.TooManyConnectionsError, 503),
        (asyncpg.AdminShutdownError, 503),
        (asyncpg.InternalClientError, 503),
        (asyncpg.QueryCanceledError, 500),
        (asyncpg.DivisionByZeroError, 500),
    ],
)
async def test_only_a_server_that_is_away_is_to_be_asked_again(
    pool: Pool, journeys: JourneyClient, error: type[Exception], status: int
) -> None:
    app = create_app(pool, journeys, {}, with_views=True)

    @app.get("/fails")
    async def fails() -> None:
        raise error("of Postgres")

    async with visiting(app) as browser:
        assert (await browser.get("/fails")).status_code == status
