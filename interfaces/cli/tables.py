"""Tables of people on their way to the service: CSV or NDJSON, by the name of the file."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeAlias

from client.api import Invalid
from interfaces.cli.inputs import content_of
from kits.problems import BadFileError, Problem

Kind: TypeAlias = Literal["text/csv", "application/x-ndjson"]


@contextmanager
def table(file: Path) -> Iterator[tuple[bytes, Kind]]:
    """What it holds, and its type. Problems that the service finds in it name this file.

    Raises BadFileError.
    """
    kind: Kind = "application/x-ndjson" if file.suffix.lower() in {".ndjson", ".jsonl"} else "text/csv"
    try:
        yield content_of(file), kind
    except Invalid as error:
        if error.code != "file_invalid" or not error.errors:
            raise
        raise BadFileError(*(_problem(file, one) for one in error.errors)) from error


def _problem(file: Path, one: Mapping[str, Any]) -> Problem:
    """`loc` is `body`, the name of the table there, and where they are known the line and the field."""
    place = list(one["loc"])[2:]
    line = place.pop(0) if place and isinstance(place[0], int) else None
    says, _, remedy = str(one["msg"]).rpartition("; ")
    return Problem(file, line, str(place[0]) if place else None, says, remedy)
