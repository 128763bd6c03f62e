"""The processes that `trellis up` supervises: Postgres, Temporal and the worker."""

from collections.abc import Sequence
from pathlib import Path

from runtime.embedded.postgres import PostgresServer
from runtime.embedded.processes import last_lines
from runtime.embedded.temporal import TemporalServer
from runtime.exits import Exit
from runtime.local import Servers, WorkerProcess
from runtime.supervision import Child, GaveUpError


class _ServerChild:
    """A server whose death is seen in its folder, and whose cause of death is not known."""

    def __init__(self, servers: Servers, server: PostgresServer | TemporalServer) -> None:
        self.log = server.log
        self._servers = servers
        self._server = server

    def death(self) -> str | None:
        return None if self._server.is_running() else self._server.describe_exit()

    def cause(self) -> Exception | None:
        return None


class PostgresChild(_ServerChild):
    name = "Postgres"

    def __init__(self, servers: Servers, server: PostgresServer) -> None:
        super().__init__(servers, server)
        self._postgres = server

    async def start(self) -> None:
        if not self._postgres.has_data():  # starting would create an empty database and hide the loss
            raise GaveUpError(f"the Postgres data folder is gone from {self._postgres.folder}: restore it, then start")
        await self._servers.start_postgres()


class TemporalChild(_ServerChild):
    name = "Temporal"

    async def start(self) -> None:
        await self._servers.start_temporal()


class WorkerChild:
    name = "Worker"

    def __init__(self, worker: WorkerProcess) -> None:
        self.log: Path = worker.log
        self._worker = worker

    def death(self) -> str | None:
        return self._worker.death()

    def cause(self) -> Exception | None:
        if self._worker.exit_code() != Exit.BAD_INPUT:
            return None
        return GaveUpError(f"the worker cannot start with these settings:\n{last_lines(self.log, 3)}", Exit.BAD_INPUT)

    async def start(self) -> None:
        await self._worker.require_ports()
        self._worker.start()


def children(servers: Servers, worker: WorkerProcess) -> Sequence[Child]:
    """Without the servers that the settings place elsewhere: those are not ours to supervise."""
    found: list[Child] = [WorkerChild(worker)]
    if servers.postgres:
        found.append(PostgresChild(servers, servers.postgres))
    if servers.temporal:
        found.append(TemporalChild(servers, servers.temporal))
    return found
