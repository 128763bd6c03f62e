"""Tables of people as bodies: read in the charset that their content type names, or refused."""

import codecs
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import pytest
from fastapi import Request

from interfaces.http.access import Denied
from interfaces.http.v1.uploads import table_of_people
from kits.problems import BadFileError
from kits.text_files import read_text

TABLE = "id,name\nl-1,Zo\u00eb \u0141ukasz\nl-2,\u03a9\n"
GERMAN = "id,name\nl-1,Zo\u00eb Gro\u00df\n"


Read = TypeVar("Read")


def read(content_type: str, body: bytes) -> Awaitable[str]:
    """What a reader of the file finds in it."""
    return sent(content_type, body, lambda file: read_text(file, 10_000))


async def sent(content_type: str, body: bytes, reader: Callable[[Path], Read]) -> Read:
    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [(b"content-type", content_type.encode("latin-1"))]
    request = Request({"type": "http", "method": "POST", "path": "/", "headers": headers}, receive)
    return await table_of_people(request, reader)


@pytest.mark.parametrize(
    ("charset", "text", "body"),
    [
        ("", TABLE, TABLE.encode()),
        ("", TABLE, codecs.BOM_UTF8 + TABLE.encode()),
        ("", TABLE, TABLE.encode("utf-16")),
        ("; charset=utf-8", TABLE, TABLE.encode()),
        ('; header=present; charset="UTF-8"', TABLE, TABLE.encode()),
        ("; charset=us-ascii", TABLE, TABLE.encode()),
        ("; charset=utf-8", TABLE, TABLE.encode("utf-16")),
        ("; charset=utf-16", TABLE, TABLE.encode("utf-16")),
        ("; charset=UTF-16LE", TABLE, TABLE.encode("utf-16-le")),
        ("; charset=utf-16le", TABLE, codecs.BOM_UTF16_LE + TABLE.encode("utf-16-le")),
        ("; charset=utf-16be", TABLE, TABLE.encode("utf-16-be")),
        (";charset=utf-32", TABLE, TABLE.encode("utf-32")),
        ("; charset=utf-8-sig", TABLE, TABLE.encode("utf-8-sig")),
        ("; charset=iso-8859-1", GERMAN, GERMAN.encode("latin-1")),
        ("; charset=windows-1252", GERMAN, GERMAN.encode("cp1252")),
        ("; CHARSET='Macintosh'", GERMAN, GERMAN.encode("mac_roman")),
        ("; charset=", TABLE, TABLE.encode()),
    ],
)
async def test_a_table_is_read_in_the_charset_that_its_type_names(charset: str, text: str, body: bytes) -> None:
    assert await read(f"text/csv{charset}", body) == text
    assert await read(f"application/x-ndjson{charset}", body) == text


@pytest.mark.parametrize(
    "charset",
    [
        "klingon",
        "utf-9",
        "hex",
        "rot13",
        "zip",
        "base64",
        "idna",
        "punycode",
        "Unicode-Escape",
        "undefined",
        "../x",
        "x" * 900,
    ],
)
async def test_a_charset_that_is_not_known_is_refused(charset: str) -> None:
    with pytest.raises(Denied, match=r"is not known; send the table in UTF-8") as denied:
        await read(f"text/csv; charset={charset}", TABLE.encode())
    assert denied.value.status_code == 415
    assert len(str(denied.value)) < 200


@pytest.mark.parametrize(
    ("charset", "body", "line"),
    [
        ("utf-16", TABLE.encode("utf-16")[:-1], 3),
        ("utf-16le", "id,name\nl-1,\ud800\n".encode("utf-16-le", "surrogatepass"), 2),
        ("shift_jis", b"id,name\nl-1,\x81\n", 2),
        ("utf-7", b"id,name\nl-1,+2AA-\n", 1),
    ],
)
async def test_a_body_in_another_charset_than_it_says_is_refused(charset: str, body: bytes, line: int) -> None:
    with pytest.raises(BadFileError, match=rf"^people\.csv:{line}: there is a character that is not {charset[:3]}"):
        await read(f"text/csv; charset={charset}", body)


async def test_the_file_is_gone_afterwards() -> None:
    there = await sent("text/csv; charset=utf-16le", TABLE.encode("utf-16-le"), lambda file: (file, file.exists()))
    assert (there[0].name, there[1], there[0].exists()) == ("people.csv", True, False)
