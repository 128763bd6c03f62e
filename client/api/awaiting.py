"""The connection of the client that is awaited."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar, cast

import httpx2

from client.api.calls import Call, content_of, unreachable
from client.api.connecting import AGAIN_SECONDS, TIMEOUT, options, request, resumed
from client.api.model import decode
from client.api.problems import TrellisError
from client.api.retries import Retries, may_repeat
from client.api.server_sent import Reader

Kind = TypeVar("Kind")


class AsyncConnection:
    """Use it in one event loop, and close it at the end: it is a context manager."""

    def __init__(
        self,
        url: str | None = None,
        key: str | None = None,
        *,
        timeout: float = TIMEOUT,
        retries: Retries = Retries(),  # noqa: B008 - it is immutable
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        """`timeout`: seconds for each attempt. `transport`: instead of the network, as in tests."""
        self._retries = retries
        self._http = httpx2.AsyncClient(transport=transport, **options(url, key, timeout))

    async def __aenter__(self: Kind) -> Kind:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def send(self, call: Call) -> Any:
        """The JSON of the answer. Raises TrellisError."""
        waited, attempt = 0.0, 1
        while True:
            try:
                return await self._attempt(call)
            except TrellisError as error:
                pause = self._retries.pause(attempt, error, waited)
                if pause is None or not may_repeat(error, harmless=call.is_harmless):
                    raise
            await asyncio.sleep(pause)
            waited, attempt = waited + pause, attempt + 1

    async def _attempt(self, call: Call) -> Any:
        try:
            return content_of(await self._http.send(request(self._http, call)))
        except httpx2.TransportError as error:
            raise unreachable(self._http.base_url, error) from error

    async def _call(self, call: Call, kind: type[Kind]) -> Kind:
        return cast("Kind", decode(kind, await self.send(call)))

    async def _items(
        self, page: Callable[[Any], Awaitable[Any]], cursor: Callable[[Any], tuple[list[Any], Any]]
    ) -> AsyncIterator[Any]:
        """The items of all pages. `page` gets the page after a cursor, `cursor` its items and the next cursor."""
        after: Any = None
        while True:
            items, after = cursor(await page(after))
            for one in items:
                yield one
            if after is None:
                return

    async def _events(self, call: Call, kind: type[Kind]) -> AsyncIterator[Kind]:
        """The events of a stream, without end: after a lost connection it goes on behind the last one."""
        reader, attempt = Reader(), 1
        while True:
            try:
                async for data in self._stream(call, reader):
                    attempt = 1
                    yield cast("Kind", decode(kind, json.loads(data)))
                pause = AGAIN_SECONDS
            except TrellisError as error:
                again = self._retries.pause(attempt, error, 0.0) if may_repeat(error, harmless=True) else None
                if again is None:
                    raise
                pause, attempt = again, attempt + 1
            await asyncio.sleep(pause)

    async def _stream(self, call: Call, reader: Reader) -> AsyncIterator[str]:
        reader.forget_half()
        asked = resumed(self._http, call, reader.last_id)
        try:
            response = await self._http.send(asked, stream=True)
            try:
                if not response.is_success:
                    await response.aread()
                    content_of(response)
                async for line in response.aiter_lines():
                    if data := reader.read(line):
                        yield data
            finally:
                await response.aclose()
        except httpx2.TransportError as error:
            raise unreachable(self._http.base_url, error) from error
