"""How long a receiver asks to be left alone before a notification is handed over again."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_LONGEST = timedelta(days=365)
_UNITS = {"s": 1, "m": 60, "h": 3600}
_IN_WORDS = re.compile(
    r"\b(?:retry|again|grey-?listed|gr[ae]ylisting|wait|later)\b[^\d\r\n]{0,40}(?P<number>\d{1,6})\s*"
    r"(?P<unit>s|m|h)(?:ec|ecs|econds?|in|ins|inutes?|rs?|ours?)?\b",
    re.IGNORECASE | re.ASCII,
)
"""As in `try again in 300 seconds`, `Greylisted for 5 minutes`, `Retry-After: 60s`."""


def of_header(value: str | None, now: datetime) -> timedelta | None:
    """`Retry-After` of HTTP (RFC 9110, 10.2.3): seconds, or a date. None for what is neither, or lies behind."""
    text = (value or "").strip()
    if text.isdecimal() and text.isascii():
        return _sensible(int(text[:12]))
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return _sensible((at - now).total_seconds())


def of_words(reply: str) -> timedelta | None:
    """Of the words in which a mail server says `not now`; SMTP has no field for it."""
    found = _IN_WORDS.search(reply)
    return _sensible(int(found["number"]) * _UNITS[found["unit"].lower()]) if found else None


def _sensible(seconds: float) -> timedelta | None:
    return timedelta(seconds=min(seconds, _LONGEST.total_seconds())) if seconds > 0 else None
