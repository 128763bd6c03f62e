"""The API key of `trellis up`: made at the first start, and kept in a file that its owner alone can read."""

from pathlib import Path

from domain.access import KeyRole
from runtime.embedded.private import open_private
from services import keys
from services.keys import Keyring, KeyWish
from store.database import Pool

_WISH = KeyWish(name="local", role=KeyRole.OPS, actor="ops")


def read(file: Path) -> str | None:
    """The key; None where there is none."""
    try:
        return file.read_text(encoding="utf-8").strip() or None
    except FileNotFoundError:
        return None


async def keep(pool: Pool, file: Path) -> bool:
    """Makes a key unless the file has a valid one of the role `ops`. Returns whether it did."""
    known = read(file)
    caller = await Keyring(pool).caller_with_key(known) if known else None
    if caller and caller.role == KeyRole.OPS:
        return False
    made = await keys.make(pool, _WISH, by="trellis up")
    with open_private(file) as opened:
        opened.write(made.text + "\n")
    return True
