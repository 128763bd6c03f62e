"""Middleware for the forms of pages: a form that is sent twice, as by a double click, is carried out once.

A form names itself in the hidden field `once`. Sent again with the same content, it gets the answer of the first time,
which says what was done; while the first is under way, it waits for that. Sent with other content, such as after going
back to it, it is another one. Kept are only answers that something was done: a refusal is given anew.
"""

import asyncio
import hashlib
import re

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from interfaces.http.held_forms import is_form
from interfaces.http.problems import answer
from interfaces.http.replaying import Kept, Once, of_first, read_again, read_whole
from services.own_pages import PAGE as OWN_PAGE
from store.idempotency import Answered, Claim, Request, Requests, Taken

_ONCE = re.compile(rb"(?:^|&)once=[0-9a-f]{32}(?:&|$)")
_KEPT = Kept((303,), ("location", "set-cookie"))
_LOOKS, _BETWEEN_SECONDS = 300, 0.1
"""How often one looks whether a form that is under way has been carried out: for half a minute."""
_UNDER_WAY = "This form was sent before and is still being carried out. Load the page again to see what was done."


class SentForms:
    def __init__(self, app: ASGIApp, requests: Requests) -> None:
        self._app = app
        self._requests = requests
        self._once = Once(app, requests, _KEPT)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        owner = _owner(scope)
        if owner is None:
            return await self._app(scope, receive, send)
        body = await read_whole(receive)
        if body is None:
            return None  # the client has gone
        again = read_again(body, receive)
        if not _ONCE.search(body):
            return await self._app(scope, again, send)
        claim = await self._claim(owner, scope, body)
        if isinstance(claim, Claim):
            return await self._once.handle(claim, scope, again, send)
        if isinstance(claim, Answered):
            return await of_first(claim)(scope, receive, send)
        return await answer(Headers(scope=scope), 409, _UNDER_WAY, code="request_in_progress")(scope, receive, send)

    async def _claim(self, owner: str, scope: Scope, body: bytes) -> Claim | Answered | Taken:
        digest = hashlib.sha256(f"{scope['path']}\0{scope['query_string']!r}\0".encode() + body)
        request = Request(owner, f"form:{digest.hexdigest()}", digest.digest())
        for _ in range(_LOOKS):
            if (claim := await self._requests.claim(request)) is not Taken.UNDER_WAY:
                return claim
            await asyncio.sleep(_BETWEEN_SECONDS)
        return Taken.UNDER_WAY


def _owner(scope: Scope) -> str | None:
    """Who sent it; None: it is no form of ours. Whoever has a link to their own page need not have logged in."""
    if not is_form(scope):
        return None
    if scope["path"].startswith(OWN_PAGE):
        return "link"
    caller = scope.get("state", {}).get("caller")
    return caller.key if caller else None
