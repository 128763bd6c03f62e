"""A call of the API before it is sent, and what its response means: alike for both clients."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx2

from client.api.model import UNSET, encode
from client.api.problems import NotUnderstood, TrellisError, Unaddressable, Unreachable, problem_of

IDEMPOTENCY_KEY = "Idempotency-Key"
_NO_SEGMENTS = frozenset({"", ".", ".."})
"""What an address loses, so that it would be another one."""


@dataclass(frozen=True)
class Call:
    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    wait: float = 0.0
    """Seconds that the service may take on purpose, besides what it needs."""

    @property
    def is_harmless(self) -> bool:
        """Whether sending it twice does no more than sending it once."""
        return self.method in {"GET", "PUT", "DELETE"} or IDEMPOTENCY_KEY in self.headers


def path(template: str, **values: object) -> str:
    """A path with its values in it, each a single segment.

    Raises Unaddressable.
    """
    for name, value in values.items():
        if str(value) in _NO_SEGMENTS:
            raise Unaddressable(name, str(value))
    return template.format(**{name: quote(str(value), safe="") for name, value in values.items()})


def query(**values: Any) -> dict[str, Any]:
    """Without those that are None. Moments and lists in the form that the API reads."""
    return {name.rstrip("_"): _in_query(value) for name, value in values.items() if value is not None}


def _in_query(value: Any) -> Any:
    encoded = encode(value)
    return [_in_query(one) for one in encoded] if isinstance(encoded, list) else _text(encoded)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def body(fields: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A JSON object, without the fields that are not set."""
    return json_body({name: value for name, value in fields.items() if value is not UNSET}, headers)


def json_body(value: Any, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    content = json.dumps(encode(value), ensure_ascii=False, allow_nan=False).encode()
    return {"content": content, "headers": {"Content-Type": "application/json", **(headers or {})}}


def raw_body(
    content: str | bytes | Iterable[bytes], content_type: str, headers: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Kept whole, so that it can be sent again."""
    whole = (
        content.encode() if isinstance(content, str) else content if isinstance(content, bytes) else b"".join(content)
    )
    return {"content": whole, "headers": {"Content-Type": content_type, **(headers or {})}}


def headers(
    *, if_match: int | str | None = None, idempotency_key: str | None = None, keyed: bool = False, **others: object
) -> dict[str, str]:
    """`keyed`: the operation takes an idempotency key; one is made where none is given."""
    made = {name.replace("_", "-").title(): str(value) for name, value in others.items() if value is not None}
    if if_match is not None:
        made["If-Match"] = f'"{if_match}"' if isinstance(if_match, int) or '"' not in if_match else if_match
    if keyed:
        made[IDEMPOTENCY_KEY] = idempotency_key or str(uuid4())
    return made


def content_of(response: httpx2.Response) -> Any:
    """The JSON of a response that succeeded; text for other types; None for an empty one.

    Raises:
        Problem: for a response that says what is wrong.
        NotUnderstood: for one that no service of Trellis gives.
    """
    kind = response.headers.get("content-type", "").partition(";")[0]
    is_json = kind == "application/json" or kind.endswith("+json")
    if response.is_success and response.content and not is_json:
        return response.text
    try:
        content = json.loads(response.content) if response.content and is_json else None
    except ValueError as error:
        raise NotUnderstood(f"{response.request.url}: the answer is not JSON") from error
    if response.is_success:
        return content
    if response.is_redirect:
        raise NotUnderstood(f"{response.request.url}: redirected to {response.headers.get('location', 'nowhere')}")
    raise problem_of(response.status_code, content, response.headers)


def unreachable(url: object, error: httpx2.TransportError) -> TrellisError:
    """With the address and the reason, which most transport errors leave out."""
    timed_out = isinstance(error, httpx2.TimeoutException)
    why = "it did not answer in time" if timed_out else str(error) or type(error).__name__
    return Unreachable(f"{url} cannot be reached: {why}")
