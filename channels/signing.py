"""Signatures of Standard Webhooks 1.0.0, by which a receiver checks that a letter is authentic and unchanged.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64


def key(secret: str) -> bytes:
    """Decodes `whsec_` and base64 to 24 to 64 bytes. Raises ValueError, whose message does not contain the secret."""
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


def headers(key: bytes, message_id: str, seconds: int, body: bytes) -> Mapping[str, str]:
    """`seconds` is the time of sending, since 1970. The id must not contain braces or line breaks."""
    signed = f"{message_id}.{seconds}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    return {"webhook-id": message_id, "webhook-timestamp": str(seconds), "webhook-signature": f"v1,{signature}"}
