"""Text and JSON that commands read from files and from standard input, within bounds."""

import codecs
import json
import sys
from math import isfinite
from pathlib import Path
from typing import Any, Final, NoReturn

from kits.problems import BadFileError, Problem
from kits.text_files import read_text

LARGEST_FILE: Final = 50_000_000
"""Bytes."""


def text_of(file: Path) -> str:
    """Raises BadFileError."""
    return read_text(file, LARGEST_FILE)


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
    raise ValueError(f"{number[:20]} is too large a number")


def standard_input() -> str:
    """Raises BadFileError."""
    content = sys.stdin.buffer.read()
    encoding = "utf-16" if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        says = "there is a character that is not UTF-8"
        raise BadFileError(Problem(Path("standard input"), None, None, says, "convert it first")) from error
