"""A namespace that knows nothing of us is made ready once."""

from pathlib import Path

from temporalio.client import Client

from embedded.ports import free_port
from embedded.temporal import TemporalPorts, TemporalServer
from interfaces.registering import register_search_attributes
from workflows.contract import SEARCH_ATTRIBUTES


async def test_what_is_missing_is_registered_once(tmp_path: Path) -> None:
    server = TemporalServer(tmp_path, TemporalPorts(grpc=free_port(), ui=free_port()))
    await server.start()
    try:
        client = await Client.connect(server.target)
        assert await register_search_attributes(client) == sorted(key.name for key in SEARCH_ATTRIBUTES)
        assert await register_search_attributes(client) == []
    finally:
        await server.stop()
