"""Middleware that says who calls: a key in `Authorization`, or the cookie of a browser that has logged in.

It sets `request.state.caller`, the origin that is kept beside events, and the id of the request.
"""

import re
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Literal
from urllib.parse import quote, urlsplit
from uuid import uuid4

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.access import Caller
from domain.origin import Origin, coming_from, current_origin
from interfaces.http.access import LOCAL
from interfaces.http.problems import answer, prefers_page
from services.keys import Keyring
from store.availability import is_away

REQUEST_ID = "X-Request-Id"
LOG_IN = "/log-in"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_OPEN = frozenset({"/livez", "/readyz", LOG_IN})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_NO_KEY = (
    "This needs a valid API key: send `Authorization: Bearer KEY`. The key is missing, unknown, expired or revoked. "
    "`trellis keys make` makes one; `trellis up` keeps its own in the file `key` of the data folder."
)
_ELSEWHERE = (
    "This request changes something and comes from a page of another site, or from a browser that does not say. Use a "
    "page of this service, or send a key in `Authorization`."
)


@dataclass(frozen=True, slots=True)
class Access:
    """What may be reached, and with what."""

    keyring: Keyring
    open_metrics: bool = False
    """Whether /metrics needs no key."""


@dataclass(frozen=True, slots=True)
class _Known:
    caller: Caller
    channel: Literal["http", "page"]


class Authentication:
    """Without `access`, everybody is the person at this machine: for an application that nobody reaches by network."""

    def __init__(self, app: ASGIApp, access: Access | None) -> None:
        self._app = app
        self._access = access
        self._open = _OPEN | ({"/metrics"} if access and access.open_metrics else set())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = _request_id(headers)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request=request_id):
            if self._access is None:
                await self._as_local(scope, receive, send_with_id, request_id)
            else:
                await self._authenticated(self._access, scope, receive, send_with_id, request_id)

    async def _as_local(self, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        """Whoever calls from this process may have said already where the request comes from."""
        scope.setdefault("state", {})["caller"] = LOCAL
        with coming_from(current_origin() or Origin(actor="cli", channel="cli", correlation=request_id)):
            await self._app(scope, receive, send)

    async def _authenticated(self, access: Access, scope: Scope, receive: Receive, send: Send, request_id: str) -> None:
        headers = Headers(scope=scope)
        if scope["path"] in self._open:
            await self._app(scope, receive, send)
            return
        try:
            known = await _identified(access.keyring, headers)
        except Exception as error:  # the handlers of errors stand further inside
            if not is_away(error):
                raise
            refusal = answer(headers, 503, "Postgres is not responding.", extra={"Retry-After": "5"})
            await refusal(scope, receive, send)
            return
        if refused := _refusal(known, scope, headers):
            await refused(scope, receive, send)
            return
        assert known
        scope.setdefault("state", {})["caller"] = known.caller
        origin = Origin(actor=f"key:{known.caller.key}", channel=known.channel, correlation=request_id)
        with coming_from(origin):
            await self._app(scope, receive, send)


async def _identified(keyring: Keyring, headers: Headers) -> _Known | None:
    """A key counts before a cookie, which a browser sends by itself."""
    if "authorization" in headers:
        kind, _, key = headers["authorization"].partition(" ")
        caller = await keyring.caller_with_key(key.strip()) if kind.lower() == "bearer" else None
        return _Known(caller, "http") if caller else None
    if token := session_token(headers):
        caller = await keyring.caller_of_session(token)
        return _Known(caller, "page") if caller else None
    return None


def _refusal(known: _Known | None, scope: Scope, headers: Headers) -> Response | None:
    changes = scope["method"] not in _SAFE
    if known is None:
        if not changes and "authorization" not in headers and prefers_page(headers.get("accept", "")):
            return RedirectResponse(f"{LOG_IN}?to={quote(_address(scope), safe='')}", 303)
        return answer(headers, 401, _NO_KEY, code="key_required", extra={"WWW-Authenticate": 'Bearer realm="trellis"'})
    if changes and known.channel == "page" and not from_own_page(headers):
        return answer(headers, 403, _ELSEWHERE, code="other_site")
    return None


def _address(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return quote(scope["path"]) + (f"?{query}" if query else "")


def _request_id(headers: Headers) -> str:
    given = headers.get(REQUEST_ID, "")
    return given if _REQUEST_ID.fullmatch(given) else uuid4().hex


# Cookies and where a request comes from


def cookie_name(headers: Headers, *, encrypted: bool) -> str:
    """Browsers share cookies between the ports of a host, so that the name has to hold the port."""
    if encrypted:
        return "__Host-trellis"
    port = urlsplit(f"//{headers.get('host', '')}").netloc.rpartition(":")[2]
    return f"trellis-{port}" if port.isdecimal() else "trellis"


def session_token(headers: Headers) -> str | None:
    try:
        sent: SimpleCookie = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return None
    names = (cookie_name(headers, encrypted=True), cookie_name(headers, encrypted=False))
    return next((sent[name].value for name in names if name in sent), None)


def from_own_page(headers: Headers) -> bool:
    """Whether a browser says that a page of this very origin sends the request. Another port of the same host is
    another origin, although cookies do not tell them apart."""
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] == "same-origin"
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
