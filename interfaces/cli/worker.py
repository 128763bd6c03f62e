"""`trellis worker`: run roles in the foreground."""

import os
import sys
from typing import Annotated

import typer

from settings import load


def worker(
    roles: Annotated[
        str | None,
        typer.Option(
            help="A comma-separated list of journeys, programs, sequencer, projector, messages, webhooks, and http. "
            "Default: all.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Run a worker with all roles, or with some of them, until it is stopped.

    For deployments, or as a second worker beside `trellis up`.
    """
    load()  # a wrong setting is said here, in words
    chosen = ["--roles", roles] if roles is not None else []  # without it, the worker runs every role that it has
    os.execv(sys.executable, [sys.executable, "-m", "worker", *chosen])  # noqa: S606 - our own interpreter
