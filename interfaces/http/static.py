"""Styles and scripts of the pages. Their address holds a digest of their content, so browsers keep them for ever."""

import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

PREFIX = "/static/"
"""Open to everybody: the log-in page has a style as well, and nothing here says anything about anybody."""
_FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class _File:
    content: bytes
    compressed: bytes
    media_type: str


def _read() -> tuple[Mapping[str, str], Mapping[str, _File]]:
    addresses, files = {}, {}
    for path in sorted(one for one in _FOLDER.iterdir() if one.suffix in _TYPES):
        content = path.read_bytes()
        name = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:16]}{path.suffix}"
        addresses[path.name] = f"{PREFIX}{name}"
        files[name] = _File(content, gzip.compress(content, mtime=0), _TYPES[path.suffix])
    return MappingProxyType(addresses), MappingProxyType(files)


ADDRESSES, _FILES = _read()
"""The address of each file, by its name: `page.css`."""


def router() -> APIRouter:
    routes = APIRouter(include_in_schema=False)

    @routes.get(f"{PREFIX}{{name}}")
    def static_file(name: str, request: Request) -> Response:
        file = _FILES.get(name)
        if file is None:
            raise HTTPException(404, "There is no such file in this release; load the page again.")
        headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
        if "gzip" in request.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            return Response(file.compressed, media_type=file.media_type, headers=headers)
        return Response(file.content, media_type=file.media_type, headers=headers)

    return routes
