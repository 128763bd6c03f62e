"""The link to somebody's own page, as a text that nobody can make or change without the secret kept for that person.

Whoever has the link acts as that person, so it expires, and all links of a person can be made invalid at once. A letter
that is sent again carries the link of the first.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

SECRET_BYTES = 32
LASTS = timedelta(days=60)
"""For so long after the occasion of its letter, a link leads to the page."""
LONGEST_TOKEN = 400
"""Characters. Longer than any that is made of ids, which have at most 120."""
OwnRole = Literal["learner", "mentor"]
_SIGNATURE_BYTES = 16
"""128 bits of the HMAC: as much as nobody can guess, in 22 characters."""
_PURPOSE = b"trellis own page 1\n"
"""Signed along, so that no other use of the secret gives the signature of a link."""
_LETTERS: dict[OwnRole, str] = {"learner": "l", "mentor": "m"}
_ROLES: dict[str, OwnRole] = {letter: role for role, letter in _LETTERS.items()}


@dataclass(frozen=True, slots=True)
class OwnPage:
    """Whose page a link leads to, and until when."""

    role: OwnRole
    person: str
    expires_at: datetime
    """UTC, at the beginning of a day."""


class AlteredLink(Exception):
    """The text was not signed with the person's present secret: it was changed, cut off, made elsewhere, or revoked."""


def page_until(role: OwnRole, person: str, at: datetime) -> OwnPage:
    """For the letter about something that happened at this moment. The same all day."""
    day = datetime.combine(at.astimezone(UTC).date(), datetime.min.time(), UTC)
    return OwnPage(role, person, day + LASTS)


def token_of(page: OwnPage, secret: bytes) -> str:
    """Letters, digits, `-`, `_` and one `.`, so that it stands in an address as it is."""
    told = f"{_LETTERS[page.role]}{int(page.expires_at.timestamp()) // 86_400}.{page.person}".encode()
    return f"{_written(told)}.{_written(_signature(told, secret))}"


def claimed(token: str) -> OwnPage:
    """Whose page the text says it leads to, which is not known to be true yet. Raises AlteredLink."""
    told, _ = _parts(token)
    head, _, person = told.decode(errors="replace").partition(".")
    role, days = _ROLES.get(head[:1]), head[1:]
    if role is None or not person or not (days.isascii() and days.isdecimal() and len(days) < 7):
        raise AlteredLink
    return OwnPage(role, person, datetime.fromtimestamp(int(days) * 86_400, UTC))


def require_signed(token: str, secret: bytes) -> None:
    """Raises AlteredLink."""
    told, signature = _parts(token)
    if not hmac.compare_digest(_signature(told, secret), signature):
        raise AlteredLink


def _parts(token: str) -> tuple[bytes, bytes]:
    told, _, signature = token.partition(".")
    if len(token) > LONGEST_TOKEN:
        raise AlteredLink
    try:
        return _read(told), _read(signature)
    except ValueError:
        raise AlteredLink from None


def _signature(told: bytes, secret: bytes) -> bytes:
    return hmac.digest(secret, _PURPOSE + told, hashlib.sha256)[:_SIGNATURE_BYTES]


def _written(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _read(text: str) -> bytes:
    """Raises ValueError unless it is written as `_written` does, so that a link has one spelling."""
    raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    if _written(raw) != text:
        raise ValueError(text)
    return raw
