"""Files as the body of a request: tables of people, and the files of a kit."""

import asyncio
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
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
        "description": "A table of people in UTF-8 as docs/people.md describes it, at most 5 MB.",
        "content": {one: {"schema": {"type": "string"}} for one in ("text/csv", "application/x-ndjson")},
    }
}
"""For `openapi_extra` of an operation that takes one."""

Read = TypeVar("Read")


async def table_of_people(request: Request, read: Callable[[Path], Read]) -> Read:
    """What `read` makes of the body. It runs in a thread, on a file that is gone afterwards.

    Raises:
        Denied: for a body of another type, or one that is too large.
        BadFileError: with every problem, each with its line.
    """
    name = name_of_table(request)
    return await asyncio.to_thread(_from_table, name, await _body(request), read)


def name_of_table(request: Request) -> Path:
    """As problems name it. Raises Denied for another type of body."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _TABLES:
        says = f"Send a table of people as text/csv or application/x-ndjson; this is {kind or 'of no type'}."
        raise Denied(415, "unsupported_media_type", says)
    return Path(_TABLES[kind])


def _from_table(name: Path, body: bytes, read: Callable[[Path], Read]) -> Read:
    with _folder() as folder:
        file = folder / name
        file.write_bytes(body)
        with _by_plain_names(folder):
            return read(file)


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
