"""Whether the views are where their checkpoints say: every stream's state has had exactly the events up to there."""

from projections.fold import Fold
from projections.generations import live_of
from projections.registry import PROJECTIONS
from projections.sql import query_in
from store.audit import Finding
from store.database import Pool

PROMISE = "every view has had the events up to its checkpoint, and no other"
_MOST_FINDINGS = 20


async def verify(pool: Pool) -> list[Finding]:
    """Looks at the live generation of every fold; statements keep no version of a stream that could be compared."""
    findings = []
    async with pool.acquire() as connection:
        for projection in PROJECTIONS.values():
            live = await live_of(connection, projection.name)
            if live and isinstance(projection, Fold):
                statement = query_in(live.schema, "audit_states")
                rows = await connection.fetch(statement, live.name, sorted(projection.handles), _MOST_FINDINGS)
                findings += [Finding(PROMISE, row["what"]) for row in rows]
    return findings
