"""Files with a JSON object on each line (NDJSON), read strictly: every doubtful line is reported."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NoReturn

from kits.problems import Problem, quoted
from kits.text_files import read_lines

_ONE_A_LINE = "write one JSON object a line"


class NotAnObject(Exception):
    """A line is not a JSON object."""

    def __init__(self, says: str, remedy: str, column: int | None = None) -> None:
        super().__init__(says)
        self.says, self.remedy, self.column = says, remedy, column

    def at(self, file: Path, line: int) -> Problem:
        return Problem(file, line, None, self.says, self.remedy, self.column)


def numbered(path: Path) -> Iterator[tuple[int, str]]:
    """The lines that are not blank, with their numbers from 1. Raises BadFileError, as `read_lines`."""
    return ((number, line) for number, line in read_lines(path, "\n") if line.strip())


def parse(line: str) -> dict[str, Any]:
    """Raises NotAnObject for anything but a JSON object, for duplicate names, and for numbers that cannot be stored
    (NaN, infinities, thousands of digits).
    """
    try:
        content = json.loads(line, object_pairs_hook=_once, parse_constant=_no_number, parse_int=_whole)
    except json.JSONDecodeError as error:
        raise NotAnObject(f"this is not JSON: {error.msg}", _ONE_A_LINE, error.colno) from error
    except RecursionError as error:
        raise NotAnObject("it is nested too deeply", _ONE_A_LINE) from error
    if not isinstance(content, dict):
        raise NotAnObject("this is JSON, and not an object", _ONE_A_LINE)
    return content


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise NotAnObject(f"{quoted(name)} is there twice", "keep one of the two")
        found[name] = value
    return found


def _no_number(word: str) -> NoReturn:
    raise NotAnObject(f"{word} is not a number", "write a number, or leave it out")


_MOST_DIGITS = 18


def _whole(digits: str) -> int:
    if len(digits) > _MOST_DIGITS + 1:
        raise NotAnObject(
            f"the number {quoted(digits)[1:-1]} has more than {_MOST_DIGITS} digits", "write a smaller one"
        )
    return int(digits)
