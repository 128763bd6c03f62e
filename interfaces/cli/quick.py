"""Lines and tables that commands print often. Where rich would print the same, they are written without it: importing
and laying it out takes longer than a request."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from interfaces.cli.answers import WIDTH_IN_FILES

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

_GAP = 2
_CODES = {"bold": "1", "dim": "2", "red": "31", "yellow": "33"}
_SAYS_TERMINAL = ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")
"""Variables by which rich may take a file for a terminal."""
_FIRST_COMBINING = "\u0300"
"""From here on characters may take no place or two."""
_NARROW = frozenset("“”…—")
"""Those that do not, of what commands say."""

Part: TypeAlias = "str | tuple[str, str]"
"""Text, or text and its style: bold, dim, red, or yellow."""


class Line:
    def __init__(self, *parts: Part) -> None:
        self._parts = [(part, "") if isinstance(part, str) else part for part in parts]

    def lines(self) -> Iterator[Sequence[tuple[str, str]]]:
        yield self._parts

    def __rich__(self) -> Text:
        from rich.text import Text

        return Text.assemble(*self._parts)


@dataclass(frozen=True, slots=True)
class Row:
    cells: Sequence[str]
    style: str = ""


@dataclass(frozen=True, slots=True)
class Grid:
    columns: Sequence[str]
    rows: Sequence[Row]

    def lines(self) -> Iterator[Sequence[tuple[str, str]]]:
        widths = [
            max(map(len, cells)) + _GAP for cells in zip(self.columns, *(row.cells for row in self.rows), strict=True)
        ]
        for row in (Row(self.columns, "dim"), *self.rows):
            text = "".join(cell.ljust(width) for cell, width in zip(row.cells, widths, strict=True))
            yield [(text.rstrip(), row.style)]

    def __rich__(self) -> Table:
        from rich.markup import escape
        from rich.table import Table

        table = Table(box=None, header_style="dim", pad_edge=False, padding=(0, _GAP, 0, 0))
        for column in self.columns:
            table.add_column(column, overflow="fold")
        for row in self.rows:
            table.add_row(*map(escape, row.cells), style=row.style or None)
        return table


def show(*those: Line | Grid) -> None:
    """To stdout, one below another. Lines are not folded: a terminal does that, and in a file each stays one."""
    terminal = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if terminal else WIDTH_IN_FILES
    if _is_plain_place(terminal) and all(_is_plain(one, width) for one in those):
        lines = (line for one in those for line in one.lines())
        sys.stdout.write("".join(f"{''.join(_written(part, terminal) for part in line)}\n" for line in lines))
        return
    from interfaces.cli.screen import out

    for one in those:
        out().print(one, soft_wrap=isinstance(one, Line))


def _is_plain_place(terminal: bool) -> bool:
    if not terminal:
        return not any(name in os.environ for name in _SAYS_TERMINAL)
    told = os.environ.get("TERM", "dumb")
    return os.name == "posix" and told not in {"dumb", "unknown"} and "NO_COLOR" not in os.environ


def _is_plain(one: Line | Grid, width: int) -> bool:
    """Whether each character takes one place, none steers the terminal, and nothing has to be folded."""
    texts = ["".join(text for text, _ in line) for line in one.lines()]
    return all(map(_is_narrow, texts)) and (isinstance(one, Line) or max(map(len, texts)) <= width)


def _is_narrow(text: str) -> bool:
    return text.isprintable() and (text.isascii() or all(each < _FIRST_COMBINING or each in _NARROW for each in text))


def _written(part: tuple[str, str], terminal: bool) -> str:
    text, style = part
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if style and terminal else text
