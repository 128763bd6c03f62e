"""Files and folders that only their owner may read or enter."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

OWNER_ONLY_UMASK = stat.S_IRWXG | stat.S_IRWXO
"""The umask that takes all rights from group and others."""


@contextmanager
def private_umask() -> Iterator[None]:
    """Whatever this process and its children create meanwhile is for the owner only. Affects the whole process."""
    before = os.umask(OWNER_ONLY_UMASK)
    try:
        yield
    finally:
        os.umask(before)


def private_folder(folder: Path) -> Path:
    """Creates the folder, or restricts an existing one to its owner. Missing parents get the usual rights."""
    folder.mkdir(mode=stat.S_IRWXU, parents=True, exist_ok=True)
    _restrict_to_owner(folder)
    return folder


def open_private(file: Path) -> TextIO:
    """Opens a file for writing and truncates it. An existing file is restricted to its owner; a device is not."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, stat.S_IRUSR | stat.S_IWUSR)
    try:
        found = os.fstat(descriptor)
        if stat.S_ISREG(found.st_mode) and found.st_mode & OWNER_ONLY_UMASK:
            os.fchmod(descriptor, stat.S_IMODE(found.st_mode) & ~OWNER_ONLY_UMASK)
        return os.fdopen(descriptor, "w", encoding="utf-8")
    except BaseException:
        os.close(descriptor)
        raise


def restrict_to_owner(folder: Path) -> int:
    """Restricts the folder and everything in it to the owner: older versions left some of it open to others.

    Returns how many files and folders were changed. Links are not followed; what belongs to another user is left alone.
    """
    changed = int(_restrict_to_owner(folder))
    for where, folders, files in os.walk(folder):
        changed += sum(_restrict_to_owner(Path(where, name)) for name in (*folders, *files))
    return changed


def _restrict_to_owner(path: Path) -> bool:
    with suppress(FileNotFoundError, PermissionError):
        mode = path.lstat().st_mode
        if (stat.S_ISDIR(mode) or stat.S_ISREG(mode)) and mode & OWNER_ONLY_UMASK:
            path.chmod(stat.S_IMODE(mode) & ~OWNER_ONLY_UMASK)
            return True
    return False
