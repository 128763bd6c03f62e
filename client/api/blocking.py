"""The connection of the client that blocks until there is an answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

import httpx2

from client.api.calls import Call, content_of, unreachable
from client.api.connecting import AGAIN_SECONDS, TIMEOUT, options, request, resumed
from client.api.model import decode
from client.api.problems import TrellisError
from client.api.retries import Retries, may_repeat
from client.api.server_sent import Reader

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

    def _events(self, call: Call, kind: type[Kind]) -> Iterator[Kind]:
        """The events of a stream, without end: after a lost connection it goes on behind the last one."""
        reader, attempt = Reader(), 1
        while True:
            try:
                for data in self._stream(call, reader):
                    attempt = 1
                    yield cast("Kind", decode(kind, json.loads(data)))
                pause = AGAIN_SECONDS
            except TrellisError as error:
                again = self._retries.pause(attempt, error, 0.0) if may_repeat(error, harmless=True) else None
                if again is None:
                    raise
                pause, attempt = again, attempt + 1
            time.sleep(pause)

    def _stream(self, call: Call, reader: Reader) -> Iterator[str]:
        reader.forget_half()
        asked = resumed(self._http, call, reader.last_id)
        try:
            response = self._http.send(asked, stream=True)
            try:
                if not response.is_success:
                    response.read()
                    content_of(response)
                for line in response.iter_lines():
                    if data := reader.read(line):
                        yield data
            finally:
                response.close()
        except httpx2.TransportError as error:
            raise unreachable(self._http.base_url, error) from error
