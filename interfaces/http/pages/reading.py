"""Who reads a page: their time zone, and what the page before left to say to them once.

Both are in cookies, so that they need no script. The zone is no secret and is set by the page's script, or by hand on
the page /time-zone; the message is read once and then taken away.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interfaces.http.cookies import is_encrypted
from store.people import zone_by_name

ZONE_COOKIE = "trellis-zone"
_SAID = "trellis-said"
REFRESH = "X-Refresh"
"""A header of requests that ask for the present state of a page that is open."""
_LONGEST = 1_000
_YEAR_SECONDS = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Link:
    address: str
    label: str
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    areas: Sequence[Link]
    program_pages: Sequence[Link]
    """Of the program that the page is about."""
    programs: Sequence[str]
    """Those that can be chosen; none where there is one at most."""
    program: str | None
    switch: str
    """Where the choice of a program leads."""
    actor: str
    said: str | None
    """What was done on the page before."""
    unknown: str
    """About parameters of the address that the page does not have."""
    late: str
    """About views that are behind, or are being rebuilt."""
    zone: str
    address: str
    """Of the page itself."""


@dataclass(slots=True)
class Reading:
    zone: ZoneInfo
    said: str | None = None
    """What was done on the page before."""
    request: Request | None = None
    told: bool = False
    """Whether a page has shown that."""
    counted_at: datetime | None = None
    """As of when the page's figures are; of several, the oldest."""
    frame: Frame | None = None
    """Of the page. None: it is for somebody who has not logged in, or whose request came to no page."""
    held: bytes = field(default=b"", repr=False)
    """The form that was sent, as the browser sent it."""

    def tell(self) -> str | None:
        """The message, which is not shown again."""
        self.told = self.told or self.said is not None
        return self.said


_READING: ContextVar[Reading] = ContextVar("reading")


def reading() -> Reading:
    """Of the present request. Outside of any: somebody in UTC."""
    return _READING.get(_nobody())


def _nobody() -> Reading:
    return Reading(ZoneInfo("UTC"))


@contextmanager
def read_by(one: Reading) -> Iterator[None]:
    token = _READING.set(one)
    try:
        yield
    finally:
        _READING.reset(token)


def say(response: Response, headers: Headers, message: str) -> None:
    """Lets the next page that this browser gets say it. `headers` are those of the request."""
    if len(message) > _LONGEST:
        message = f"{message[: _LONGEST - 1]}…"
    response.set_cookie(
        _SAID, quote(message, safe=""), max_age=60, httponly=True, samesite="strict", secure=is_encrypted(headers)
    )


def set_zone(response: Response, headers: Headers, zone: str) -> None:
    response.set_cookie(ZONE_COOKIE, zone, max_age=_YEAR_SECONDS, samesite="strict", secure=is_encrypted(headers))


class Readers:
    """Middleware that knows who reads."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        one = _reader(Headers(scope=scope))
        one.request = Request(scope)

        async def send_forgetting(message: Message) -> None:
            if message["type"] == "http.response.start" and one.told and message["status"] != 303:
                MutableHeaders(scope=message).append("Set-Cookie", f"{_SAID}=; Max-Age=0; Path=/; SameSite=strict")
            await send(message)

        with read_by(one):
            await self._app(scope, receive, send_forgetting)


def _reader(headers: Headers) -> Reading:
    try:
        sent: SimpleCookie = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return _nobody()
    zone = sent[ZONE_COOKIE].value if ZONE_COOKIE in sent else None
    said = unquote(sent[_SAID].value) if _SAID in sent and REFRESH not in headers else None
    return Reading(zone_by_name(unquote(zone) if zone else None), said or None)
