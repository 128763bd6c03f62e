"""A namespace that knows nothing of us is made ready once, or it is said why not."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from google.protobuf.duration_pb2 import Duration
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.api.workflowservice.v1 import RegisterNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from runtime.embedded.ports import free_port
from runtime.embedded.temporal import TemporalPorts, TemporalServer
from runtime.local import Servers
from runtime.search_attributes import register_search_attributes, require_search_attributes
from runtime.server_problems import NotReadyError
from settings import Settings
from workflows.contract import SEARCH_ATTRIBUTES, STAGE

KEYWORD, INT = IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD, IndexedValueType.INDEXED_VALUE_TYPE_INT


@pytest.fixture
async def elsewhere(temporal: WorkflowEnvironment) -> AsyncIterator[Client]:
    """A client of a namespace that is new."""
    name = f"new-{uuid4()}"
    kept = Duration()
    kept.FromTimedelta(timedelta(days=1))
    request = RegisterNamespaceRequest(namespace=name, workflow_execution_retention_period=kept)
    await temporal.client.workflow_service.register_namespace(request)
    client = await Client.connect(temporal.client.service_client.config.target_host, namespace=name)
    async with asyncio.timeout(30):
        while not await _is_known(client):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    yield client


async def _is_known(client: Client) -> bool:
    """The server takes some seconds to see a new namespace everywhere."""
    try:
        await require_search_attributes(client)
    except RPCError:
        return False
    except NotReadyError:
        return True
    return True


async def add(client: Client, **types: IndexedValueType.ValueType) -> None:
    request = AddSearchAttributesRequest(namespace=client.namespace, search_attributes=types)
    await client.operator_service.add_search_attributes(request)


async def test_what_is_missing_is_registered_once(elsewhere: Client) -> None:
    with pytest.raises(
        NotReadyError, match=r"lacks the search attributes TrellisProgram \(Keyword\), .*trellis migrate"
    ):
        await require_search_attributes(elsewhere)
    assert await register_search_attributes(elsewhere) == sorted(key.name for key in SEARCH_ATTRIBUTES)
    assert await register_search_attributes(elsewhere) == []
    await require_search_attributes(elsewhere)


async def test_one_of_another_type_is_said_with_what_to_do(elsewhere: Client) -> None:
    await add(elsewhere, **{STAGE.name: INT})
    said = (
        r"TrellisStage of namespace '.*' has the type Int, and journeys need Keyword. Remove it with `temporal operator"
    )
    for ask in (register_search_attributes, require_search_attributes):
        with pytest.raises(NotReadyError, match=said):
            await ask(elsewhere)


async def test_too_many_are_said_with_those_that_are_wanted(elsewhere: Client) -> None:
    await add(elsewhere, **{f"Other{number}": KEYWORD for number in range(9)})
    with pytest.raises(
        NotReadyError, match=r"no room for the search attributes TrellisProgram \(Keyword\).*more than 10"
    ):
        await register_search_attributes(elsewhere)


async def test_a_server_of_this_machine_learns_of_those_that_an_older_trellis_did_not_have(tmp_path: Path) -> None:
    """Its command line is heeded in a new folder only."""
    settings = Settings(data_folder=tmp_path, temporal_port=free_port(), temporal_ui_port=free_port())
    ports = TemporalPorts(grpc=settings.temporal_port, ui=settings.temporal_ui_port)
    older = TemporalServer(settings.temporal_folder, ports, search_attributes=SEARCH_ATTRIBUTES[:2])
    await older.start()
    await older.stop()
    servers = Servers(settings)
    try:
        await servers.start_temporal()
        await require_search_attributes(await Client.connect(settings.temporal_target))
    finally:
        await servers.stop()
