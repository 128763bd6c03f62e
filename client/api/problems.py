"""What can go wrong, as exceptions. Whatever this client raises of its own is a `TrellisError`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any


class TrellisError(Exception):
    """The request failed."""


class Unreachable(TrellisError):
    """There was no answer: the service cannot be reached, or took too long. What was asked for may have been done."""


class NotUnderstood(TrellisError):
    """The answer is not one of Trellis: is the address right?"""


class Unaddressable(TrellisError):
    """What no address can hold: empty, or dots alone, it would have asked for something else. Nothing was sent."""

    def __init__(self, name: str, value: str) -> None:
        what = name.replace("_", " ")
        super().__init__(f"{value!r} cannot be the {what} of an address" if value else f"the {what} is empty")


class Problem(TrellisError):
    """The service said what is wrong (RFC 9457). The message says it in words."""

    def __init__(self, status: int, content: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        self.status = status
        self.detail = str(content.get("detail") or content.get("title") or f"HTTP status {status}")
        super().__init__(self.detail)
        self.title = str(content.get("title", ""))
        self.type = str(content.get("type", "about:blank"))
        self.code: str | None = content.get("code")
        """Why, for programs. GET /problems lists the codes."""
        self.data: dict[str, Any] = dict(content.get("data") or {})
        """What belongs to the code, such as a limit, or the names that would be valid."""
        self.errors: Sequence[Mapping[str, Any]] = content.get("errors") or ()
        """Every invalid parameter or field: `loc`, `msg`, and `type`."""
        self.content = dict(content)
        """All that the service said."""
        self.request_id = headers.get("x-request-id")
        """To find the request in the log of the service."""
        self.retry_after = _seconds(headers.get("retry-after"))
        """Seconds after which to try again."""


class Unauthorized(Problem):
    """401: there is no key, or it is not valid."""


class Forbidden(Problem):
    """403: the role of the key may not do this."""


class NotFound(Problem):
    """404: it does not exist, or the key is not for it."""


class Conflict(Problem):
    """409: refused, because of how things stand. Nothing was changed."""


class VersionMismatch(Problem):
    """412: `if_match` names another version than the present one. Nothing was changed."""


class Invalid(Problem):
    """400, 413, 415, 422: the request is wrong. Nothing was changed."""


class TooManyRequests(Problem):
    """429: wait for `retry_after` seconds."""


class Unavailable(Problem):
    """502, 503, 504: a server is away, or a view is being built. Try again after `retry_after` seconds."""


_BY_STATUS: Mapping[int, type[Problem]] = {
    **dict.fromkeys((400, 413, 415, 422), Invalid),
    **dict.fromkeys((502, 503, 504), Unavailable),
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    412: VersionMismatch,
    429: TooManyRequests,
}


def problem_of(status: int, content: Any, headers: Mapping[str, str]) -> Problem:
    """`content`: the JSON of the answer; None for an answer that is not JSON, as proxies give."""
    kind = _BY_STATUS.get(status, Problem)
    return kind(status, content if isinstance(content, dict) else {}, headers)


def _seconds(written: str | None) -> float | None:
    """Of a Retry-After, which is a number of seconds or a date."""
    if written is None:
        return None
    try:
        return max(0.0, float(written))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(written) - datetime.now(UTC)).total_seconds())
    except (TypeError, ValueError):
        return None
