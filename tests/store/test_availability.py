"""An outage is told once when it begins and once when it is over, whoever notices it and how often."""

import asyncio
from pathlib import Path

import asyncpg
import pytest
from structlog.testing import capture_logs

from runtime.embedded.postgres import PostgresServer
from store.availability import Availability, is_away
from store.database import Pool
from tests.support.outages import away


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.availability._SLOW_SECONDS", 0.1)


async def test_it_is_told_once_and_so_is_its_end() -> None:
    postgres = Availability("Postgres")
    with capture_logs() as lines:
        postgres.answered()
        for name in ("record", "view board", "record"):
            postgres.away(name, ConnectionRefusedError(111, "Connect call failed"))
        postgres.answered()
        postgres.answered()
        postgres.away("view timeline", ConnectionResetError("still with the old connection"))
    told = [one for one in lines if one["log_level"] == "warning"]
    assert [(one["event"], one["server"]) for one in told] == [("server_away", "Postgres"), ("server_back", "Postgres")]
    assert (told[0]["activity"], told[0]["because"], told[1]["failures"]) == ("record", "nobody listens there", 3)


async def test_what_is_slow_is_told_while_it_is(pool: Pool) -> None:
    postgres = Availability("Postgres")

    async def wait(name: str) -> None:
        with postgres.call(name):
            await pool.fetchval("select pg_advisory_xact_lock(1)")

    async with pool.acquire() as holder:
        await holder.execute("select pg_advisory_lock(1)")
        with capture_logs() as lines:
            waiting = [asyncio.create_task(wait(name)) for name in ("record", "load_kit")]
            async with asyncio.timeout(10):
                while not lines:  # noqa: ASYNC110
                    await asyncio.sleep(0.01)
            with postgres.call("status"):
                await pool.fetchval("select 1")
            assert [one["event"] for one in lines if one["log_level"] == "warning"] == ["server_slow"], (
                "others wait yet"
            )
            await holder.execute("select pg_advisory_unlock(1)")
            await asyncio.gather(*waiting)
    told = [one for one in lines if one["log_level"] == "warning"]
    assert [one["event"] for one in told] == ["server_slow", "server_back"]
    assert (told[0]["activity"], told[0]["server"], told[0]["seconds"]) == ("record", "Postgres", 0.1)


async def test_what_waits_for_others_is_not_slow() -> None:
    with capture_logs() as lines, Availability("Postgres").call("deliver_to_webhook", may_last=True):
        await asyncio.sleep(0.2)
    assert lines == []


async def test_what_is_away_and_what_is_an_answer(
    tmp_path: Path, pool: Pool, dsn: str, postgres: PostgresServer
) -> None:
    with pytest.raises(FileNotFoundError) as nobody:
        await asyncpg.connect(PostgresServer(tmp_path).dsn("trellis"))
    assert is_away(nobody.value)

    victim = await asyncpg.connect(dsn)
    await pool.execute("select pg_terminate_backend($1)", victim.get_server_pid())
    for _ in range(2):  # the first finds the connection lost, the second closed
        with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)) as killed:
            await victim.fetchval("select 1")
        assert is_away(killed.value)

    async with away(postgres, pool):
        with pytest.raises(asyncpg.PostgresError, match="not currently accepting connections") as closed:
            await asyncpg.connect(dsn)
    assert is_away(closed.value)

    for statement in ("select 1/0", "select * from nowhere"):
        with pytest.raises(asyncpg.PostgresError) as answer:
            await pool.execute(statement)
        assert not is_away(answer.value)
    with pytest.raises(asyncpg.DataError) as ours:
        await pool.fetchval("select $1::int", "no number")
    assert not is_away(ours.value)
