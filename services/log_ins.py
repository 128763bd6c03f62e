"""Browsers log in with a key or with a link, and have a session from then on. A session never outlives its key."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from domain.refusal import NotFound
from services.keys import Keyring, id_of
from store import keys, log_ins
from store.database import Pool

SESSION = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Session:
    token: str
    """The value of the cookie."""
    lasts: timedelta = SESSION


async def make_link(pool: Pool, key_id: str, lasts: timedelta) -> str:
    """The secret of a link that logs one browser in with this key. Raises NotFound unless the key is valid."""
    now = datetime.now(UTC)
    key = await keys.get(pool, key_id)
    if not key or not key.hashes_at(now):
        raise NotFound(f"there is no valid key {key_id!r}; `trellis keys list` lists them")
    secret = secrets.token_urlsafe(32)
    await log_ins.add_link(pool, _hash(secret), key_id, now + lasts)
    return secret


def address(service: str, secret: str) -> str:
    """Of the link; `service` is where the service is, as in `http://127.0.0.1:8600`."""
    return f"{service}/log-in?{urlencode({'link': secret})}"


async def is_valid_link(pool: Pool, secret: str) -> bool:
    return await log_ins.key_of_link(pool, _hash(secret), datetime.now(UTC)) is not None


async def by_link(pool: Pool, secret: str) -> Session | None:
    """None: the link has been used, has expired, or never was one."""
    key_id = await log_ins.take_link(pool, _hash(secret), datetime.now(UTC))
    return await _begin(pool, key_id) if key_id else None


async def by_key(pool: Pool, keyring: Keyring, text: str) -> Session | None:
    """None: it is no valid key."""
    key_id = id_of(text)
    return await _begin(pool, key_id) if key_id and await keyring.caller_with_key(text) else None


async def _begin(pool: Pool, key_id: str) -> Session:
    now, session = datetime.now(UTC), Session(secrets.token_urlsafe(32))
    await log_ins.delete_expired(pool, now)
    await log_ins.begin_session(pool, _hash(session.token), key_id, now + session.lasts)
    return session


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
