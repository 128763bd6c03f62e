"""Limits for requests: how large, how many by one key, and how long until the answer begins.

The limits of connections, below these, are in connections.py.
"""

import asyncio
import math
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from interfaces.http.access import Denied
from interfaces.http.problems import answer
from store.use import Use, used_for

_MIB = 1_048_576
_MOST_KEPT = 10_000
_OF_THE_PROCESS = frozenset({"/livez", "/readyz", "/metrics"})


@dataclass(frozen=True, slots=True)
class RequestLimits:
    body: int = 4 * _MIB
    """Bytes; a command may have 2 MiB."""
    bodies: Mapping[str, int] = field(
        default_factory=lambda: MappingProxyType({"text/csv": 32 * _MIB, "application/x-ndjson": 32 * _MIB})
    )
    """Bytes, by media type, where it is more: files with many people."""
    per_second: float | None = None
    """Requests of one caller in one process; None: any number."""
    burst_seconds: float = 2.0
    """After a pause, a caller may send the requests of so long at once."""
    at_once: int = 256
    """Requests of one caller that are being answered, streams among them."""
    seconds: float = 50.0
    """Until the answer begins; less than connections.py gives the whole answer."""
    page_seconds: float = 10.0
    """The same for pages that change nothing: nobody looks at an empty window for longer."""


USUAL = RequestLimits()


class Limited:
    """Stands inside the authentication: what has no valid key has been refused, without reading its body."""

    def __init__(self, app: ASGIApp, limits: RequestLimits) -> None:
        self._app = app
        self._limits = limits
        self._rates = _Rates(limits.per_second, limits.burst_seconds) if limits.per_second else None
        self._under_way: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        who = _who(scope)
        headers = Headers(scope=scope)
        wait = self._rates.take(who) if self._rates else 0.0
        if wait or self._under_way.get(who, 0) >= self._limits.at_once:
            await _too_many(headers, wait)(scope, receive, send)
            return
        self._under_way[who] = self._under_way.get(who, 0) + 1
        try:
            await self._within_size_and_time(scope, headers, receive, send)
        finally:
            self._under_way[who] -= 1
            if not self._under_way[who]:
                del self._under_way[who]

    async def _within_size_and_time(self, scope: Scope, headers: Headers, receive: Receive, send: Send) -> None:
        limits = self._limits
        most = limits.bodies.get(_media_type(headers), limits.body)
        if _announced(headers) > most:
            await answer(headers, 413, _too_large(most), code="payload_too_large")(scope, receive, send)
            return
        begun, is_page = False, scope["method"] == "GET" and not scope["path"].startswith("/v1/")

        async def send_begun(message: Message) -> None:
            nonlocal begun
            begun = True
            clock.reschedule(None)  # from here on, connections.py gives the client its time
            await send(message)

        try:
            async with asyncio.timeout(
                min(limits.seconds, limits.page_seconds) if is_page else limits.seconds
            ) as clock:
                with used_for(_use(scope)):
                    await self._app(scope, _counted(receive, most), send_begun)
        except TimeoutError:
            if begun or not clock.expired():
                raise
            says = _PAGE_TOOK_TOO_LONG if is_page else _TOOK_TOO_LONG
            await answer(headers, 503, says, code="took_too_long", extra={"Retry-After": "5"})(scope, receive, send)


_TOOK_TOO_LONG = (
    "The answer took too long and was given up. What the request asked for may have been done all the same: repeat it "
    "with the same Idempotency-Key, or look first."
)
_PAGE_TOOK_TOO_LONG = "The page took too long and was given up. Load it again in a few seconds."


def _use(scope: Scope) -> Use:
    """Whether a process is healthy is asked beside its readers."""
    reads = scope["method"] == "GET" and scope["path"] not in _OF_THE_PROCESS
    return Use.READING if reads else Use.CHANGES


def _who(scope: Scope) -> str:
    """The key; for what needs none, the address that it comes from."""
    if caller := scope.get("state", {}).get("caller"):
        return f"key:{caller.key}"
    client = scope.get("client")
    return f"address:{client[0]}" if client else "unknown"


def _media_type(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _announced(headers: Headers) -> int:
    try:
        return int(headers.get("content-length", "0"))
    except ValueError:
        return 0


def _too_large(most: int) -> str:
    return f"The body is larger than {most // _MIB} MiB, the most that is accepted here. Send it in parts."


def _counted(receive: Receive, most: int) -> Receive:
    """For bodies whose length was not announced."""
    read = 0

    async def receive_counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > most:
            raise Denied(413, "payload_too_large", _too_large(most))
        return message

    return receive_counted


def _too_many(headers: Headers, wait: float) -> ASGIApp:
    says = "This key has sent too many requests, or has too many under way. Wait for as long as Retry-After says."
    return answer(headers, 429, says, code="too_many_requests", extra={"Retry-After": str(max(1, math.ceil(wait)))})


class _Rates:
    """A bucket for each caller, filled at a constant rate. Those who came last are kept."""

    def __init__(self, per_second: float, burst_seconds: float) -> None:
        self._per_second = per_second
        self._most = max(1.0, per_second * burst_seconds)
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, who: str) -> float:
        """0.0 if the request may go on, otherwise in how many seconds the next one may."""
        now = time.monotonic()
        left, at = self._buckets.pop(who, (self._most, now))
        left = min(self._most, left + (now - at) * self._per_second)
        wait = 0.0 if left >= 1 else (1 - left) / self._per_second
        self._buckets[who] = (left if wait else left - 1, now)
        if len(self._buckets) > _MOST_KEPT:
            self._buckets.popitem(last=False)
        return wait
