"""Text files that people hand in: read within bounds of time and memory, line by line, whatever they hold.

Lines end at newlines only. Other characters that Unicode counts as line breaks (U+0085, U+2028, vertical tab, form
feed) are part of what people wrote.
"""

import codecs
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Literal

from kits.problems import BadFileError, Problem

LONGEST_LINE = 1_000_000
"""Characters."""
_LARGEST_FILE = 500_000_000
_AS_UTF_8 = 'save it as UTF-8 (in Excel: Save As, "CSV UTF-8"; in Numbers and Sheets, exported CSV is UTF-8)'

Newline = Literal["\n", ""]
"""What ends a line: with `\\n` that and `\\r\\n`; with the empty string, as in CSV, a single `\\r` too."""


def read_text(path: Path, limit: int) -> str:
    """The whole of a text file: UTF-8, or UTF-16 that says so in its first two bytes.

    Raises:
        BadFileError: when it cannot be read, is no regular file, is no text, or has more bytes than `limit`.
    """
    with _opened(path, limit) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise _too_large(path, len(content), limit)
    encoding = _encoding(content[:4])
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadFileError(_not_text(path, encoding, content[: error.start].count(b"\n") + 1)) from error
    if "\x00" in text:
        raise BadFileError(_nul(path, text[: text.index("\x00")].count("\n") + 1))
    return text


def read_lines(path: Path, newline: Newline, limit: int = _LARGEST_FILE) -> Iterator[tuple[int, str]]:
    """Each line with its number from 1, and with what ends it; never more than one in memory.

    Raises:
        BadFileError: as `read_text`, and for a line longer than `LONGEST_LINE`; lines before that have been given out.
    """
    with _opened(path, limit) as file:
        encoding = _encoding(file.read(4))
        file.seek(0)
        reader = io.TextIOWrapper(file, encoding=encoding, newline=newline)
        number = 0
        try:
            while line := reader.readline(LONGEST_LINE + 1):
                number += 1
                if "\x00" in line:
                    raise BadFileError(_nul(path, number))
                if len(line) > LONGEST_LINE:
                    says = f"this line has more than {LONGEST_LINE:,} characters"
                    raise BadFileError(Problem(path, number, None, says, "is it the right file?"))
                yield number, line
        except UnicodeDecodeError as error:
            raise BadFileError(_not_text(path, encoding, _line_of_garbage(path, number + 1))) from error


@contextmanager
def _opened(path: Path, limit: int) -> Iterator[BinaryIO]:
    """Not blocking: opening a pipe would wait for whoever writes into it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError) as error:  # the latter for a name with a NUL in it
        says = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise BadFileError(Problem(path, None, None, says, "give another path")) from error
    try:
        status = os.fstat(descriptor)
        _require_file(path, status.st_mode)
        if status.st_size > limit:
            raise _too_large(path, status.st_size, limit)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            yield file
    except OSError as error:
        raise BadFileError(Problem(path, None, None, error.strerror or str(error), "give another path")) from error
    finally:
        os.close(descriptor)


def _require_file(path: Path, mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    kinds = ((stat.S_ISDIR, "a folder"), (stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"))
    kind = next((name for holds, name in kinds if holds(mode)), "a device")
    raise BadFileError(Problem(path, None, None, f"it is {kind}, not a file", "give the path of a file"))


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig"


def _line_of_garbage(path: Path, at_least: int) -> int:
    """Where what is no UTF-8 stands: text is decoded in blocks, so the reader knows it only roughly."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(LONGEST_LINE), b""), start=1):
            try:
                decoder.decode(line)
            except UnicodeDecodeError:
                return number
    return at_least


def _not_text(path: Path, encoding: str, line: int) -> Problem:
    says = "there is a character that is not UTF-8" if encoding != "utf-16" else "it is not whole: UTF-16 is cut off"
    return Problem(path, line, None, says, _AS_UTF_8)


def _nul(path: Path, line: int) -> Problem:
    says = "there is a NUL character, as in a file that is no text, or in UTF-16 without its mark"
    return Problem(path, line, None, says, f"take it out, or {_AS_UTF_8}")


def _too_large(path: Path, size: int, limit: int) -> BadFileError:
    says = f"it has {size:,} bytes, and {limit:,} are the most that is read"
    return BadFileError(Problem(path, None, None, says, "is it the right file?"))
