"""The cookie of a browser that has logged in, and whether a request comes from a page of our own."""

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response

_ENCRYPTED = "__Host-trellis"
"""Browsers accept this name only over HTTPS and from the host itself."""


def set_session(response: Response, headers: Headers, token: str, seconds: int) -> None:
    """`headers` are those of a request from a page of our own."""
    encrypted = is_encrypted(headers)
    response.set_cookie(
        _ENCRYPTED if encrypted else _plain_name(headers),
        token,
        max_age=seconds,
        path="/",
        secure=encrypted,
        httponly=True,
        samesite="strict",
    )


def clear_session(response: Response, headers: Headers) -> None:
    response.delete_cookie(_ENCRYPTED, path="/", secure=True, httponly=True, samesite="strict")
    response.delete_cookie(_plain_name(headers), path="/", httponly=True, samesite="strict")


def session_token(headers: Headers) -> str | None:
    try:
        sent: SimpleCookie = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return None
    return next((sent[name].value for name in (_ENCRYPTED, _plain_name(headers)) if name in sent), None)


def from_own_page(headers: Headers) -> bool:
    """Whether a browser says that a page of this very origin sends the request. Another port of the same host is
    another origin, although cookies do not tell them apart."""
    if "sec-fetch-site" in headers:
        return headers["sec-fetch-site"] == "same-origin"
    return _origin(headers) == headers.get("host", "").lower() != ""


def is_encrypted(headers: Headers) -> bool:
    """As the browser sees it, whatever a proxy does behind it."""
    return headers.get("origin", "").lower().startswith("https://")


def _origin(headers: Headers) -> str:
    """Without the scheme; empty if it is not said, or is `null`."""
    try:
        return urlsplit(headers.get("origin", "")).netloc.lower()
    except ValueError:
        return ""


def _plain_name(headers: Headers) -> str:
    """With the port, because browsers share cookies between the ports of a host."""
    _, found, port = headers.get("host", "").rpartition(":")
    return f"trellis-{port}" if found and port.isdecimal() else "trellis"
