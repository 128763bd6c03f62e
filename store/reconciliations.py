"""What the comparisons of the log with what Temporal runs have found."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Executor, query


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Of one kind of workflow."""

    kind: str
    position: int
    """Streams that moved up to here have been compared."""
    looked_at: datetime
    """The reconciler's last sign of life."""
    compared_at: datetime | None
    """When all workflows were last compared; None before the first time."""
    behind: int
    """Workflows that had not taken in what their streams hold, at the last look."""
    missing: int
    """What is open in the log and was not run by Temporal, at the last look."""
    failing: int
    """Workflows whose workflow task failed again and again, at the last look."""
    woken: int
    """How often a workflow was woken, ever."""
    started: int
    """How many workflows were started again from the log, ever."""
    trouble: str | None
    """Why the last comparison came to no end; None when it did."""


async def reconciliations(executor: Executor) -> list[Reconciliation]:
    """Of every kind that was ever reconciled, by name."""
    return [Reconciliation(*row) for row in await executor.fetch(query("reconciliations"))]


async def save(
    executor: Executor,
    kind: str,
    position: int,
    compared_at: datetime | None,
    found: tuple[int, int, int],
    mended: tuple[int, int],
    trouble: str | None,
) -> None:
    """`found`: behind, missing, failing. `mended`: woken and started since the last time. `compared_at`: None keeps
    what is there."""
    await executor.execute(query("reconciliation_save"), kind, position, compared_at, *found, *mended, trouble)
