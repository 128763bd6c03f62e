"""Showing something again and again, until Ctrl-C."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from client.api.problems import Problem, TooManyRequests, TrellisError, Unavailable, Unreachable
from interfaces.cli.quick import Grid, Line, show


def watch_again(shown: Callable[[], Iterable[Line | Grid]], every: float) -> None:
    """On a terminal in place, and into a file one after another. What passes by itself is said and tried again.

    `every`: seconds between the end of a look and the next.
    """
    if not sys.stdout.isatty():
        while True:
            show(*_looked(shown))
            sys.stdout.flush()
            time.sleep(every)
    from rich.console import Group
    from rich.live import Live

    from interfaces.cli.screen import out

    with Live(console=out(), screen=True, auto_refresh=False) as live:
        while True:
            live.update(Group(*_looked(shown)), refresh=True)
            time.sleep(every)


def _looked(shown: Callable[[], Iterable[Line | Grid]]) -> Iterator[Line | Grid]:
    yield Line((f"{datetime.now().astimezone():%H:%M:%S}. To stop: Ctrl-C", "dim"))
    try:
        yield from list(shown())
    except TrellisError as error:
        if not _passes(error):
            raise
        yield Line((str(error), "yellow"))


def _passes(error: TrellisError) -> bool:
    return isinstance(error, Unreachable | Unavailable | TooManyRequests) or (
        isinstance(error, Problem) and error.status >= 500
    )
