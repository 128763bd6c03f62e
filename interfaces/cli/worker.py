"""`trellis worker`: run roles in the foreground."""

import os
import sys
from typing import Annotated

import typer

from settings import load


def worker(
    roles: Annotated[
        str, typer.Option(help="Any of journeys, sequencer, projector and http, with commas between them.")
    ] = "journeys,sequencer,projector,http",
) -> None:
    """Run roles until asked to stop; for deployments, and for a second worker beside `trellis up`."""
    load()  # a wrong setting is said here, in words
    os.execv(sys.executable, [sys.executable, "-m", "worker", "--roles", roles])  # noqa: S606 - our own interpreter
