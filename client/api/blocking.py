"""The connection of the client that blocks until there is an answer."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

import httpx2

from client.api.calls import Call, content_of, unreachable
from client.api.connecting import TIMEOUT, options, request
from client.api.model import decode
from client.api.problems import TrellisError
from client.api.retries import Retries, may_repeat

Kind = TypeVar("Kind")


class Connection:
    """Use it in any number of threads, and close it at the end: it is a context manager."""

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        timeout: float = TIMEOUT,
        retries: Retries = Retries(),  # noqa: B008 - it is immutable
        transport: httpx2.BaseTransport | None = None,
    ) -> None:
        """`timeout`: seconds for each attempt. `transport`: instead of the network, as in tests."""
        self._retries = retries
        self._http = httpx2.Client(transport=transport, **options(url, key, timeout))

    def __enter__(self: Kind) -> Kind:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def send(self, call: Call) -> Any:
        """The JSON of the answer. Raises TrellisError."""
        waited, attempt = 0.0, 1
        while True:
            try:
                return self._attempt(call)
            except TrellisError as error:
                pause = self._retries.pause(attempt, error, waited)
                if pause is None or not may_repeat(error, harmless=call.is_harmless):
                    raise
            time.sleep(pause)
            waited, attempt = waited + pause, attempt + 1

    def _attempt(self, call: Call) -> Any:
        try:
            return content_of(self._http.send(request(self._http, call)))
        except httpx2.TransportError as error:
            raise unreachable(self._http.base_url, error) from error

    def _call(self, call: Call, kind: type[Kind]) -> Kind:
        return cast("Kind", decode(kind, self.send(call)))

    def _items(self, page: Callable[[Any], Any], cursor: Callable[[Any], tuple[list[Any], Any]]) -> Iterator[Any]:
        """The items of all pages. `page` gets the page after a cursor, `cursor` its items and the next cursor."""
        after: Any = None
        while True:
            items, after = cursor(page(after))
            yield from items
            if after is None:
                return
