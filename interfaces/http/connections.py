"""Limits for HTTP connections: how many there may be, and how long one may take.

Uvicorn bounds requests in progress and idle connections, but not those that have sent nothing or half of a request: a
few hundred of them use up the files that a process may have open, and with them its connections to Postgres.
"""

import asyncio
import resource
from dataclasses import dataclass
from typing import ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_MOST = 1_000
_LARGEST_HEAD = 65_536
"""Bytes before the body of a request; the parser itself takes any number."""
STREAMING = "streaming"
"""Set in the state of a request whose response may last longer than others."""
_TOO_LATE = (
    b"HTTP/1.1 408 Request Timeout\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 40\r\n"
    b"Connection: close\r\n\r\nThe request did not arrive in good time\n"
)
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 46\r\n"
    b"Connection: close\r\n\r\nThe headers of a request may have 65536 bytes\n"
)
_TOO_MANY = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 43\r\n"
    b"Retry-After: 5\r\nConnection: close\r\n\r\nToo many connections; try again in a while\n"
)


@dataclass(frozen=True, slots=True)
class Limits:
    connections: int
    """At most so many at a time. For another one, the connection is closed that has waited longest without a whole
    request; when there is none, the new one is answered with 503."""
    request_seconds: float = 10.0
    """From the connection, or from the end of the previous response, until the request has arrived."""
    answer_seconds: float = 60.0
    """From the request until the client has read the response, unless it is one that lasts."""
    stall_seconds: float = 20.0
    """For which a client may leave what it was sent unread. A stream cannot wait for it any longer."""

    @property
    def accepted_at_once(self) -> int:
        """Small enough that the limit is enforced before many more are accepted."""
        return max(1, self.connections // 8)


def limits_of_this_process() -> Limits:
    """Half of the files that the process may have open, at most 1,000."""
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return Limits(_MOST if files == resource.RLIM_INFINITY else max(8, min(_MOST, files // 2)))


def bounded(limits: Limits) -> type[HttpToolsProtocol]:
    """The protocol for uvicorn, with these limits."""
    return type("BoundedWithLimits", (_Bounded,), {"limits": limits, "waiting": {}})


class _Bounded(HttpToolsProtocol):
    limits: ClassVar[Limits]
    waiting: ClassVar[dict["_Bounded", None]]
    """Those without a whole request, the longest first."""

    _head = 0
    """Bytes that have arrived of a request whose headers are not complete."""
    _deadline: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        full = len(self.connections) >= self.limits.connections and not self._make_room()
        super().connection_made(transport)
        self._wait_for_request()
        if full:
            transport.write(_TOO_MANY)
            transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stand_down()
        self._read_on()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self not in self.waiting:
            return
        self._head += len(data)
        if self._is_being_answered():
            self._stand_down()
            self._deadline = self.loop.call_later(self.limits.answer_seconds, self._end_late)
        elif self._head > _LARGEST_HEAD and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._stalled = self.loop.call_later(self.limits.stall_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._read_on()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if not self._is_being_answered():  # it is when the next request had arrived already
            self._wait_for_request()

    def _is_being_answered(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait_for_request(self) -> None:
        self._stand_down()
        self._head = 0
        self.waiting[self] = None
        self._deadline = self.loop.call_later(self.limits.request_seconds, self._close_late)

    def _stand_down(self) -> None:
        self.waiting.pop(self, None)
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _read_on(self) -> None:
        if self._stalled:
            self._stalled.cancel()
            self._stalled = None

    def _end_late(self) -> None:
        if not self.scope.get("state", {}).get(STREAMING):
            self.transport.abort()

    def _close_late(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.write(_TOO_LATE)
        if self.transport.get_write_buffer_size():  # nobody takes it
            self.transport.abort()
        else:
            self.transport.close()

    def _make_room(self) -> bool:
        """Closes the one that has waited longest, if there is one."""
        longest = next(iter(self.waiting), None)
        if longest is None:
            return False
        longest._stand_down()
        self.connections.discard(longest)
        longest.transport.abort()
        return True
