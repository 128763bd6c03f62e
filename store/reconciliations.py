"""Results of comparing the log with the workflows that Temporal runs."""

from dataclasses import astuple, dataclass
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
    stuck: int
    """Those of the behind and the missing that mending does not help."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one look has found and mended; see Reconciliation."""

    kind: str
    position: int
    compared_at: datetime | None
    """None: not everything was compared this time."""
    behind: int = 0
    missing: int = 0
    failing: int = 0
    woken: int = 0
    started: int = 0
    trouble: str | None = None
    stuck: int = 0


async def reconciliations(executor: Executor) -> list[Reconciliation]:
    """Of every kind that was ever reconciled, by name."""
    return [Reconciliation(*row) for row in await executor.fetch(query("reconciliations"))]


async def save(executor: Executor, look: Look) -> None:
    await executor.execute(query("reconciliation_save"), *astuple(look))
