"""The connection of the client that is awaited."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, TypeVar, cast

import httpx2

from client.api.calls import Call, content_of, unreachable
from client.api.connecting import TIMEOUT, options, request
from client.api.model import decode
from client.api.problems import TrellisError
from client.api.retries import Retries, may_repeat

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
