"""API keys. What is stored of a key's secret is its hash, from which nobody gets it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.access import KeyRole
from store.database import Executor, query


@dataclass(frozen=True, slots=True)
class NewKey:
    key_id: str
    name: str
    role: KeyRole
    actor: str
    programs: Sequence[str] | None
    mentor: str | None
    hash: bytes
    made_at: datetime
    made_by: str
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredKey:
    key_id: str
    name: str
    role: KeyRole
    actor: str
    programs: Sequence[str] | None
    """None: all of them."""
    mentor: str | None
    hash: bytes
    previous_hash: bytes | None
    """Of the secret before the last rotation, which is valid until `previous_until`."""
    previous_until: datetime | None
    made_at: datetime
    made_by: str
    expires_at: datetime | None
    rotated_at: datetime | None
    revoked_at: datetime | None
    revoked_by: str | None
    used_at: datetime | None
    """To about a minute."""

    def hashes_at(self, now: datetime) -> Sequence[bytes]:
        """Of the secrets that are valid now: none if the key has been revoked or has expired."""
        if self.revoked_at or (self.expires_at and self.expires_at <= now):
            return ()
        if self.previous_hash and self.previous_until and now < self.previous_until:
            return self.hash, self.previous_hash
        return (self.hash,)


async def insert(executor: Executor, key: NewKey) -> None:
    await executor.execute(
        query("key_insert"),
        key.key_id,
        key.name,
        key.role,
        key.actor,
        list(key.programs) if key.programs is not None else None,
        key.mentor,
        key.hash,
        key.made_at,
        key.made_by,
        key.expires_at,
    )


async def get(executor: Executor, key_id: str) -> StoredKey | None:
    row = await executor.fetchrow(query("key_get"), key_id)
    return _key(row) if row else None


async def listed(executor: Executor) -> list[StoredKey]:
    """All of them, the newest first."""
    return [_key(row) for row in await executor.fetch(query("keys_list"))]


async def rotate(executor: Executor, key_id: str, new: bytes, previous_until: datetime, at: datetime) -> bool:
    """False: there is no such key, or it has been revoked. Both secrets are valid until `previous_until`."""
    return bool(await executor.fetchval(query("key_rotate"), key_id, new, previous_until, at))


async def revoke(executor: Executor, key_id: str, at: datetime, by: str) -> bool:
    """False: there is no such key, or it has been revoked before."""
    return bool(await executor.fetchval(query("key_revoke"), key_id, at, by))


async def used(executor: Executor, key_id: str, at: datetime) -> None:
    await executor.execute(query("key_used"), key_id, at)


def _key(row: Any) -> StoredKey:
    return StoredKey(**{**row, "role": KeyRole(row["role"])})
