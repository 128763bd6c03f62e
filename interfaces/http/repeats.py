"""Middleware for requests with an Idempotency-Key: each is handled once, and a repeat gets the answer of the first.

Kept are answers that say what became of the request: success, and refusals by the state of things. After any other
answer, and where the process was killed, a repeat is handled like the first; what it makes has the same ids then.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interfaces.http.idempotency import FORM, KEY
from interfaces.http.problems import answer
from store.idempotency import CLAIM, Answered, Claim, Request, Requests, Taken

REPLAYED = "Idempotent-Replayed"
_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_KEPT = (*range(200, 300), 409, 412)
_KEPT_HEADERS = ("content-type", "etag", "location")
_LARGEST = 1_048_576
"""A longer answer is not kept."""


class Repeats:
    def __init__(self, app: ASGIApp, requests: Requests) -> None:
        self._app = app
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in _CHANGING:
            return await self._app(scope, receive, send)
        headers = Headers(scope=scope)
        caller = scope.get("state", {}).get("caller")
        if KEY not in headers or caller is None:
            return await self._app(scope, receive, send)
        keys = headers.getlist(KEY)
        if len(keys) != 1 or not FORM.fullmatch(keys[0]):
            return await _invalid(headers)(scope, receive, send)
        body = await _read(receive)
        if body is None:
            return None  # the client has gone
        claim = await self._requests.claim(Request(caller.key, keys[0], _digest(scope, headers, body)))
        if isinstance(claim, Claim):
            return await self._handle(claim, scope, _replaying(body, receive), send)
        known = _of_first(claim) if isinstance(claim, Answered) else _taken(headers, claim)
        return await known(scope, receive, send)

    async def _handle(self, claim: Claim, scope: Scope, receive: Receive, send: Send) -> None:
        recorder = _Recorder(send)
        try:
            async with self._renewed(claim):
                await self._app(scope, receive, recorder.send)
        finally:
            if answered := recorder.answered:
                await self._requests.answer(claim, answered)
            else:
                await self._requests.release(claim)
        await recorder.finish()

    @asynccontextmanager
    async def _renewed(self, claim: Claim) -> AsyncIterator[None]:
        renewing = asyncio.create_task(self._renew(claim))
        try:
            yield
        finally:
            renewing.cancel()

    async def _renew(self, claim: Claim) -> None:
        while True:
            await asyncio.sleep(CLAIM.total_seconds() / 3)
            await self._requests.renew(claim)


class _Recorder:
    """Passes the response on and keeps it. Its end is held back until it is kept, so that whoever has the answer can
    repeat the request."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._last: Message | None = None
        self._body = bytearray()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            if len(self._body) <= _LARGEST:
                self._body += message.get("body", b"")
            if not message.get("more_body"):
                self._last = message
                return
        await self._send(message)

    @property
    def answered(self) -> Answered | None:
        """None where a repeat is to be handled like the first."""
        if self._start is None or self._last is None:
            return None
        if self._start["status"] not in _KEPT or len(self._body) > _LARGEST:
            return None
        headers = Headers(raw=list(self._start["headers"]))
        kept = {name: headers[name] for name in _KEPT_HEADERS if name in headers}
        return Answered(self._start["status"], kept, bytes(self._body))

    async def finish(self) -> None:
        if self._last:
            await self._send(self._last)


async def _read(receive: Receive) -> bytes | None:
    """The whole body; None when the client has gone before its end."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += message.get("body", b"")
        if not message.get("more_body"):
            return bytes(body)


def _replaying(body: bytes, receive: Receive) -> Receive:
    read = False

    async def receive_again() -> Message:
        nonlocal read
        if read:
            return await receive()
        read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again


def _digest(scope: Scope, headers: Headers, body: bytes) -> bytes:
    parts = (scope["method"], scope["path"], scope["query_string"].decode("latin-1"), headers.get("if-match", ""))
    return hashlib.sha256("\0".join(parts).encode() + b"\0" + body).digest()


def _of_first(first: Answered) -> Response:
    return Response(first.body, first.status, {**first.headers, REPLAYED: "true"})


def _taken(headers: Headers, taken: Taken) -> Response:
    if taken is Taken.UNDER_WAY:
        says = f"The request with this {KEY} is under way. Repeat it in a moment for its answer."
        return answer(headers, 409, says, code="request_in_progress", extra={"Retry-After": "1"})
    says = f"This {KEY} came with another request before. Choose a new one for each request, and repeat it unchanged."
    return answer(headers, 422, says, code="idempotency_key_reused")


def _invalid(headers: Headers) -> Response:
    says = f"{KEY} must be given once, with 1 to 255 visible ASCII characters, such as a UUID."
    return answer(headers, 400, says, code="idempotency_key_invalid")
