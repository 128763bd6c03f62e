"""One process shows the figures of the installation, whatever happens to the others."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

import asyncpg
import pytest
from structlog.testing import capture_logs

from runtime.metrics import Metrics, ProcessCollector
from runtime.metrics.declaring import Family, Figures, Sample
from store.database import Pool
from store.leading import STANDINGS, leadership
from store.locks import Lock
from tests.metrics.shown import shown

ONE = Family("trellis_one", "One.")


def figures(name: str = "ones", statement: str = "select 1") -> Figures:
    async def read(pool: Pool) -> Sequence[Sample]:
        return [Sample(ONE, (), float(await pool.fetchval(statement)))]

    return Figures(name, "Ones", "", (ONE,), read, every_seconds=0.02, patience_seconds=0.3)


@asynccontextmanager
async def running(metrics: Metrics, dsn: str) -> AsyncIterator[None]:
    task = asyncio.create_task(metrics.run(dsn))
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def until(metrics: Metrics, **wanted: float | None) -> None:
    """Until these metrics have these values; None: are missing."""
    async with asyncio.timeout(10):
        while True:
            found = shown(metrics)
            if all(found.get(name, {}).get(()) == value for name, value in wanted.items()):
                return
            await asyncio.sleep(0.01)


def standing() -> str | None:
    return STANDINGS.get("metrics")


async def test_who_stands_by_shows_nothing_until_it_leads(pool: Pool, dsn: str) -> None:
    metrics = Metrics(pool, (figures(),))
    async with leadership(dsn, Lock.METRICS, "another process") as other, running(metrics, dsn):
        await until(metrics, trellis_snapshot_up=None, trellis_one=None)
        assert standing() == "stands by"
        other.terminate()
        await until(metrics, trellis_snapshot_up=1, trellis_one=1)
        assert standing() == "leads"
        assert shown(ProcessCollector(pool))["trellis_leading"][("metrics",)] == 1
    assert standing() is None


async def test_who_loses_the_lead_shows_no_old_figures(pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.metrics.collector._PROBE_SECONDS", 0.05)
    metrics = Metrics(pool, (figures(),))
    async with running(metrics, dsn):
        await until(metrics, trellis_one=1)
        await pool.execute(
            "select pg_terminate_backend(pid) from pg_locks join pg_database on pg_database.oid = pg_locks.database "
            "where datname = current_database() and objid = $1",
            Lock.METRICS,
        )
        async with leadership(dsn, Lock.METRICS, "another process"):
            await until(metrics, trellis_one=None)
        await until(metrics, trellis_one=1)


async def test_what_cannot_be_read_is_missing_and_the_rest_is_shown(
    pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the events locked, the lag that was read last would look healthy for as long as the lock is held."""
    monkeypatch.setattr("runtime.metrics.collector.SHARE", 1.0)
    locked = figures("locked", "select 1 + count(*) from trellis.events")
    metrics = Metrics(pool, (locked, figures()))
    with capture_logs() as lines:
        async with running(metrics, dsn):
            await until(metrics, trellis_snapshot_up=1)
            async with pool.acquire() as connection, connection.transaction():
                await connection.execute("lock table trellis.events in access exclusive mode")
                await until(metrics, trellis_snapshot_up=0, trellis_one=1)
                assert shown(metrics)["trellis_figures_up"] == {("locked",): 0, ("ones",): 1}
                await asyncio.sleep(0.5)  # a few more attempts
            await until(metrics, trellis_snapshot_up=1)
    told = [(one["event"], one["figures"]) for one in lines if one["event"].startswith("metrics_")]
    assert told == [("metrics_stale", "locked"), ("metrics_fresh_again", "locked")]


async def test_who_cannot_reach_postgres_says_so(dsn: str) -> None:
    nobody = asyncpg.create_pool("postgresql://nobody@localhost:1/nothing", min_size=0)
    metrics = Metrics(nobody, (figures(),))
    async with running(metrics, "postgresql://nobody@localhost:1/nothing"):
        await until(metrics, trellis_snapshot_up=0)


async def test_figures_that_take_long_are_read_seldom(pool: Pool, dsn: str) -> None:
    metrics = Metrics(pool, (figures("slow", "select 1 from pg_sleep(0.1)"),))
    async with running(metrics, dsn):
        await until(metrics, trellis_one=1)
        first = shown(metrics)["trellis_snapshot_timestamp_seconds"]
        await asyncio.sleep(0.5)
        assert shown(metrics)["trellis_snapshot_timestamp_seconds"] == first


async def test_the_pool_and_the_build(pool: Pool) -> None:
    async with pool.acquire():
        found = shown(ProcessCollector(pool))
    assert found["trellis_database_connections"]["busy",] == 1
    assert found["trellis_database_connections_limit"] == {(): 20}
    assert list(found["trellis_build_info"].values()) == [1]
