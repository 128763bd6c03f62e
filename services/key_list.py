"""Keys as they are shown: without anything from which a secret could be checked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.access import KeyRole
from store import keys
from store.database import Executor
from store.keys import StoredKey


@dataclass(frozen=True, slots=True)
class KeyEntry:
    key: str
    name: str
    role: KeyRole
    actor: str
    """Who gives the commands of this key, such as `system:lms`."""
    programs: Sequence[str] | None
    """Null: all of them."""
    mentor: str | None
    state: Literal["valid", "expired", "revoked"]
    made_at: datetime
    made_by: str
    expires_at: datetime | None
    rotated_at: datetime | None
    previous_until: datetime | None
    """Until when the secret before the last rotation is valid."""
    revoked_at: datetime | None
    revoked_by: str | None
    used_at: datetime | None
    """The last use, to about a minute."""


async def listed(executor: Executor, now: datetime) -> list[KeyEntry]:
    """All of them, the newest first."""
    return [_entry(one, now) for one in await keys.listed(executor)]


def _entry(key: StoredKey, now: datetime) -> KeyEntry:
    return KeyEntry(
        key=key.key_id,
        name=key.name,
        role=key.role,
        actor=key.actor,
        programs=key.programs,
        mentor=key.mentor,
        state="revoked" if key.revoked_at else "valid" if key.hashes_at(now) else "expired",
        made_at=key.made_at,
        made_by=key.made_by,
        expires_at=key.expires_at,
        rotated_at=key.rotated_at,
        previous_until=key.previous_until,
        revoked_at=key.revoked_at,
        revoked_by=key.revoked_by,
        used_at=key.used_at,
    )
