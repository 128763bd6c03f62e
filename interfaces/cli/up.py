"""`trellis up`: everything on this machine, until Ctrl-C."""

import asyncio

import typer

from interfaces.cli.screen import out
from interfaces.cli.supervising import supervise
from runtime.embedded.private import private_umask
from runtime.local import hold_data_folder
from settings import load


def up() -> None:
    """Run everything on this machine, with a sample program.

    Starts Postgres, Temporal, the HTTP server, and a worker with all roles. Ctrl-C stops all of it.
    """
    settings = load()
    with private_umask(), hold_data_folder(settings):
        code = asyncio.run(supervise(settings, out()))
    raise typer.Exit(code)
