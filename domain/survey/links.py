"""The link to a form, as a text that nobody can make or change without the installation's secret.

The text names a request, whom it was sent to, and when it expires, and is signed over all three. The same request gives
the same text every time, so that a repeated letter carries the link of the first.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime

SECRET_BYTES = 32
LONGEST_TOKEN = 1_000
"""Characters. Longer than any that is made of ids, which have at most 250."""
_SIGNATURE_BYTES = 16
"""128 bits of the HMAC: as much as nobody can guess, in 22 characters."""
_PURPOSE = b"trellis survey link 1\n"
"""Signed along, so that no other use of the secret gives the signature of a link."""


@dataclass(frozen=True, slots=True)
class SurveyLink:
    """What a link leads to."""

    request: str
    role: str
    respondent: str
    """Whom it was sent to; for ops, the program."""
    expires_at: datetime
    """UTC, in whole seconds: what follows the second is left out."""


class AlteredLink(Exception):
    """The text was not signed with this secret: it was changed, cut off, or made elsewhere."""


def token_of(link: SurveyLink, secret: bytes) -> str:
    """Letters, digits, `-`, `_` and one `.`, so that it stands in an address as it is."""
    told = "\n".join((link.request, link.role, link.respondent, str(int(link.expires_at.timestamp())))).encode()
    return f"{_written(told)}.{_written(_signature(told, secret))}"


def link_of(token: str, secret: bytes) -> SurveyLink:
    """Raises AlteredLink. A link that has expired is read like any other."""
    told_text, _, signature_text = token.partition(".")
    try:
        told, signature = _read(told_text), _read(signature_text)
    except ValueError:
        raise AlteredLink from None
    if len(token) > LONGEST_TOKEN or not hmac.compare_digest(_signature(told, secret), signature):
        raise AlteredLink
    request, role, respondent, seconds = told.decode().split("\n")
    return SurveyLink(request, role, respondent, datetime.fromtimestamp(int(seconds), UTC))


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
