"""The audit: checks every guarantee of the log. Reads everything once; changes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from store.database import Pool, query

_MOST_FINDINGS = 20

CHECKS = {
    "positions are dense": "audit_density",
    "every event has one position": "audit_positions",
    "every stream is in order and complete": "audit_streams",
    "every receipt matches its events": "audit_appends",
    "every checkpoint is within the log": "audit_checkpoints",
}
"""The guarantees, each with the statement that finds violations."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation of a guarantee, in words."""

    promise: str
    what: str


@dataclass(frozen=True, slots=True)
class Audit:
    events: int
    streams: int
    position: int
    findings: Sequence[Finding]
    """Empty if the log is sound; at most 20 for each guarantee."""


async def verify(pool: Pool) -> Audit:
    """All checks read one snapshot, so events that arrive meanwhile do not matter."""
    async with pool.acquire() as connection, connection.transaction(isolation="repeatable_read", readonly=True):
        row = await connection.fetchrow(query("audit_size"))
        findings = [
            Finding(promise, found["what"])
            for promise, check in CHECKS.items()
            for found in await connection.fetch(query(check), _MOST_FINDINGS)
        ]
    assert row is not None
    return Audit(row["events"], row["streams"], row["position"], findings)
