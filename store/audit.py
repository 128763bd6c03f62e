"""The audit: whether the log is what it promises to be. Reads everything once; changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.database import Pool, query

_MOST_FINDINGS = 20

CHECKS = {
    "positions are dense": "audit_density",
    "every event has one position": "audit_positions",
    "every stream is in order and complete": "audit_streams",
    "every receipt is that of its events": "audit_appends",
    "every checkpoint is within the log": "audit_checkpoints",
}
"""What is promised, and the statement that finds what breaks it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where a promise is broken, in words."""

    promise: str
    what: str


@dataclass(frozen=True, slots=True)
class Audit:
    events: int
    streams: int
    position: int
    findings: Sequence[Finding]
    """Empty when all is well; at most 20 for each promise."""


async def verify(pool: Pool) -> Audit:
    """All checks see one snapshot: events that arrive meanwhile do not disturb it."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        row = await connection.fetchrow(query("audit_size"))
        findings = [
            Finding(promise, found["what"])
            for promise, check in CHECKS.items()
            for found in await connection.fetch(query(check), _MOST_FINDINGS)
        ]
    assert row is not None
    return Audit(row["events"], row["streams"], row["position"], findings)
