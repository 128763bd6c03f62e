"""Data of the past, as the commands that read it name it."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from interfaces.cli.screen import err
from rehearsal.backtest.study import CannotBacktest


class Data(StrEnum):
    oulad = "oulad"


Kind = Annotated[Data, typer.Option("--data", help="The kind of data.")]
DataFolder = Annotated[
    Path | None,
    typer.Option("--folder", help="The folder with the tables. Default: the folder of that name in TRELLIS_DATA."),
]


def folder_of(data: Data, given: Path | None) -> Path:
    """Raises CannotBacktest when nothing says where the data is."""
    if given:
        return given
    if not (named := os.environ.get("TRELLIS_DATA")):
        raise CannotBacktest(
            f"where is the data? Give --folder, or set TRELLIS_DATA to the folder that has {data.value!r} in it"
        )
    return Path(named) / data.value


@contextmanager
def showing_progress(first: str) -> Iterator[Callable[[str, int, int], None]]:
    """What is given is told what is done now, how much of it, and how much there is."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = err()
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task(first, total=None)
        yield lambda what, done, of: progress.update(bar, description=what, completed=done, total=of)


@contextmanager
def never_collected() -> Iterator[None]:
    """Millions of records of the past, and nearly no garbage in cycles: looking for it would take a quarter of the
    time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
