"""API keys: made, rotated and revoked, and found again by what a request presents."""

import asyncio
import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from domain.access import Caller, KeyRole
from domain.ids import MentorId, ProgramId
from domain.refusal import NotFound
from kits.lookup import newest_published
from store import keys, log_ins, people
from store.database import Pool
from store.keys import NewKey, StoredKey

PREFIX = "trellis_"
_KEY = re.compile(rf"{PREFIX}(?P<id>[0-9a-f]{{10}})_(?P<secret>[0-9a-f]{{64}})", re.ASCII)
_USE_RECORDED_EVERY = 60.0
"""Seconds."""
_NOBODY = hashlib.sha256(b"nobody").digest()


@dataclass(frozen=True, slots=True)
class MadeKey:
    key_id: str
    text: str
    """The key itself, which cannot be shown again."""


@dataclass(frozen=True, slots=True)
class KeyWish:
    """What a new key is to be."""

    name: str
    role: KeyRole
    actor: str
    programs: frozenset[ProgramId] | None = None
    """None: all of them, also those that are published later."""
    mentor: MentorId | None = None
    expires_at: datetime | None = None


async def make(pool: Pool, wish: KeyWish, by: str) -> MadeKey:
    """Raises NoSuchProgram, and NotFound for an unknown mentor."""
    for program in sorted(wish.programs or ()):
        await newest_published(pool, program)
    if wish.mentor and not await people.may_be_mentor(pool, wish.mentor):
        raise NotFound(f"there is no mentor {wish.mentor!r}; `trellis mentor list` lists them")
    key_id, secret = secrets.token_hex(5), secrets.token_hex(32)
    programs = sorted(wish.programs) if wish.programs is not None else None
    made_at = datetime.now(UTC)
    await keys.insert(
        pool,
        NewKey(
            key_id, wish.name, wish.role, wish.actor, programs, wish.mentor, _hash(secret), made_at, by, wish.expires_at
        ),
    )
    return MadeKey(key_id, _text(key_id, secret))


async def rotate(pool: Pool, key_id: str, overlap: timedelta) -> MadeKey:
    """A new secret for the same key; the one before is valid for `overlap` longer. Raises NotFound."""
    secret, now = secrets.token_hex(32), datetime.now(UTC)
    if not await keys.rotate(pool, key_id, _hash(secret), now + overlap, now):
        raise _no_key(key_id)
    return MadeKey(key_id, _text(key_id, secret))


async def revoke(pool: Pool, key_id: str, by: str) -> None:
    """Raises NotFound."""
    if not await keys.revoke(pool, key_id, datetime.now(UTC), by):
        raise _no_key(key_id)


def _no_key(key_id: str) -> NotFound:
    return NotFound(f"there is no valid key {key_id!r}; `trellis keys list` lists them")


def id_of(text: str) -> str | None:
    """The id of a key by its text; None for what is none."""
    found = _KEY.fullmatch(text)
    return found["id"] if found else None


Value = TypeVar("Value")
_MOST_KEPT = 10_000
_LOOKED_UP_AT_ONCE = 4
"""So that a flood of unknown keys leaves connections of the pool to others."""


class Keyring:
    """Who presents a key, or the cookie of a session. What was read is believed for `seconds`: for so long, a key that
    another process has revoked is still accepted in this one."""

    def __init__(self, pool: Pool, seconds: float = 5.0) -> None:
        self._pool = pool
        self._keys: _Recent[str, StoredKey] = _Recent(self._read_key, seconds)
        self._sessions: _Recent[bytes, str] = _Recent(self._read_session, seconds)
        self._use_recorded_until: dict[str, float] = {}

    async def caller_with_key(self, text: str) -> Caller | None:
        """None for what is no key, and for a key that is unknown, expired or revoked."""
        presented = _KEY.fullmatch(text)
        if not presented:
            return None
        key = await self._keys.get(presented["id"])
        given = _hash(presented["secret"])
        valid = key.hashes_at(datetime.now(UTC)) if key else ()
        fits = [hmac.compare_digest(given, one) for one in (*valid, _NOBODY)]  # the same work for an unknown key
        return await self._caller(key) if key and any(fits[:-1]) else None

    async def caller_of_session(self, token: str) -> Caller | None:
        key_id = await self._sessions.get(_hash(token))
        key = await self._keys.get(key_id) if key_id else None
        return await self._caller(key) if key and key.hashes_at(datetime.now(UTC)) else None

    async def end_session(self, token: str) -> None:
        """Other processes notice within `seconds`."""
        await log_ins.end_session(self._pool, _hash(token))
        self._sessions.forget(_hash(token))

    async def _caller(self, key: StoredKey) -> Caller:
        if time.monotonic() >= self._use_recorded_until.get(key.key_id, 0.0):
            self._use_recorded_until[key.key_id] = time.monotonic() + _USE_RECORDED_EVERY
            await keys.used(self._pool, key.key_id, datetime.now(UTC))
        return _caller(key)

    async def _read_key(self, key_id: str) -> StoredKey | None:
        return await keys.get(self._pool, key_id)

    async def _read_session(self, session: bytes) -> str | None:
        return await log_ins.key_of_session(self._pool, session, datetime.now(UTC))


Name = TypeVar("Name")


class _Recent(Generic[Name, Value]):
    """What was read in the last seconds, also that there is nothing. Whoever asks while it is being read waits for the
    same answer."""

    def __init__(self, read: Callable[[Name], Awaitable[Value | None]], seconds: float) -> None:
        self._read = read
        self._seconds = seconds
        self._kept: dict[Name, tuple[float, Value | None]] = {}
        self._reading: dict[Name, asyncio.Task[Value | None]] = {}
        self._at_once = asyncio.Semaphore(_LOOKED_UP_AT_ONCE)

    async def get(self, name: Name) -> Value | None:
        kept = self._kept.get(name)
        if kept and time.monotonic() < kept[0]:
            return kept[1]
        reading = self._reading.get(name)
        if not reading:
            reading = self._reading[name] = asyncio.create_task(self._read_and_keep(name))
            reading.add_done_callback(lambda done: done.cancelled() or done.exception())
        return await asyncio.shield(reading)  # others may wait for it

    def forget(self, name: Name) -> None:
        self._kept.pop(name, None)

    async def _read_and_keep(self, name: Name) -> Value | None:
        try:
            async with self._at_once:
                began = time.monotonic()
                found = await self._read(name)
            self._kept.pop(name, None)
            self._kept[name] = (began + self._seconds, found)
            if len(self._kept) > _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            return found
        finally:
            del self._reading[name]


def _caller(key: StoredKey) -> Caller:
    programs = frozenset(map(ProgramId, key.programs)) if key.programs is not None else None
    return Caller(key.key_id, key.role, key.actor, programs, MentorId(key.mentor) if key.mentor else None)


def _hash(secret: str) -> bytes:
    """Without salt or stretching: a secret of 256 random bits cannot be guessed."""
    return hashlib.sha256(secret.encode()).digest()


def _text(key_id: str, secret: str) -> str:
    return f"{PREFIX}{key_id}_{secret}"
