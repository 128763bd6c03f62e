"""An outage of Temporal shows: in a metric, and once in the log."""

import asyncio
from pathlib import Path

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs
from temporalio.client import Client

from runtime.embedded.ports import free_port
from runtime.embedded.temporal import TemporalPorts, TemporalServer
from runtime.temporal_health import monitor_temporal
from store.availability import Availability


async def test_an_outage_is_told_once_and_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.temporal_health._EVERY_SECONDS", 0.05)
    monkeypatch.setattr("runtime.temporal_health._ANSWER_SECONDS", 1.0)
    server = TemporalServer(tmp_path, TemporalPorts(grpc=free_port(), ui=free_port()))
    await server.start()
    client = await Client.connect(server.target)

    async def shows(up: int) -> None:
        async with asyncio.timeout(30):
            while REGISTRY.get_sample_value("trellis_temporal_up") != up:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    with capture_logs() as lines:
        watching = asyncio.create_task(monitor_temporal(client, Availability("Temporal")))
        await shows(1)
        await server.stop()
        await shows(0)
        async with asyncio.timeout(30):
            while sum(one["event"] == "server_away" for one in lines) < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await server.start()
        await shows(1)
        watching.cancel()
    await server.stop()
    told = [one for one in lines if one["log_level"] == "warning"]
    assert [(one["event"], one["server"]) for one in told] == [("server_away", "Temporal"), ("server_back", "Temporal")]
    assert told[0]["activity"] == "health check"
