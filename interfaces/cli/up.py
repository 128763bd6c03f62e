"""`trellis up`: everything on this machine, until Ctrl-C."""

import asyncio

import typer

from interfaces.cli.screen import out
from interfaces.cli.supervising import supervise
from runtime.embedded.private import privately
from runtime.local import only_one
from settings import load


def up() -> None:
    """Run everything on this machine, with a sample program.

    Starts Postgres, Temporal, the HTTP server, and a worker with all roles. Ctrl-C stops all of it.
    """
    settings = load()
    with privately(), only_one(settings):
        code = asyncio.run(supervise(settings, out()))
    raise typer.Exit(code)
