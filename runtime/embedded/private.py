"""What belongs to its owner alone: folders that only the owner may enter, files that only the owner may read."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

OWNER_ALONE = stat.S_IRWXG | stat.S_IRWXO
"""The umask: what others may not do."""


@contextmanager
def privately() -> Iterator[None]:
    """Whatever this process and its children create meanwhile is for its owner alone. Holds for the whole process."""
    before = os.umask(OWNER_ALONE)
    try:
        yield
    finally:
        os.umask(before)


def private_folder(folder: Path) -> Path:
    """Creates it, or takes the rights of others away if it is there. Parents that are missing get the usual rights."""
    folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    _tighten(folder)
    return folder


def open_private(file: Path) -> TextIO:
    """Opens it to be written from its start. A file that was there loses the rights of others; a device does not."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, stat.S_IRUSR | stat.S_IWUSR)
    try:
        found = os.fstat(descriptor)
        if stat.S_ISREG(found.st_mode) and found.st_mode & OWNER_ALONE:
            os.fchmod(descriptor, stat.S_IMODE(found.st_mode) & ~OWNER_ALONE)
        return os.fdopen(descriptor, "w", encoding="utf-8")
    except BaseException:
        os.close(descriptor)
        raise


def tighten(folder: Path) -> int:
    """Takes the rights of others away from the folder and all that is in it, as older versions left it.

    Returns how many files and folders had been open to others. Links are not followed, and what belongs to another user
    and cannot be changed stays.
    """
    changed = int(_tighten(folder))
    for where, folders, files in os.walk(folder):
        changed += sum(_tighten(Path(where, name)) for name in (*folders, *files))
    return changed


def _tighten(path: Path) -> bool:
    with suppress(FileNotFoundError, PermissionError):
        mode = path.lstat().st_mode
        if (stat.S_ISDIR(mode) or stat.S_ISREG(mode)) and mode & OWNER_ALONE:
            path.chmod(stat.S_IMODE(mode) & ~OWNER_ALONE)
            return True
    return False
