"""The embedded PostgreSQL: one folder, whatever became of the last server in it."""

import os
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from runtime.embedded.errors import EmbeddedServerError, ServerFailedError
from runtime.embedded.postgres import PostgresServer
from runtime.embedded.processes import wait_until
from runtime.embedded.start_result import StartResult


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="trellis-pg-") as name:  # pytest's own would be closed to other users
        yield Path(name)


@pytest.fixture
async def server(folder: Path) -> AsyncIterator[PostgresServer]:
    server = PostgresServer(folder / "postgres", durable=False)
    yield server
    await server.stop()


async def ask(server: PostgresServer, question: str, database: str = "postgres") -> object:
    connection = await asyncpg.connect(server.dsn(database))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


def postmaster_pid(server: PostgresServer) -> int:
    return int((server.folder / "data" / "postmaster.pid").read_text().splitlines()[0])


async def test_lives_through_a_working_day(server: PostgresServer) -> None:
    assert await server.start() is StartResult.STARTED
    assert str(await ask(server, "select version()")).startswith("PostgreSQL 18")
    await server.create_database("trellis")
    await server.create_database("trellis")
    await ask(server, "create table kept as select 42 as answer", "trellis")

    assert await PostgresServer(server.folder, durable=False).start() is StartResult.ATTACHED

    await server.stop()
    await server.stop()
    assert not server.is_running()

    assert await server.start() is StartResult.STARTED
    assert await ask(server, "select answer from kept", "trellis") == 42


async def test_comes_back_after_kill_9(server: PostgresServer) -> None:
    await server.start()
    await server.create_database("trellis")
    os.kill(postmaster_pid(server), signal.SIGKILL)

    await server.start()

    assert await ask(server, "select 1", "trellis") == 1


async def test_a_pid_file_that_names_a_stranger_is_not_believed(server: PostgresServer) -> None:
    await server.start()
    pid_file = server.folder / "data" / "postmaster.pid"
    left = pid_file.read_text().splitlines()
    await server.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *left[1:]]))

    assert not server.is_running()
    assert await server.start() is StartResult.STARTED
    os.kill(os.getpid(), 0)


async def test_an_interrupted_preparation_is_done_anew(server: PostgresServer) -> None:
    half = server.folder / "data.unfinished"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")

    assert await server.start() is StartResult.STARTED
    assert not half.exists()


async def test_paths_too_long_or_too_odd_for_a_socket_work(folder: Path) -> None:
    for name in ("x" * 120, "a, b"):
        server = PostgresServer(folder / name, durable=False)
        try:
            await server.start()
            assert await ask(server, "select 1") == 1
        finally:
            await server.stop()


async def test_says_what_the_server_said_when_it_does_not_start(server: PostgresServer) -> None:
    await server.start()
    await server.stop()
    (server.folder / "data" / "postgresql.conf").write_text("no_such_setting = 1\n")

    with pytest.raises(ServerFailedError, match="no_such_setting"):
        await server.start()


async def test_data_of_another_version_are_left_alone(server: PostgresServer) -> None:
    data = server.folder / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("17\n")

    with pytest.raises(EmbeddedServerError, match="written by PostgreSQL 17"):
        await server.start()

    assert [file.name for file in data.iterdir()] == ["PG_VERSION"]


async def test_is_found_running_only_by_its_own_folder(server: PostgresServer, folder: Path) -> None:
    await server.start()

    assert wait_until(server.is_running, 0.0)
    assert not PostgresServer(folder / "elsewhere").is_running()
