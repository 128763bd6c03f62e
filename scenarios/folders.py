"""The folder of a play, with the data of all servers that it starts. The next play cleans up after a killed one."""

import asyncio
import fcntl
import shutil
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import psutil

from runtime.embedded.postgres import PostgresServer
from runtime.embedded.processes import terminate

_PLAYS = "plays"
_LOCK = "lock"
_OURS = ("temporal", "python")
_GRACE_SECONDS = 3.0


@asynccontextmanager
async def play_folder(data_folder: Path, name: str, *, keep: bool, tell: Callable[[str], None]) -> AsyncIterator[Path]:
    """A new folder among the plays, removed at the end of the play unless it is to be kept."""
    plays = data_folder / _PLAYS
    plays.mkdir(parents=True, exist_ok=True)
    for abandoned in [one for one in plays.iterdir() if _is_abandoned(one)]:
        await _remove(abandoned)
        tell(f"what a killed play had left in {abandoned} is cleared away")
    folder = _new_folder(plays, name)
    with _held(folder):
        try:
            yield folder
        finally:
            if keep:
                (folder / _LOCK).unlink()
            else:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _new_folder(plays: Path, name: str) -> Path:
    nth = 1
    while True:
        try:
            (folder := plays / f"{name}-{nth}").mkdir()
        except FileExistsError:
            nth += 1
        else:
            return folder


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Holds the lock of the folder. The system releases it however this process ends."""
    with (folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_abandoned(folder: Path) -> bool:
    """True if it has a lock file that no process holds. A folder that is kept has no lock file."""
    try:
        with (folder / _LOCK).open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
    except (FileNotFoundError, NotADirectoryError, BlockingIOError):
        return False


async def _remove(folder: Path) -> None:
    await asyncio.to_thread(_terminate_processes_in, folder)
    await PostgresServer(folder / "postgres").stop()
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _terminate_processes_in(folder: Path) -> None:
    place = folder.resolve()
    for process in psutil.process_iter():
        if _uses_folder(process, place):
            terminate(process, [(signal.SIGTERM, _GRACE_SECONDS)])


def _uses_folder(process: psutil.Process, folder: Path) -> bool:
    """Whether it is a server or worker of a play, with its working directory or its log in the folder."""
    try:
        if not process.name().startswith(_OURS):
            return False
        places = [process.cwd(), *(file.path for file in process.open_files())]
    except psutil.Error:
        return False
    return any(Path(place).is_relative_to(folder) for place in places if place)
