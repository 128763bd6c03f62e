"""`trellis down`: stop what runs here."""

import asyncio

from interfaces.cli.screen import out
from runtime.local import stop_all
from settings import load


def down() -> None:
    """Stop a running `trellis up`, or the servers that a killed one left behind.

    All data is kept.
    """
    stopped = asyncio.run(stop_all(load()))
    out().print(f"Stopped: {', '.join(stopped)}" if stopped else "Nothing was running.")
