"""The composition root: roles start together, stop together, and one that dies takes all down."""

import asyncio
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient, Refused
from roles import journeys
from roles.part import Process
from runtime.connecting import open_database
from runtime.process import BackgroundService, ServiceDiedError, serve
from settings import Settings
from store.database import Pool
from tests.temporal import own_id
from tests.workflows.kits import publish
from worker import build, most_connections
from workflows.contract import Begin


class Recorder:
    """A service that ends when it is asked to, and remembers that it was."""

    def __init__(self) -> None:
        self.stopping = asyncio.Event()
        self.ended = False

    async def run(self) -> None:
        await self.stopping.wait()
        self.ended = True

    async def shutdown(self) -> None:
        self.stopping.set()


async def test_every_role_ends_what_it_has_begun() -> None:
    stop, role = asyncio.Event(), Recorder()
    stop.set()
    await serve({"one": role, "two": BackgroundService(asyncio.Event().wait)}, stop, 5.0)
    assert role.ended


@pytest.mark.parametrize("because", [RuntimeError("out of luck"), None])
async def test_a_role_that_dies_takes_the_others_down(because: Exception | None) -> None:
    async def die() -> None:
        if because:
            raise because

    role = Recorder()
    with pytest.raises(ServiceDiedError, match="the role dying died") as caught:
        await serve({"other": role, "dying": BackgroundService(die)}, asyncio.Event(), 5.0)
    assert role.ended
    assert caught.value.__cause__ is because


async def test_one_that_does_not_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    class Deaf(Recorder):
        async def shutdown(self) -> None:
            return

    monkeypatch.setattr("runtime.process._CUT_OFF_SECONDS", 0.0)
    stop, deaf = asyncio.Event(), Deaf()
    stop.set()
    await serve({"deaf": deaf}, stop, 0.01)
    assert not deaf.ended


async def test_a_process_has_no_more_connections_than_it_says(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str, tmp_path: Path
) -> None:
    settings = Settings(database_url=dsn, database_pool=3, http_port=0, data_folder=tmp_path, shutdown_seconds=1)
    own, stop = await open_database(settings), asyncio.Event()
    parts = build(Process(settings, temporal.client, own))
    most = most_connections(settings, parts)
    before = await pool.fetchval(_CONNECTIONS) - own.get_size()
    serving = asyncio.create_task(serve({part.name: part.service for part in parts}, stop, 1.0))
    busy = [asyncio.create_task(own.execute("select pg_sleep(1)")) for _ in range(3 * settings.database_pool)]
    try:
        async with asyncio.timeout(20):
            while await pool.fetchval(_CONNECTIONS) - before < most:  # noqa: ASYNC110 - Postgres counts
                await asyncio.sleep(0.05)
        await asyncio.gather(*busy)
        assert await pool.fetchval(_CONNECTIONS) - before <= most
    finally:
        stop.set()
        await serving
        own.terminate()


_CONNECTIONS = """select count(*) from pg_stat_activity
                   where datname = current_database() and backend_type = 'client backend'"""


def counted(command: str, outcome: str) -> float:
    labels = {"command": command, "outcome": outcome}
    return REGISTRY.get_sample_value("trellis_commands_total", labels) or 0.0


async def test_the_worker_runs_journeys_and_counts_what_becomes_of_commands(
    temporal: WorkflowEnvironment, pool: Pool
) -> None:
    await publish(pool)
    kinds = [("submit_intake", "obeyed"), ("record_attendance", "rejected"), ("unknown", "rejected")]
    before = [counted(*kind) for kind in kinds]
    client, journey = JourneyClient(temporal.client), own_id("composed")

    async with journeys.worker(Process(Settings(shutdown_seconds=1), temporal.client, pool)):
        await client.begin(Begin(program="small", learner="l-1"), journey)
        await client.send(journey, "submit_intake", {"answers": {"goal": "job"}})
        await client.send(journey, "submit_intake", {"answers": {"goal": "job"}})
        for refused in ("record_attendance", "do_a_handstand"):
            with pytest.raises(Refused):
                await client.send(journey, refused, {"session": "kickoff", "attendance": "attended"})

    assert [counted(*kind) for kind in kinds] == [count + 1 for count in before]
