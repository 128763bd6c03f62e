"""A journey as other systems see it: started over HTTP, steered from a terminal, followed, delivered, and counted.

Nothing stands in for anything: Postgres, Temporal, the worker's process, the `temporal` command line, a receiver that
verifies with the library of Standard Webhooks, and Prometheus.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest
from standardwebhooks.webhooks import Webhook

from client.api import AsyncTrellis
from client.api.models import CloudEvent
from domain.access import KeyRole
from runtime.embedded.ports import free_port
from runtime.embedded.temporal import PROGRAM, TemporalPorts, TemporalServer
from store.database import Pool
from tests.interfaces.calling import key_of
from tests.metrics.prometheus import prometheus
from tests.support.hook_receivers import Receiver
from tests.support.layout import ROOT
from tests.support.patience import STARTING_SECONDS
from tests.workflows.kits import publish
from workflows.contract import SEARCH_ATTRIBUTES

TYPES = ("journey.started", "journey.intake_submitted", "journey.paused")
REASON = "exam weeks"


@dataclass(frozen=True)
class Service:
    """A process with every role, at an address."""

    temporal: TemporalServer
    http_port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.http_port}"

    async def is_ready(self) -> bool:
        async with httpx2.AsyncClient() as client:
            try:
                return (await client.get(f"{self.url}/readyz")).status_code == 200
            except httpx2.TransportError:
                return False

    async def signal(self, journey: str, name: str, payload: str) -> None:
        """As somebody types it who has nothing of Trellis."""
        command = ("workflow", "signal", "--address", self.temporal.target, "--workflow-id", journey)
        process = await asyncio.create_subprocess_exec(
            *(str(PROGRAM), *command, "--name", name, "--input", payload),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode == 0, said.decode()


@pytest.fixture
async def service(pool: Pool, dsn: str, tmp_path: Path) -> AsyncIterator[Service]:
    """On a Temporal server of its own, where no other test has left work for the queues of the project."""
    await publish(pool)
    ports = TemporalPorts(grpc=free_port(), ui=free_port())
    temporal = TemporalServer(tmp_path / "temporal", ports, search_attributes=SEARCH_ATTRIBUTES)
    await temporal.start()
    try:
        service = Service(temporal, free_port())
        async with _worker(_settings(dsn, service, tmp_path), tmp_path) as process:
            async with asyncio.timeout(STARTING_SECONDS):
                while not await service.is_ready():
                    assert process.returncode is None, (tmp_path / "worker.log").read_text()
                    await asyncio.sleep(0.05)
            yield service
    finally:
        await temporal.stop()


def _settings(dsn: str, service: Service, folder: Path) -> dict[str, str]:
    return {
        "DATABASE_URL": dsn,
        "TEMPORAL_ADDRESS": service.temporal.target,
        "TRELLIS_DATA_FOLDER": str(folder / "data"),
        "TRELLIS_HTTP_PORT": str(service.http_port),
        "TRELLIS_SDK_METRICS_PORT": "0",
        "TRELLIS_MESSAGES": "off",
        "TRELLIS_PRIVATE_NETWORKS": "127.0.0.1",  # where the receiver is
        "TRELLIS_SHUTDOWN_SECONDS": "1",
        "PYTHONPATH": str(ROOT),
    }


@asynccontextmanager
async def _worker(settings: Mapping[str, str], folder: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(("TRELLIS_", "TEMPORAL_", "PG"))
    }
    with (folder / "worker.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "worker"), cwd=folder, env=inherited | dict(settings), stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


async def followed(trellis: AsyncTrellis, journey: str, last: str) -> list[CloudEvent]:
    """What the stream of events has of the journey, from its start to the first event of the type `last`."""
    seen: list[CloudEvent] = []
    async with asyncio.timeout(20):
        async for event in trellis.stream_events(journey=journey, after=0):
            seen.append(event)
            if event.type == last:
                break
    return seen


async def verified(receiver: Receiver, secret: str, journey: str, count: int) -> list[dict[str, Any]]:
    """The first `count` events of the journey that were delivered, each with a signature that fits."""

    def delivered() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [Webhook(secret).verify(one.body, one.headers) for one in receiver.accepted]
        return [event for event in found if event["journey"] == journey]

    async with asyncio.timeout(20):
        while len(delivered()) < count:  # noqa: ASYNC110 - another process delivers
            await asyncio.sleep(0.02)
    return delivered()


async def test_a_journey_is_started_steered_followed_delivered_and_counted(
    service: Service, pool: Pool, tmp_path: Path
) -> None:
    ops, integration, observer = [
        await key_of(pool, role) for role in (KeyRole.OPS, KeyRole.INTEGRATION, KeyRole.OBSERVER)
    ]
    receiver = Receiver()
    async with (
        receiver.listening(),
        AsyncTrellis(service.url, ops) as ours,
        AsyncTrellis(service.url, integration) as crm,
    ):
        subscribed = await ours.add_webhook(url=receiver.url, types=["journey.*"], programs=["small"])
        begun = await crm.start_journey(program="small", learner="l-1", answers={"goal": "job"})
        following = asyncio.create_task(followed(crm, begun.journey, "journey.paused"))
        await service.signal(begun.journey, "pause", f'{{"reason": "{REASON}", "by": "ops:ana"}}')

        events = await following
        assert [one.type for one in events if one.type in TYPES] == list(TYPES)
        assert [one.version for one in events] == list(range(1, len(events) + 1))
        started, paused = events[0], events[-1]
        assert started.channel == "http"
        assert (paused.by, paused.command, paused.channel) == ("ops:ana", "pause", None)
        assert REASON not in str(paused)  # an integration gets no personal data

        delivered = await verified(receiver, subscribed.secret, begun.journey, len(events))
        assert delivered == [one.as_json() for one in events]

        row = await crm.get_journey(begun.journey, min_version=paused.version)
        assert row.paused_until
    if not shutil.which("prometheus"):
        pytest.skip("all but the last step: Prometheus is not installed (Debian: apt-get install prometheus)")
    async with prometheus(tmp_path, service.http_port, key=observer) as server:
        await server.until('sum(trellis_journeys{program="small",status="paused"})', 1)
        await server.until('sum(trellis_commands_total{command="pause",outcome="obeyed"})', 1)
        await server.until('sum(trellis_webhook_attempts_total{outcome="delivered"})', len(events))
