"""Showing something again and again, until Ctrl-C."""

import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from rich.console import Group, RenderableType
from rich.markup import escape

from client.api.problems import Problem, TooManyRequests, TrellisError, Unavailable, Unreachable
from interfaces.cli.screen import out


def watch_again(shown: Callable[[], Iterable[RenderableType]], every: float) -> None:
    """On a terminal in place, and into a file one after another. What passes by itself is said and tried again.

    `every`: seconds between the end of a look and the next.
    """
    console = out()
    if not console.is_terminal:
        while True:
            console.print(*_looked(shown), sep="\n")
            time.sleep(every)
    from rich.live import Live

    with Live(console=console, screen=True, auto_refresh=False) as live:
        while True:
            live.update(Group(*_looked(shown)), refresh=True)
            time.sleep(every)


def _looked(shown: Callable[[], Iterable[RenderableType]]) -> Iterator[RenderableType]:
    yield f"[dim]{datetime.now().astimezone():%H:%M:%S}. To stop: Ctrl-C[/]"
    try:
        yield from list(shown())
    except TrellisError as error:
        if not _passes(error):
            raise
        yield f"[yellow]{escape(str(error))}[/]"


def _passes(error: TrellisError) -> bool:
    return isinstance(error, Unreachable | Unavailable | TooManyRequests) or (
        isinstance(error, Problem) and error.status >= 500
    )
