"""Events as signed requests to receivers that others run: whatever those do, an attempt is short and small."""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TypeAlias

import httpcore2
import httpx2
from httpcore2 import AnyIOBackend, AsyncNetworkBackend, AsyncNetworkStream

from channels import signing
from channels.public_addresses import Allowed, HookUrl, NotAllowed, NotResolved, look_up
from channels.waiting import of_header
from domain.webhook import Answer

_SECONDS = 20.0
_CONNECTING_SECONDS = 5.0
_READ_OF_ANSWER = 8_192
"""Bytes. Whoever answers with more gets a new connection the next time. Nothing of it is kept."""
_MOST_ADDRESSES = 3
"""That are tried for one connection, of those that a name has."""
_HEADERS = {"content-type": "application/cloudevents+json", "user-agent": "Trellis-Webhooks/1"}
_GONE, _TOO_MANY, _UNAVAILABLE = 410, 429, 503

SocketOption: TypeAlias = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


class Resolver:
    """Looks names up in threads of its own: a name server that does not answer holds up nobody else."""

    def __init__(self, allowed: Allowed, *, threads: int) -> None:
        self._allowed = allowed
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="webhook-names")

    async def addresses(self, url: HookUrl) -> list[str]:
        """A few addresses of the host, all of which were checked, as were those that are left out.

        Raises NotResolved, NotAllowed.
        """
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._threads, look_up, url)
        except (OSError, UnicodeError):
            raise NotResolved("the host name has no address") from None
        for one in found:
            self._allowed.check(one, in_the_clear=url.in_the_clear)
        return [str(one) for one in found[:_MOST_ADDRESSES]]

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class _CheckedNetwork(AsyncNetworkBackend):
    """Connects to an address that was checked. What is above it goes on with the name, for TLS and for `Host`."""

    def __init__(self, url: HookUrl, resolver: Resolver) -> None:
        self._url, self._resolver = url, resolver
        self._network = AnyIOBackend()
        self._addresses: asyncio.Task[list[str]] | None = None

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - as the base class has it
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> AsyncNetworkStream:
        """Raises NotAllowed, NotResolved, and what httpcore2 raises."""
        assert (host, port) == (self._url.host, self._url.port), "no redirect is followed"
        if self._addresses is None:  # once for all connections: they share the answer
            self._addresses = asyncio.create_task(self._resolver.addresses(self._url))
        failure: Exception = NotResolved("the host name has no address")
        for address in await asyncio.shield(self._addresses):
            try:
                return await self._network.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109
        socket_options: Iterable[SocketOption] | None = None,
    ) -> AsyncNetworkStream:
        raise NotImplementedError

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class Receiver:
    """One receiver, for as long as its name is taken to stand for the same addresses: see `EventHooks.opened`."""

    def __init__(self, url: HookUrl, connections: httpcore2.AsyncConnectionPool, seconds: float) -> None:
        self._url, self._connections, self._seconds = url, connections, seconds
        self._to = httpcore2.URL(scheme=url.scheme, host=url.host.encode(), port=url.port, target=url.target.encode())

    async def post(self, message_id: str, body: bytes, keys: Sequence[bytes]) -> Answer:
        """One attempt, within seconds. A receiver recognizes a repeated one by the id."""
        headers = {**_HEADERS, **signing.headers(keys, message_id, int(time.time()), body)}
        try:
            async with asyncio.timeout(self._seconds):
                return await self._answer(headers, body)
        except (TimeoutError, httpcore2.TimeoutException):
            return Answer("timeout", f"no answer within {self._seconds:g} seconds")
        except NotAllowed as error:
            return Answer("private_address", str(error))
        except NotResolved as error:
            return Answer("unreachable", str(error))
        except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
            return Answer("unreachable", _trouble(error))

    async def _answer(self, headers: Mapping[str, str], body: bytes) -> Answer:
        limits = {"timeout": {"connect": _CONNECTING_SECONDS}}
        pairs = [*headers.items()]
        async with self._connections.stream("POST", self._to, headers=pairs, content=body, extensions=limits) as got:
            answer = judged(got.status, _header(got.headers, b"retry-after"))
            await _drained(got)
            return answer


async def _drained(answer: httpcore2.Response) -> None:
    """Reads a short body, so that the connection can be used again. Its end is not waited for in vain: the status is
    known, and counts."""
    read = 0
    try:
        async with asyncio.timeout(1):
            async for part in answer.aiter_stream():
                read += len(part)
                if read > _READ_OF_ANSWER:
                    return
    except (TimeoutError, httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError):
        return


def _header(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> str | None:
    return next((value.decode("latin-1") for key, value in headers if key.lower() == name), None)


def judged(status: int, retry_after: str | None) -> Answer:
    """What a status means for the event and for the receiver."""
    wait = of_header(retry_after, datetime.now(UTC))
    if 200 <= status < 300:
        return Answer("delivered", "accepted", status)
    if status == _GONE:
        return Answer("gone", "the receiver wants no more events (410)", status)
    if status == _TOO_MANY or (status == _UNAVAILABLE and wait):
        return Answer("limited", f"the receiver asks to be left alone for a while ({status})", status, wait)
    if 300 <= status < 400:
        return Answer("redirect", f"redirects are not followed ({status}): change the URL", status)
    return Answer("error_status", f"the receiver answered {status}", status, wait)


def _trouble(error: Exception) -> str:
    """Without what the error says: it may hold addresses, and what the receiver wrote."""
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "the receiver's certificate is not valid for its name, or is not trusted"
        if isinstance(cause, ssl.SSLError):
            return "no encrypted connection could be agreed on"
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpcore2.ConnectError):
        return "no connection to the receiver"
    return "the connection broke, or the answer was not HTTP"


class EventHooks:
    """Where receivers are opened from. One for a process."""

    def __init__(
        self, resolver: Resolver, *, seconds: float = _SECONDS, certificates: ssl.SSLContext | None = None
    ) -> None:
        """`seconds`: for one attempt. `certificates`: what is trusted instead of the usual authorities."""
        self._resolver = resolver
        self._seconds = seconds
        self._tls = certificates or httpx2.create_ssl_context(trust_env=False)

    @asynccontextmanager
    async def opened(self, url: HookUrl, *, connections: int) -> AsyncIterator[Receiver]:
        """Its name is resolved, and its addresses are checked, when it is first connected to: keep it open for minutes,
        not for hours. No proxy is used, whatever the environment says: it would connect without the check."""
        async with httpcore2.AsyncConnectionPool(
            ssl_context=self._tls,
            max_connections=connections,
            keepalive_expiry=5,
            network_backend=_CheckedNetwork(url, self._resolver),
        ) as pool:
            yield Receiver(url, pool, self._seconds)
