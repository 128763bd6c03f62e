"""The embedded servers and the worker process of `trellis up`, started, watched and stopped together.

What a killed `trellis up` left running is found by the files in the data folder, and is attached to or stopped.
"""

import asyncio
import fcntl
import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import psutil
from temporalio.client import Client

from runtime.embedded.errors import ServerFailedError
from runtime.embedded.ports import require_free
from runtime.embedded.postgres import PostgresServer
from runtime.embedded.private import private_folder
from runtime.embedded.processes import (
    describe_exit,
    find_by_pid_file,
    is_alive,
    last_lines,
    open_log,
    terminate,
    write_pid_file,
)
from runtime.embedded.start_result import StartResult
from runtime.embedded.temporal import TemporalPorts, TemporalServer
from runtime.search_attributes import register_search_attributes
from settings import Settings
from workflows.contract import SEARCH_ATTRIBUTES

_READY_SECONDS = 60.0
_LOOK_SECONDS = 0.1


class AlreadyUpError(Exception):
    """Another `trellis up` runs on the same data folder."""

    def __init__(self, pid: str, url: str | None) -> None:
        board = f": the board is at {url}" if url else ""
        super().__init__(
            f"Trellis is already running (pid {pid}){board}. Stop it with `trellis down`. To run a second one, set "
            "TRELLIS_DATA_FOLDER and the ports to other values"
        )


@contextmanager
def hold_data_folder(settings: Settings) -> Iterator[None]:
    """Locks the data folder; the system releases the lock however the process ends. Raises AlreadyUpError."""
    private_folder(settings.data_folder)
    with _lock_file(settings).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyUpError(_read(file), settings.http_url) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def running_up(settings: Settings) -> psutil.Process | None:
    """The running `trellis up` of this data folder."""
    try:
        with hold_data_folder(settings):
            return None
    except AlreadyUpError:
        with _lock_file(settings).open() as file, suppress(psutil.NoSuchProcess, ValueError):
            return psutil.Process(int(_read(file)))
        return None


def _lock_file(settings: Settings) -> Path:
    return settings.data_folder / "up.lock"


def _read(file: TextIO) -> str:
    file.seek(0)
    return file.read().strip()


class Servers:
    """The embedded servers. Each is None where the settings name a server elsewhere."""

    def __init__(self, settings: Settings) -> None:
        ports = TemporalPorts(grpc=settings.temporal_port, ui=settings.temporal_ui_port)
        self._starting: set[asyncio.Task[StartResult]] = set()
        self.postgres = None if settings.database_url else PostgresServer(settings.postgres_folder)
        self.temporal = (
            None
            if settings.temporal_address
            else TemporalServer(
                settings.temporal_folder,
                ports,
                namespace=settings.temporal_namespace,
                search_attributes=SEARCH_ATTRIBUTES,
            )
        )

    async def start_postgres(self) -> StartResult | None:
        """Returns when its database exists; None when the settings name a Postgres elsewhere."""
        return await self._shielded(_with_database(self.postgres)) if self.postgres else None

    async def start_temporal(self) -> StartResult | None:
        """Returns when it answers; None when the settings name a Temporal elsewhere."""
        return await self._shielded(_with_search_attributes(self.temporal)) if self.temporal else None

    async def stop(self) -> list[str]:
        """Returns the names of the servers that were running."""
        await asyncio.gather(*self._starting, return_exceptions=True)
        self._starting.clear()
        ours = {"Postgres": self.postgres, "Temporal": self.temporal}
        running = {name: server for name, server in ours.items() if server and server.is_running()}
        await asyncio.gather(*(server.stop() for server in running.values()))
        return list(running)

    async def _shielded(self, start: Coroutine[None, None, StartResult]) -> StartResult:
        """A start goes on when its caller is cancelled, so that `stop` never finds a server that is half started."""
        starting = asyncio.create_task(start)
        self._starting.add(starting)
        starting.add_done_callback(self._starting.discard)
        return await asyncio.shield(starting)


async def _with_database(postgres: PostgresServer) -> StartResult:
    beginning = await postgres.start()
    await postgres.create_database("trellis")
    return beginning


