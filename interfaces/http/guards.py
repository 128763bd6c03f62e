"""Middleware for every response: allowed host names, security headers, and HEAD as GET.

Without the check of host names, another site could resolve its own name to this machine (DNS rebinding) and use the
pages through a visitor's browser.
"""

import ipaddress
from collections.abc import Iterable, Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interfaces.http.problems import answer

ANY = "*"
"""As a host name: allows all of them, for deployments where a proxy checks them."""
_LOOPBACK = frozenset({"localhost"})


class OwnHostNames:
    """Responds with 421 to a request for a host name that is not allowed.

    Allowed are `localhost`, the given names, and every IP address, because only names can be rebound. A request
    without `Host`, which no browser sends, is allowed.
    """

    def __init__(self, app: ASGIApp, names: Iterable[str]) -> None:
        self._app = app
        self._names = _LOOPBACK | {_plain(name) for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_ours(headers := Headers(scope=scope)):
            refusal = answer(
                headers,
                421,
                "This server does not accept the host name of this request. To allow it, add the name to "
                "TRELLIS_HTTP_NAMES.",
            )
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        given = headers.getlist("host")
        if not given or ANY in self._names:
            return True
        name = _plain(_without_port(given[0]))
        return len(given) == 1 and (name in self._names or _is_address(name))


def _plain(name: str) -> str:
    return name.strip().lower().removesuffix(".")


def _without_port(host: str) -> str:
    """`[::1]:8600` is `::1`."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


SECURITY_HEADERS: Mapping[str, str] = {
    # The styles and scripts of this release (static.py): nothing within a page, from elsewhere, or written by people.
    "Content-Security-Policy": "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            "script-src 'self'",
            "connect-src 'self'",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # addresses name journeys, and so learners; without any, forms have no Origin
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",  # names and notes stay in no cache of a shared machine
}


class Guarded:
    """Adds the security headers to every response, and answers HEAD like GET without the body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        without_body = scope["method"] == "HEAD"

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if "allow" in headers and "GET" in headers["allow"]:
                    headers["allow"] = ", ".join(sorted({*headers["allow"].split(", "), "HEAD"}))
            elif message["type"] == "http.response.body" and without_body:
                message = {**message, "body": b""}
            await send(message)

        await self._app({**scope, "method": "GET"} if without_body else scope, receive, send_guarded)
