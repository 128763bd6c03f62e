"""Middleware that says who calls: a key in `Authorization`, or the cookie of a browser that has logged in.

It sets `request.state.caller`, and the origin that is kept beside events.
"""

from base64 import b64decode
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from domain.access import Caller
from domain.origin import Origin, coming_from, current_origin
from interfaces.http.access import LOCAL
from interfaces.http.cookies import from_own_page, session_token
from interfaces.http.log_in import LOG_IN, LOG_OUT
from interfaces.http.problems import answer, prefers_page
from interfaces.http.static import PREFIX
from services.keys import Keyring
from services.own_pages import PAGE as OWN_PAGE
from services.survey_links import PAGE

_OPEN = frozenset({"/livez", "/readyz", LOG_IN, LOG_OUT})
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
        elif self._access is None:
            await self._as_local(scope, receive, send)
        elif scope["path"] in self._open or scope["path"].startswith((PAGE, OWN_PAGE, PREFIX)):
            await self._app(scope, receive, send)
        else:
            await self._as_known(self._access.keyring, scope, receive, send)

    async def _as_local(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Whoever calls from this process may have said already where the request comes from."""
        scope["state"]["caller"] = LOCAL
        with coming_from(current_origin() or Origin(actor="cli", channel="cli", correlation=scope["state"]["id"])):
            await self._app(scope, receive, send)

    async def _as_known(self, keyring: Keyring, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        known = await _identified(keyring, headers)
        if refused := _refusal(known, scope, headers):
            await refused(scope, receive, send)
            return
        assert known
        scope["state"]["caller"] = known.caller
        actor, correlation = f"key:{known.caller.key}", scope["state"]["id"]
        with coming_from(Origin(actor=actor, channel=known.channel, correlation=correlation)):
            await self._app(scope, receive, send)


async def _identified(keyring: Keyring, headers: Headers) -> _Known | None:
    """A key counts before a cookie, which a browser sends by itself."""
    if "authorization" in headers:
        caller = await keyring.caller_with_key(_key(headers["authorization"]))
        return _Known(caller, "http") if caller else None
    if token := session_token(headers):
        caller = await keyring.caller_of_session(token)
        return _Known(caller, "page") if caller else None
    return None


def _key(authorization: str) -> str:
    """Of a bearer, or the password of HTTP Basic, which is all that calendars and some other programs can send."""
    kind, _, given = authorization.partition(" ")
    if kind.lower() != "basic":
        return given.strip() if kind.lower() == "bearer" else ""
    try:
        return b64decode(given.strip(), validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


def _refusal(known: _Known | None, scope: Scope, headers: Headers) -> Response | None:
    changes = scope["method"] not in _SAFE
    if known is None:
        if not changes and "authorization" not in headers and prefers_page(headers.get("accept", "")):
            return RedirectResponse(f"{LOG_IN}?to={quote(_address(scope), safe='')}", 303)
        return answer(headers, 401, _NO_KEY, code="key_required", extra={"WWW-Authenticate": 'Bearer realm="trellis"'})
    by_itself = known.channel == "page" or headers["authorization"][:5].lower() == "basic"  # browsers send these
    if changes and by_itself and not from_own_page(headers):
        return answer(headers, 403, _ELSEWHERE, code="other_site")
    return None


def _address(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    return quote(scope["path"]) + (f"?{query}" if query else "")
