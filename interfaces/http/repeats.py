"""Middleware for requests with an Idempotency-Key: each is handled once, and a repeat gets the answer of the first.

Kept are answers that say what became of the request: success, and refusals by the state of things. After any other
answer, and where the process was killed, a repeat is handled like the first; what it makes has the same ids then.
"""

import hashlib

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from interfaces.http.idempotency import FORM, KEY
from interfaces.http.problems import answer
from interfaces.http.replaying import Kept, Once, of_first, read_again, read_whole
from store.idempotency import Answered, Claim, Request, Requests, Taken

_CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_KEPT = Kept((*range(200, 300), 409, 412), ("content-type", "etag", "location"))


class Repeats:
    def __init__(self, app: ASGIApp, requests: Requests) -> None:
        self._app = app
        self._requests = requests
        self._once = Once(app, requests, _KEPT)

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
        body = await read_whole(receive)
        if body is None:
            return None  # the client has gone
        claim = await self._requests.claim(Request(caller.key, keys[0], _digest(scope, headers, body)))
        if isinstance(claim, Claim):
            return await self._once.handle(claim, scope, read_again(body, receive), send)
        known = of_first(claim) if isinstance(claim, Answered) else _taken(headers, claim)
        return await known(scope, receive, send)


def _digest(scope: Scope, headers: Headers, body: bytes) -> bytes:
    parts = (scope["method"], scope["path"], scope["query_string"].decode("latin-1"), headers.get("if-match", ""))
    return hashlib.sha256("\0".join(parts).encode() + b"\0" + body).digest()


def _taken(headers: Headers, taken: Taken) -> Response:
    if taken is Taken.UNDER_WAY:
        says = f"The request with this {KEY} is under way. Repeat it in a moment for its answer."
        return answer(headers, 409, says, code="request_in_progress", extra={"Retry-After": "1"})
    says = f"This {KEY} came with another request before. Choose a new one for each request, and repeat it unchanged."
    return answer(headers, 422, says, code="idempotency_key_reused")


def _invalid(headers: Headers) -> Response:
    says = f"{KEY} must be given once, with 1 to 255 visible ASCII characters, such as a UUID."
    return answer(headers, 400, says, code="idempotency_key_invalid")
