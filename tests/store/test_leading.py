"""Leadership, on a real Postgres: one works, another takes over, and an error ends only the attempt."""

import asyncio
from contextlib import suppress

from structlog.testing import capture_logs

from store.database import Connection, Pool
from store.leading import Interruptions, lead, leaders, until_done

LOCK = 7_455_999


async def test_one_leads_and_another_takes_over_when_its_connection_is_lost(pool: Pool, dsn: str) -> None:
    terms: list[str] = []
    changed = asyncio.Event()

    async def run(name: str) -> None:
        async def work(connection: Connection) -> None:
            terms.append(name)
            changed.set()
            while True:
                await connection.execute("select 1")
                await asyncio.sleep(0.01)

        await lead(dsn, LOCK, work, name=name, patience=Interruptions(name, pause=lambda _: 30.0))

    tasks = [asyncio.create_task(run(name)) for name in ("one", "two")]
    try:
        async with asyncio.timeout(20):
            await changed.wait()
            changed.clear()
            assert len(terms) == 1, "the other stands by"
            leader = (await leaders(pool, [LOCK]))[LOCK]
            await pool.execute("select pg_terminate_backend($1)", leader.pid)
            await changed.wait()
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
    assert sorted(terms) == ["one", "two"]


async def test_an_error_is_reported_and_the_work_is_done_again(dsn: str) -> None:
    pids: list[int] = []

    async def work(connection: Connection) -> str:
        pids.append(connection.get_server_pid())
        if len(pids) < 3:
            raise ValueError("not yet")
        return "done"

    with capture_logs() as logs:
        result = await until_done(dsn, work, name="a-test", patience=Interruptions("a-test", pause=lambda _: 0.0))
    assert result == "done"
    assert [one["event"] for one in logs if "server" not in one] == ["a-test_interrupted"] * 2
    assert len(set(pids)) == 3, "each attempt has a connection of its own"
