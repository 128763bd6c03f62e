"""The embedded Temporal server: one folder, two ports, whatever became of the last server in it."""

import contextlib
import os
import signal
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import psutil
import pytest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey

from runtime.embedded.errors import PortTakenError, ServerFailedError
from runtime.embedded.ports import free_port
from runtime.embedded.processes import find_by_pid_file, is_alive, wait_until
from runtime.embedded.start_result import StartResult
from runtime.embedded.temporal import TemporalPorts, TemporalServer, answers
from tests.support.folders import open_to_others

ATTRIBUTES = (SearchAttributeKey.for_keyword("Stage"), SearchAttributeKey.for_keyword_list("Tags"))


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[TemporalServer]:
    ports = TemporalPorts(grpc=free_port(), ui=free_port())
    server = TemporalServer(tmp_path / "temporal", ports, namespace="mentoring", search_attributes=ATTRIBUTES)
    yield server
    await server.stop()


def process_of(server: TemporalServer) -> psutil.Process:
    process = find_by_pid_file(server.folder / "temporal.pid")
    assert process
    return process


async def begin_workflow(server: TemporalServer) -> None:
    client = await Client.connect(server.target, namespace="mentoring")
    await client.start_workflow("Waits", id="kept", task_queue="nobody")


async def workflow_is_there(server: TemporalServer) -> bool:
    client = await Client.connect(server.target, namespace="mentoring")
    return (await client.get_workflow_handle("kept").describe()).id == "kept"


async def answering_to(server: TemporalServer, host: str) -> set[int]:
    """The statuses with which its ports, but that of the UI, answer to a request for its HTTP API under this name."""
    ports = {one.laddr.port for one in process_of(server).net_connections() if one.status == psutil.CONN_LISTEN}
    statuses = set()
    async with httpx2.AsyncClient(timeout=5) as client:
        for port in ports - {server.ports.ui}:
            with contextlib.suppress(httpx2.TransportError):  # it speaks something else
                url = f"http://127.0.0.1:{port}/api/v1/namespaces"
                statuses.add((await client.get(url, headers={"Host": f"{host}:{port}"})).status_code)
    return statuses


async def test_lives_through_a_working_day(server: TemporalServer) -> None:
    assert await server.start() is StartResult.STARTED
    await begin_workflow(server)
    assert open_to_others(server.folder) == [], "histories hold what people wrote"
    assert 200 in await answering_to(server, "localhost")
    assert 200 not in await answering_to(server, "evil.example")
    again = TemporalServer(server.folder, server.ports, namespace="mentoring", search_attributes=ATTRIBUTES)
    assert await again.start() is StartResult.ATTACHED

    await again.stop()
    assert not server.is_running()
    assert not await answers(server.target)

    assert await server.start() is StartResult.STARTED
    assert await workflow_is_there(server)


async def test_comes_back_after_kill_9(server: TemporalServer) -> None:
    await server.start()
    await begin_workflow(server)
    killed = process_of(server)
    killed.kill()
    assert wait_until(lambda: not is_alive(killed), 5.0)

    assert await server.start() is StartResult.STARTED
    assert await workflow_is_there(server)


async def test_one_that_hangs_is_replaced(server: TemporalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    await server.start()
    hung = process_of(server)
    os.kill(hung.pid, signal.SIGSTOP)
    assert wait_until(lambda: hung.status() == psutil.STATUS_STOPPED, 5.0)
    monkeypatch.setattr("runtime.embedded.temporal._ATTACH_SECONDS", 0.5)
    monkeypatch.setattr("runtime.embedded.temporal._ANSWER_SECONDS", 0.5)
    monkeypatch.setattr("runtime.embedded.temporal._GRACE_SECONDS", 0.5)

    assert await server.start() is StartResult.STARTED
    assert not is_alive(hung)
    assert await answers(server.target)


async def test_one_on_other_ports_makes_way(server: TemporalServer) -> None:
    await server.start()
    before = process_of(server)
    moved = TemporalServer(server.folder, TemporalPorts(grpc=free_port(), ui=free_port()))
    try:
        assert await moved.start() is StartResult.STARTED
        assert await answers(moved.target)
        assert not is_alive(before)
    finally:
        await moved.stop()


@pytest.mark.parametrize("taken", ["grpc", "ui"])
async def test_a_port_that_a_stranger_holds_is_named_and_left_alone(server: TemporalServer, taken: str) -> None:
    port = getattr(server.ports, taken)
    with socket.create_server(("127.0.0.1", port)) as stranger:
        with pytest.raises(PortTakenError, match=rf"port {port}, needed for Temporal.*\(pid {os.getpid()}\)"):
            await server.start()
        assert stranger.fileno() >= 0
    assert not server.is_running()


async def test_says_what_the_server_said_when_it_does_not_start(server: TemporalServer) -> None:
    server.folder.mkdir()
    (server.folder / "temporal.sqlite").write_text("this is no database " * 100)

    with pytest.raises(ServerFailedError, match="did not start") as caught:
        await server.start()

    assert "database" in caught.value.last_lines
    assert not server.is_running()
