"""`trellis up`: everything on this machine, until Ctrl-C."""

import asyncio

import typer

from interfaces.cli.screen import out
from settings import load


def up() -> None:
    """Run everything here: Postgres, Temporal, a worker with all roles, and a sample program. Ctrl-C stops it all."""
    from interfaces.cli.supervising import supervise
    from runtime.embedded.private import private_umask
    from runtime.local import hold_data_folder

    settings = load()
    with private_umask(), hold_data_folder(settings):
        code = asyncio.run(supervise(settings, out()))
    raise typer.Exit(code)
