"""What it takes to handle a request once and to give its repeats the answer of the first."""

import asyncio
from collections.abc import AsyncIterator, Container, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from store.idempotency import CLAIM, Answered, Claim, Requests

REPLAYED = "Idempotent-Replayed"
_LARGEST = 1_048_576
"""A longer answer is not kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Which answers are kept for repeats. After any other one, a repeat is handled like the first."""

    statuses: Container[int]
    headers: Sequence[str]


class Once:
    """Lets the application handle a request that is claimed."""

    def __init__(self, app: ASGIApp, requests: Requests, kept: Kept) -> None:
        self._app = app
        self._requests = requests
        self._kept = kept

    async def handle(self, claim: Claim, scope: Scope, receive: Receive, send: Send) -> None:
        """The request stays claimed meanwhile. Then its answer is kept, or the claim is released."""
        recorder = _Recorder(send, self._kept)
        try:
            async with _renewed(self._requests, claim):
                await self._app(scope, receive, recorder.send)
        finally:
            if answered := recorder.answered:
                await self._requests.answer(claim, answered)
            else:
                await self._requests.release(claim)
        await recorder.finish()


def of_first(first: Answered) -> Response:
    return Response(first.body, first.status, {**first.headers, REPLAYED: "true"})


async def read_whole(receive: Receive) -> bytes | None:
    """The whole body; None when the client has gone before its end."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


def read_again(body: bytes, receive: Receive) -> Receive:
    """For whoever handles the request after its body was read here."""
    read = False

    async def receive_again() -> Message:
        nonlocal read
        if read:
            return await receive()
        read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


@asynccontextmanager
async def _renewed(requests: Requests, claim: Claim) -> AsyncIterator[None]:
    renewing = asyncio.create_task(_renew(requests, claim))
    try:
        yield
    finally:
        renewing.cancel()


async def _renew(requests: Requests, claim: Claim) -> None:
    while True:
        await asyncio.sleep(CLAIM.total_seconds() / 3)
        await requests.renew(claim)


class _Recorder:
    """Passes the response on and keeps it. Its end is held back until it is kept, so that whoever has the answer can
    repeat the request; and with it the headers, which are the whole of an answer without a body."""

    def __init__(self, send: Send, kept: Kept) -> None:
        self._send = send
        self._kept = kept
        self._start: Message | None = None
        self._is_begun = False
        self._last: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] == "http.response.body":
            if len(self._body) <= _LARGEST:
                self._body += message.get("body", b"")
            if not message.get("more_body"):
                self._last = message
                return
        await self._begin()
        await self._send(message)

    async def _begin(self) -> None:
        if self._start and not self._is_begun:
            self._is_begun = True
            await self._send(self._start)

    @property
    def answered(self) -> Answered | None:
        """None where a repeat is to be handled like the first."""
        if self._start is None or self._last is None:
            return None
        if self._start["status"] not in self._kept.statuses or len(self._body) > _LARGEST:
            return None
        headers = Headers(raw=list(self._start["headers"]))
        kept = {name: headers[name] for name in self._kept.headers if name in headers}
        return Answered(self._start["status"], kept, bytes(self._body))

    async def finish(self) -> None:
        await self._begin()
        if self._last:
            await self._send(self._last)
