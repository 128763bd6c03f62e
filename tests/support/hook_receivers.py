"""Receivers of webhooks, as good and as bad as the tests need them."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

Answering: TypeAlias = Callable[["Request"], str | Awaitable[str]]
"""The head of the answer to a request, such as `200 OK`. Lines of headers may follow it."""


@dataclass(frozen=True)
class Request:
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.body)
        return read


def fine(_: Request) -> str:
    return "200 OK"


@dataclass
class Receiver:
    """Keeps what it was sent. `answer` may be replaced at any time."""

    answer: Answering = fine
    requests: list[Request] = field(default_factory=list)
    accepted: list[Request] = field(default_factory=list)
    """Those that were answered with a 2xx."""
    connections: int = 0
    at_once: int = 0
    most_at_once: int = 0
    url: str = ""

    @asynccontextmanager
    async def listening(self, tls: ssl.SSLContext | None = None) -> AsyncIterator["Receiver"]:
        async with await asyncio.start_server(self._talk, "127.0.0.1", 0, ssl=tls) as server:
            scheme = "https" if tls else "http"
            self.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
            yield self

    @property
    def events(self) -> list[dict[str, Any]]:
        """Those that were accepted."""
        return [one.event for one in self.accepted]

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                first, *lines = head.decode().strip().split("\r\n")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
                body = await reader.readexactly(int(headers["content-length"]))
                await self._respond(Request(first.split()[1], headers, body), writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _respond(self, request: Request, writer: asyncio.StreamWriter) -> None:
        self.requests.append(request)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            answer = self.answer(request)
            head = answer if isinstance(answer, str) else await answer
        finally:
            self.at_once -= 1
        if head.startswith("2"):
            self.accepted.append(request)
        writer.write(f"HTTP/1.1 {head}\r\nContent-Length: 2\r\n\r\nok".encode())
        await writer.drain()
