"""Who may read the files that a test has made."""

import stat
from pathlib import Path


def open_to_others(folder: Path) -> list[Path]:
    return [path for path in (folder, *folder.rglob("*")) if not path.is_symlink() and mode(path) & 0o077]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)
