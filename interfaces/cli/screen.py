"""How commands speak: results to stdout, progress and problems to stderr; in color for people, plain into files.

Whatever people wrote passes through here on its way to a terminal, and loses the characters that would steer it.
"""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.markup import escape
from rich.segment import Segment
from rich.status import Status
from rich.table import Table

from channels.lines import escaped, shown
from interfaces.cli.answers import WIDTH_IN_FILES, write
from interfaces.cli.shortening import shortened
from queries.listing import Listing


def out() -> Console:
    return _console(sys.stdout.isatty(), stderr=False)


def err() -> Console:
    return _console(sys.stderr.isatty(), stderr=True)


def named(person: str, name: str | None) -> str:
    """`Ana Ruiz (m-1)`; the id alone where no name is known."""
    return f"{name} ({person})" if name else person


def print_json(value: Any) -> None:
    """Dataclasses, pydantic models, dates: as the API shows them, what steers a terminal written as an escape."""
    from pydantic_core import to_json

    write(escaped(to_json(value, indent=2).decode()) + "\n")


def print_listing(listing: Listing) -> None:
    table = Table(title=escape(listing.title), title_justify="left", box=None, header_style="dim", pad_edge=False)
    for column in listing.columns:
        table.add_column(column, overflow="fold")
    for row in listing.rows:
        table.add_row(*(escape(str(cell)) for cell in row))
    if not listing.rows:
        table.add_row("Nothing yet")
    out().print(table, "")


def complain(problem: object) -> None:
    err().print(f"[bold red]trellis:[/] {escape(shortened(str(problem)))}", soft_wrap=True)


class Steps:
    """Things done one after another or side by side: a spinner while they last, a line when each is done."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._current: list[str] = []
        self._spinner: Status | None = None

    @contextmanager
    def shown(self) -> Iterator[None]:
        """While this lasts there is a spinner, on a terminal."""
        if not self._console.is_terminal:
            yield
            return
        with self._console.status("starting") as self._spinner:
            yield
        self._spinner = None

    @contextmanager
    def step(self, title: str) -> Iterator["Step"]:
        step = Step(title, self._show)
        began = time.monotonic()
        self._current.append(title)
        self._show("")
        try:
            yield step
        finally:
            self._current.remove(title)
            self._show("")
        took = time.monotonic() - began
        mark = "[green]✓[/]" if step.worked else "[red]✗[/]"
        self._console.print(f"{mark} {title:<12} {escape(step.outcome)} [dim]({took:.1f} s)[/]", soft_wrap=True)

    def _show(self, detail: str) -> None:
        if self._spinner:
            self._spinner.update(f"{', '.join(self._current)} {escape(detail)}".strip() or "starting")


class Step:
    def __init__(self, title: str, show: Callable[[str], None]) -> None:
        self.title = title
        self.outcome = "done"
        self.worked = True
        self._show = show

    def tell(self, detail: str) -> None:
        """What is going on just now; seen on a terminal only."""
        self._show(detail)


class SafeConsole(Console):
    """Of all that is printed, only rich's own styles and movements reach the terminal as such."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        for text, style, control in super().render(renderable, options):
            yield Segment(text if control else shown(text), style, control)


def _console(is_terminal: bool, *, stderr: bool) -> Console:
    return SafeConsole(stderr=stderr, highlight=False, emoji=False, width=None if is_terminal else WIDTH_IN_FILES)
