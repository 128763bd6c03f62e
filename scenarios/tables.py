"""Tables as spreadsheets save them: CSV with commas, semicolons or tabs, in UTF-8 or UTF-16, with or without `sep=`."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kits.problems import BadFileError, Problem
from kits.text_files import read_lines

_SEPARATORS = ",;\t"
_SAYS_SEPARATOR = re.compile(r'^"?sep=(?P<one>.)"?\s*$', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    """Its first line: a quoted value may span several lines."""
    cells: Sequence[str]
    """Trimmed."""


@dataclass(frozen=True, slots=True)
class Table:
    separator: str
    header: Row
    rows: Iterator[Row]
    """Without blank rows, each with a cell for every column. Raises BadFileError for too few or too many cells."""


def read_table(path: Path, limit: int) -> Table:
    """Reads the header; rows are read as they are iterated. Unnamed empty columns at the end are dropped.

    Raises:
        BadFileError: when the file cannot be read or is not CSV; iterating the rows may raise it, too.
    """
    lines = _Lines(read_lines(path, "", limit))
    separator = _separator(path, lines)
    rows = _rows(path, lines, separator)
    header = next(rows, Row(1, ()))
    named = len(header.cells)
    while named and not header.cells[named - 1]:
        named -= 1
    header = Row(header.line, header.cells[:named])
    return Table(separator, header, (_fitted(path, header, separator, row) for row in rows))


class _Lines:
    """The lines for the CSV reader, which can be peeked at."""

    def __init__(self, lines: Iterable[tuple[int, str]]) -> None:
        self._lines = iter(lines)
        self._ahead: list[tuple[int, str]] = []
        self._began: int | None = None

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        number, line = self._ahead.pop() if self._ahead else next(self._lines)
        self._began = self._began or number
        return line

    def began(self) -> int:
        """The number of the first line that was read since the last call."""
        number, self._began = self._began or 1, None
        return number

    def first(self) -> str:
        """Peeks at the next line that is not blank."""
        for number, line in self._lines:
            if line.strip():
                self._ahead.append((number, line))
                return line
        return ""


def _separator(path: Path, lines: _Lines) -> str:
    first = lines.first()
    said = _SAYS_SEPARATOR.match(first)
    if not said:
        return max(_SEPARATORS, key=first.count)
    next(lines)
    if said["one"] not in _SEPARATORS:
        remedy = "separate the columns by commas, semicolons or tabs"
        raise BadFileError(Problem(path, lines.began(), None, f"{said['one']!r} cannot separate columns", remedy))
    lines.began()
    return said["one"]


def _rows(path: Path, lines: _Lines, separator: str) -> Iterator[Row]:
    reader = csv.reader(lines, strict=True, delimiter=separator)
    try:
        for cells in reader:
            began = lines.began()
            trimmed = [cell.strip() for cell in cells]
            if any(trimmed):
                yield Row(began, trimmed)
    except csv.Error as error:
        remedy = "check the quotes: every one that opens must close, and one within a value is written twice"
        raise BadFileError(Problem(path, lines.began(), None, f"this is not CSV: {error}", remedy)) from error


def _fitted(path: Path, header: Row, separator: str, row: Row) -> Row:
    cells, wanted = row.cells, len(header.cells)
    if len(cells) > wanted and not any(cells[wanted:]):
        cells = cells[:wanted]
    if len(cells) != wanted:
        says = f"it has {len(cells)} fields, not {wanted} as the first line"
        remedy = f"check what separates them, which is {separator!r} here; put quotes around a value that has one in it"
        raise BadFileError(Problem(path, row.line, None, says, remedy))
    return Row(row.line, cells)
