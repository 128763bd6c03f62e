"""How commands reach the API: over the network, or in this process beside the servers. The command is the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from client.api import Forbidden, NotUnderstood, Retries, Trellis
from client.api.model import encode
from interfaces.cli.address import address

Kind = TypeVar("Kind")

_RETRIES = Retries(attempts=3, patience=3.0)
_IN_A_REQUEST = 200
"""Ids, so that the address of the request stays short enough for servers and proxies."""


@contextmanager
def api() -> Iterator[Trellis]:
    """Raises TrellisError, and in this process ServerProblem."""
    found = address()
    if found:
        client = Trellis(found.url, found.key, retries=_RETRIES)
    else:
        from interfaces.cli.in_process import transport

        client = Trellis("http://localhost", transport=transport(), retries=_RETRIES)
    with client:
        yield client


def names(client: Trellis, ids: Iterable[str | None]) -> dict[str, str]:
    """Of those that are known; none where the key may not see them: what is shown can do without."""
    wanted = sorted({one for one in ids if one})
    found: dict[str, str] = {}
    try:
        for first in range(0, len(wanted), _IN_A_REQUEST):
            found |= {one.id: one.name for one in client.list_names(id=wanted[first : first + _IN_A_REQUEST])}
    except Forbidden:
        return {}
    return found


def received(kind: type[Kind], answer: Any) -> Kind:
    """What the API answered as what the service made it from, for those who have words for it. What a newer service
    adds is left out.

    Raises NotUnderstood for an answer that is none.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(kind).validate_json(json.dumps(encode(answer)), extra="ignore")
    except ValidationError as error:
        raise NotUnderstood(f"The answer of the service is not of this release: {error}") from error
