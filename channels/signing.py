"""Signatures of Standard Webhooks 1.0.0: a receiver can tell that a notification comes from here, and that it is whole.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence

_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64


def key(secret: str) -> bytes:
    """The 24 to 64 bytes of `whsec_` and base64. Raises ValueError, which does not repeat it."""
    try:
        found = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if not secret.startswith(_PREFIX) or not _SHORTEST <= len(found) <= _LONGEST:
        raise ValueError(
            f"write {_PREFIX} and {_SHORTEST} to {_LONGEST} random bytes in base64, as of: "
            f"echo {_PREFIX}$(openssl rand -base64 32)"
        )
    return found


def new_secret() -> str:
    """Of 32 random bytes."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(keys: Sequence[bytes], message_id: str, seconds: int, body: bytes) -> Mapping[str, str]:
    """A signature for each key, as while a secret is being replaced: a receiver needs to know one of them.

    `seconds`: when it is sent, in seconds since 1970. The id must not hold what ends it: braces, line breaks.
    """
    signed = f"{message_id}.{seconds}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode() for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{one}" for one in signatures),
    }
