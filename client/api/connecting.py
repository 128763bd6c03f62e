"""What both clients share: their options, and the requests that they build."""

from __future__ import annotations

import os
import ssl
from typing import Any

import httpx2

from client.api.calls import Call

TIMEOUT = 60.0
"""Seconds. A service answers within 50, with a problem where it is still at it, such as a round of matching."""
_CONNECT_TIMEOUT = 10.0
AGAIN_SECONDS = 1.0
"""After a stream has ended by itself, as streams do now and then."""
_LOCAL = "http://localhost:8600"


def options(url: str | None, key: str | None, timeout: float) -> dict[str, Any]:
    """Without an address it is that of the environment, with its key; no key goes to an address that it is not for.

    Where nothing is encrypted, no certificates are read, which takes longer than a request; none would be trusted.
    """
    if url is None:
        url, key = os.environ.get("TRELLIS_URL") or _LOCAL, key or os.environ.get("TRELLIS_KEY")
    authorization = {"Authorization": f"Bearer {key}"} if key else {}
    return {
        "base_url": url,
        "headers": {"Accept": "application/json", "User-Agent": "trellis-client/1", **authorization},
        "timeout": httpx2.Timeout(timeout, connect=min(timeout, _CONNECT_TIMEOUT)),
        "follow_redirects": False,
        "verify": ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if url.startswith("http://") else True,
    }


def request(client: httpx2.Client | httpx2.AsyncClient, call: Call) -> httpx2.Request:
    timeout = client.timeout
    if call.wait:
        patience = (timeout.read or 0) + call.wait
        timeout = httpx2.Timeout(connect=timeout.connect, read=patience, write=timeout.write, pool=timeout.pool)
    headers, query = dict(call.headers), call.query
    return client.build_request(
        call.method, call.path, params=query, headers=headers, content=call.content, timeout=timeout
    )


def resumed(client: httpx2.Client | httpx2.AsyncClient, call: Call, last_id: str | None) -> httpx2.Request:
    """Of a stream, which goes on behind the event with this id."""
    asked = request(client, call)
    asked.headers["Accept"] = "text/event-stream"
    if last_id is not None:
        asked.headers["Last-Event-ID"] = last_id
    return asked