async def _with_search_attributes(temporal: TemporalServer) -> StartResult:
    beginning = await temporal.start()
    # The server reads search attributes from its command line only when its folder is new: register those added since.
    await register_search_attributes(await Client.connect(temporal.target, namespace=temporal.namespace))
    return beginning


class WorkerProcess:
    """`python -m worker` with every role, in a session of its own, with its log in the data folder."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._pid_file = settings.data_folder / "worker.pid"
        self._child: subprocess.Popen[bytes] | None = None
        self.log = settings.data_folder / "worker.log"
        self.restarts = settings.data_folder / "restarts.json"
        """Its supervisor counts restarts in this file, and the worker shows them as a metric."""

    async def require_ports(self) -> None:
        """Raises PortTakenError here, where it is seen, rather than in the worker's log."""
        settings = self._settings
        if settings.http_port:
            await asyncio.to_thread(require_free, settings.http_host, settings.http_port, "HTTP")
        if settings.sdk_metrics_port:
            purpose = "the metrics of the Temporal SDK"
            await asyncio.to_thread(require_free, settings.sdk_metrics_host, settings.sdk_metrics_port, purpose)

    def start(self) -> None:
        command = [sys.executable, "-m", "worker", "--restarts", str(self.restarts)]
        with open_log(self.log) as log:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C reaches the supervisor only, which stops everything in order
            )
        write_pid_file(self._pid_file, self._child.pid, command)

    async def ready(self, tell: Callable[[str], None]) -> str:
        """Waits until it can serve, for a minute at most. Returns what is missing then, or an empty string. Raises
        ServerFailedError when it ends first. What waits for a person does not count as missing.
        """
        missing = "it does not answer"
        for _ in range(int(_READY_SECONDS / _LOOK_SECONDS)):
            if death := self.death():
                raise ServerFailedError(f"the worker {death}", self.log, last_lines(self.log))
            missing = await asyncio.to_thread(self._not_ready)
            if not missing:
                break
            tell(missing)
            await asyncio.sleep(_LOOK_SECONDS)
        return missing

    def _not_ready(self) -> str:
        url = self._settings.http_url
        if url is None:
            return ""
        try:
            with urllib.request.urlopen(f"{url}/readyz", timeout=5):  # noqa: S310 - our own address
                return ""
        except urllib.error.HTTPError as error:
            return _problems(error.read())
        except OSError as error:
            return str(error)

    def death(self) -> str | None:
        """How the process ended; None while it runs."""
        return describe_exit(self._child) if self._child and self._child.poll() is not None else None

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._child.poll() if self._child else None

    async def stop(self) -> bool:
        """Lets it finish what it is doing. Returns whether it was running."""
        process = self._process()
        if process:
            grace = self._settings.shutdown_seconds + 3.0
            await asyncio.to_thread(terminate, process, [(signal.SIGTERM, grace)])
        if self._child:
            self._child.wait()
            self._child = None
        self._pid_file.unlink(missing_ok=True)
        return process is not None

    def _process(self) -> psutil.Process | None:
        if self._child and self._child.poll() is None:
            return psutil.Process(self._child.pid)
        return find_by_pid_file(self._pid_file)


def _problems(body: bytes) -> str:
    """The problems that `/readyz` lists, as one line."""
    try:
        problems = json.loads(body)["problems"]
        return "; ".join(f"{name}: {problem}" for name, problem in problems.items())
    except (ValueError, KeyError, TypeError, AttributeError):
        return body.decode(errors="replace")


async def stop_all(settings: Settings) -> list[str]:
    """Stops a running `trellis up`, or what a killed one left running. Returns the names of what was stopped."""
    supervisor = running_up(settings)
    if supervisor:
        grace = settings.shutdown_seconds + 20.0
        await asyncio.to_thread(terminate, supervisor, [(signal.SIGTERM, grace)])
    stopped = ["trellis up"] if supervisor and not is_alive(supervisor) else []
    if await WorkerProcess(settings).stop():
        stopped.append("worker")
    return stopped + await Servers(settings).stop()
