"""Files as the body of a request: tables of people, and the files of a kit."""

import asyncio
import io
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from email.message import Message
from encodings import normalize_encoding
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, TypeVar

from fastapi import Request
from pydantic import AfterValidator, Field

from domain.kit import KIT_FILE
from domain.values import Frozen
from interfaces.http.access import Denied
from kits.loading import KitError, LoadedKit, read_kit
from kits.problems import BadFileError, Problem

LARGEST = 5_000_000
"""Bytes of a table of people."""
_TABLES: Mapping[str, str] = {
    "text/csv": "people.csv",
    "application/x-ndjson": "people.ndjson",
    "application/ndjson": "people.ndjson",
    "application/jsonl": "people.ndjson",
}
TABLE_OF_PEOPLE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "A table of people as docs/people.md describes it, at most 5 MB: in UTF-8, in UTF-16 with a "
        "byte order mark, or in the charset that the content type names.",
        "content": {one: {"schema": {"type": "string"}} for one in ("text/csv", "application/x-ndjson")},
    }
}
"""For `openapi_extra` of an operation that takes one."""

_UTF_8 = frozenset({"utf_8", "utf8", "us_ascii", "ascii"})
"""The charsets of a body that is read as it comes."""
_NOT_OF_TEXTS = frozenset({"idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape"})
"""What Python decodes text from, and nobody sends tables in."""

Read = TypeVar("Read")


async def table_of_people(request: Request, read: Callable[[Path], Read]) -> Read:
    """What `read` makes of the body. It runs in a thread, on a file that is gone afterwards.

    Raises:
        Denied: for a body of another type or in an unknown charset, or one that is too large.
        BadFileError: with every problem, each with its line.
    """
    name, charset = name_of_table(request), _charset(request)
    return await asyncio.to_thread(_from_table, name, await _body(request), charset, read)


def name_of_table(request: Request) -> Path:
    """As problems name it. Raises Denied for another type of body."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _TABLES:
        says = f"Send a table of people as text/csv or application/x-ndjson; this is {kind or 'of no type'}."
        raise Denied(415, "unsupported_media_type", says)
    return Path(_TABLES[kind])


def _charset(request: Request) -> str | None:
    """The one that the content type names. None: UTF-8, as without any. Raises Denied for one that is not known."""
    header = Message()
    header["content-type"] = request.headers.get("content-type", "")
    declared = header.get_content_charset()
    name = normalize_encoding(declared or "utf-8").lower()
    if name in _UTF_8:
        return None
    if not _is_known(name):
        says = f"The charset {name[:40]!r} is not known; send the table in UTF-8, which needs no charset."
        raise Denied(415, "unsupported_media_type", says)
    return name


def _is_known(charset: str) -> bool:
    try:
        io.TextIOWrapper(io.BytesIO(), encoding=charset)
    except (LookupError, ValueError):
        return False
    return charset not in _NOT_OF_TEXTS


def _from_table(name: Path, body: bytes, charset: str | None, read: Callable[[Path], Read]) -> Read:
    with _folder() as folder:
        file = folder / name
        file.write_bytes(_in_utf_8(name, body, charset) if charset else body)
        with _by_plain_names(folder):
            return read(file)


def _in_utf_8(name: Path, body: bytes, charset: str) -> bytes:
    """Raises BadFileError."""
    try:
        return body.decode(charset).encode()
    except UnicodeError as error:
        good = body[: error.start] if isinstance(error, UnicodeDecodeError) else b""
        line = good.decode(charset, "replace").count("\n") + 1
        says = f"there is a character that is not {charset.replace('_', '-')}, as the content type says"
        raise BadFileError(Problem(name, line, None, says, "name its charset, or send it in UTF-8")) from error


async def _body(request: Request) -> bytes:
    """Raises Denied."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST:
            raise Denied(413, "payload_too_large", f"The body has more than {LARGEST:,} bytes; send it in parts.")
    return bytes(body)


def _plain(name: str) -> str:
    """Raises ValueError."""
    path = PurePosixPath(name)
    fits = name == KIT_FILE or name.endswith(".md")
    if path.is_absolute() or str(path) != name or ".." in path.parts or not name.isprintable() or "\\" in name:
        raise ValueError("write the path from the kit's folder, such as guides/first-session.md")
    if not fits or len(name) > 200:
        raise ValueError(f"a kit has the file {KIT_FILE} and Markdown files, with paths of at most 200 characters")
    return name


class KitFiles(Frozen):
    """The files of a kit's folder, by their paths from there: `program.yaml`, and the Markdown files that it names."""

    files: Mapping[Annotated[str, AfterValidator(_plain)], Annotated[str, Field(max_length=1_000_000)]] = Field(
        min_length=1, max_length=250
    )


async def read_files(given: KitFiles) -> LoadedKit:
    """Raises KitError."""
    return await asyncio.to_thread(_from_files, given.files)


def _from_files(files: Mapping[str, str]) -> LoadedKit:
    with _folder() as folder, _by_plain_names(folder):
        for name, text in files.items():
            _write(folder / name, text)
        found = read_kit(folder)
        return LoadedKit(found.kit, [_inside(folder, one) for one in found.warnings])


def _write(file: Path, text: str) -> None:
    """Raises KitError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        says = error.strerror or "it cannot be written"
        raise KitError(Problem(file, None, None, says, "give the file another path")) from error


@contextmanager
def _folder() -> Iterator[Path]:
    """One that nobody else can read, and that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="trellis-") as folder:
        yield Path(folder)


@contextmanager
def _by_plain_names(folder: Path) -> Iterator[None]:
    """Problems name their file by its path from the folder."""
    try:
        yield
    except BadFileError as error:
        raise type(error)(*(_inside(folder, one) for one in error.problems)) from None


def _inside(folder: Path, one: Problem) -> Problem:
    inside = one.file.is_relative_to(folder) and one.file != folder
    return replace(one, file=one.file.relative_to(folder) if inside else Path(KIT_FILE))
