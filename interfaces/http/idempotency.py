"""The header Idempotency-Key: a request that is repeated with it changes nothing, and gets the answer of the first.

The middleware in repeats.py keeps the answers. An operation takes `identity: Identified`, or `Identifiable` where the
key is optional, and derives from it the ids of what it makes. So it may run again after its process was killed.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Annotated
from uuid import uuid4

from fastapi import Depends, Header, HTTPException, Request

KEY = "Idempotency-Key"
FORM = re.compile(r"[\x21-\x7e]{1,255}")
_Key = Annotated[
    str | None,
    Header(
        alias=KEY,
        description="Names this request: 1 to 255 visible ASCII characters. Send the same one again when you do not "
        "know whether the request arrived.",
    ),
]


class KeyMissing(HTTPException):
    code = "idempotency_key_missing"

    def __init__(self) -> None:
        super().__init__(
            400,
            f"This request needs the header {KEY}, with a value that you choose and send again if you have to repeat "
            "the request, such as a UUID.",
        )


@dataclass(frozen=True, slots=True)
class RequestIdentity:
    seed: str | None
    """None: the request came without a key."""

    def derive(self, what: str = "") -> str:
        """An id that a repeat of the request gets as well; another one for each `what`. Without a key, a new one."""
        if self.seed is None:
            return f"http:{uuid4()}"
        whole = f"{self.seed}\0{what}"
        return f"http:{hashlib.sha256(whole.encode()).hexdigest()[:40]}"


def _optional(request: Request, key: _Key = None) -> RequestIdentity:
    return RequestIdentity(f"{request.state.caller.key}\0{request.url.path}\0{key}" if key else None)


def _required(identity: Annotated[RequestIdentity, Depends(_optional)]) -> RequestIdentity:
    if identity.seed is None:
        raise KeyMissing
    return identity


Identifiable = Annotated[RequestIdentity, Depends(_optional)]
Identified = Annotated[RequestIdentity, Depends(_required)]
"""400 without a key."""
