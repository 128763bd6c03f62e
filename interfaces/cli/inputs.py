"""Text and JSON that commands read from files and from standard input, within bounds."""

import codecs
import json
import sys
from math import isfinite
from pathlib import Path
from typing import Any, Final, NoReturn

from kits.problems import BadFileError, Problem
from kits.text_files import read_text

_LARGEST: Final = 50_000_000
"""Bytes."""


def content_of(file: Path) -> bytes:
    """What a file holds, or what comes out of a pipe. Raises BadFileError."""
    try:
        with file.open("rb") as opened:
            content = opened.read(_LARGEST + 1)
    except OSError as error:
        raise BadFileError(Problem(file, None, None, str(error.strerror), "give another path")) from error
    if len(content) > _LARGEST:
        raise BadFileError(Problem(file, None, None, f"it has more than {_LARGEST:,} bytes", "is it the right file?"))
    return content


def text_of(file: Path) -> str:
    """Raises BadFileError."""
    return read_text(file, _LARGEST)


def json_of(file: Path) -> Any:
    """Raises BadFileError, also for numbers that JSON cannot say."""
    text = text_of(file)
    try:
        return json.loads(text, parse_float=_finite, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise BadFileError(Problem(file, error.lineno, None, f"it is not JSON: {error.msg}", "correct it")) from error
    except (ValueError, RecursionError) as error:
        says = "it is nested too deeply" if isinstance(error, RecursionError) else f"it is not JSON: {error}"
        raise BadFileError(Problem(file, None, None, says, "is it the right file?")) from error


def _finite(number: str) -> float:
    found = float(number)
    return found if isfinite(found) else _no_number(number)


def _no_number(number: str) -> NoReturn:
    raise ValueError(f"{number[:20]} is not a number of JSON")


def standard_input() -> str:
    """Raises BadFileError."""
    content = sys.stdin.buffer.read()
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        says = "there is a character that is not UTF-8"
        raise BadFileError(Problem(Path("standard input"), None, None, says, "convert it first")) from error
