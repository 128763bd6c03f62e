"""The servers of a play: its own Postgres and Temporal, and a worker process that is restarted when it dies."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from temporalio.testing import WorkflowEnvironment

from runtime.embedded.errors import ServerFailedError
from runtime.embedded.postgres import PostgresServer
from runtime.embedded.processes import last_lines, open_log
from runtime.embedded.time_skipping import time_skipping_server
from store.database import Pool, migrate, open_pool
from store.leading import leadership
from store.locks import Lock
from workflows.contract import SEARCH_ATTRIBUTES

Tell = Callable[[str], None]

DATABASE = "trellis"
_POOL_SIZE = 20
_TOO_SHORT_A_LIFE_SECONDS = 5.0
_SHORT_LIVES = 3
_GRACE_SECONDS = 10.0
_FOREIGN = ("DATABASE_URL", "TEMPORAL_", "TRELLIS_")


@dataclass(frozen=True)
class Servers:
    environment: WorkflowEnvironment
    dsn: str
    pool: Pool
    worker: "Worker"


@asynccontextmanager
async def servers(folder: Path, tell: Tell) -> AsyncIterator[Servers]:
    """Starts everything that a play needs, with its data in the folder, and stops it at the end.

    The log and the views remain in the folder, which has the layout of any data folder of Trellis.

    Raises:
        EmbeddedServerError: when a server does not come up.
    """
    postgres = PostgresServer(folder / "postgres", durable=False)
    await postgres.start()
    try:
        await postgres.create_database(DATABASE)
        dsn = postgres.dsn(DATABASE)
        await migrate(dsn)
        async with _temporal(folder / "temporal.log") as environment:
            pool = await open_pool(dsn, max_size=_POOL_SIZE, name="trellis play")
            worker = Worker(folder, dsn, environment.client.service_client.config.target_host, tell)
            try:
                # The service that follows the log stands by: it would record at the time of the machine.
                async with leadership(dsn, Lock.LEDGER, "trellis play"), worker.kept_alive():
                    yield Servers(environment, dsn, pool, worker)
            finally:
                pool.terminate()
    finally:
        await postgres.stop()


@asynccontextmanager
async def _temporal(log: Path) -> AsyncIterator[WorkflowEnvironment]:
    async with AsyncExitStack() as stack:
        with _children_write_to(log):
            server = time_skipping_server(search_attributes=SEARCH_ATTRIBUTES, manual=True)
            environment = await stack.enter_async_context(server)
        yield environment


@contextmanager
def _children_write_to(log: Path) -> Iterator[None]:
    """The development server prints a greeting to stdout, which is reserved for the results of a play."""
    sys.stdout.flush()
    before = os.dup(1), os.dup(2)
    with open_log(log) as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    try:
        yield
    finally:
        for number, saved in enumerate(before, start=1):
            os.dup2(saved, number)
            os.close(saved)


class Worker:
    """`python -m worker` with the role journeys. When it is killed, it is restarted and the journeys continue."""

    def __init__(self, folder: Path, dsn: str, temporal: str, tell: Tell) -> None:
        self.log = folder / "worker.log"
        self.pid: int | None = None
        """The process id of the present worker."""
        self.restarts = 0
        self._folder = folder
        self._environment = _environment(dsn, temporal)
        self._tell = tell

    @asynccontextmanager
    async def kept_alive(self) -> AsyncIterator[None]:
        """Raises ServerFailedError within the block when the worker dies as soon as it starts."""
        try:
            async with asyncio.TaskGroup() as tasks:
                keeping = tasks.create_task(self._keep_alive())
                yield
                keeping.cancel()
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from None

    async def _keep_alive(self) -> None:
        short_lives = 0
        while True:
            began = monotonic()
            process = await self._start()
            try:
                code = await process.wait()
            finally:
                await _stop(process)
            short_lives = short_lives + 1 if monotonic() - began < _TOO_SHORT_A_LIFE_SECONDS else 0
            if short_lives == _SHORT_LIVES:
                raise ServerFailedError("the worker ends as soon as it starts", self.log, last_lines(self.log))
            self.restarts += 1
            self._tell(f"the worker (pid {process.pid}) {_ended(code)}; it is started again")

    async def _start(self) -> Process:
        with open_log(self.log) as log:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "worker", "--roles", "journeys"),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,  # where no .env lies that is meant for other servers
                env=dict(self._environment),
                start_new_session=True,  # Ctrl-C is for the play, which stops it in order
            )
        self.pid = process.pid
        return process


async def _stop(process: Process) -> None:
    with suppress(ProcessLookupError, TimeoutError):
        if process.returncode is None:
            process.terminate()
            async with asyncio.timeout(_GRACE_SECONDS):
                await process.wait()
    with suppress(ProcessLookupError):
        if process.returncode is None:
            process.kill()
            await process.wait()


def _ended(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"


def _environment(dsn: str, temporal: str) -> Mapping[str, str]:
    """Our environment, with the settings replaced by those of the play's servers."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_FOREIGN)}
    return kept | {
        "DATABASE_URL": dsn,
        "TEMPORAL_ADDRESS": temporal,
        "TRELLIS_HTTP_PORT": "0",
        "TRELLIS_SDK_METRICS_PORT": "0",
        "TRELLIS_LOG_FORMAT": "json",
        "TRELLIS_LOG_LEVEL": "warning",
    }
