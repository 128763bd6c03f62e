"""Where the API is reached, from a few settings: read without the others, because loading those takes longer than most
commands."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_FILE = Path(".env")
_CONNECT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Address:
    url: str
    key: str | None
    key_from: str
    """Where the key is set, for people."""


def address() -> Address | None:
    """The service of TRELLIS_URL, or the one that `trellis up` runs here; None where neither is."""
    given = _settings()
    if url := given.get("TRELLIS_URL"):
        return Address(url, given.get("TRELLIS_KEY"), "TRELLIS_KEY")
    if given.get("DATABASE_URL"):
        return None  # whatever runs here may be for another database
    return _local(given)


def is_remote() -> bool:
    return bool(_settings().get("TRELLIS_URL"))


def servers_are_elsewhere() -> bool:
    """Whether only the service is known, and not where its servers are."""
    return is_remote() and not _settings().get("DATABASE_URL")


def _local(given: Mapping[str, str]) -> Address | None:
    key_file = Path(given.get("TRELLIS_DATA_FOLDER", ".trellis")) / "key"
    host, port = given.get("TRELLIS_HTTP_HOST", "127.0.0.1"), given.get("TRELLIS_HTTP_PORT", "8600")
    host = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    try:
        key = key_file.read_text().strip()
        socket.create_connection((host, int(port)), _CONNECT_SECONDS).close()
    except (OSError, ValueError, OverflowError):
        return None
    return Address(f"http://{f'[{host}]' if ':' in host else host}:{port}", key, str(key_file))


def _settings() -> Mapping[str, str]:
    """As settings.py reads them: the environment wins over the file, and what is empty is not set."""
    given = {name: value for name, value in _file().items() if value}
    return given | {name: value for name, value in os.environ.items() if value}


def _file() -> Mapping[str, str | None]:
    if not _FILE.is_file():
        return {}
    from dotenv import dotenv_values

    return dotenv_values(_FILE)
