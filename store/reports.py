"""Answers about whole programs that take long to count, kept for all processes and across their restarts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from store.database import Executor, query


@dataclass(frozen=True, slots=True)
class StoredReport:
    made_at: datetime
    """UTC. What it counts is as of then."""
    took: timedelta
    positions: str
    """How far each view was, as JSON."""
    answer: str
    """As JSON."""


async def read(executor: Executor, report: str, form: str, after: datetime) -> StoredReport | None:
    """If there is one in this form that was made after this moment."""
    row = await executor.fetchrow(query("report_read"), report, form, after)
    return StoredReport(*row) if row else None


async def write(executor: Executor, report: str, form: str, one: StoredReport) -> None:
    """Takes the place of the one before, unless that was made later."""
    await executor.execute(query("report_write"), report, form, one.made_at, one.took, one.positions, one.answer)


async def forget(executor: Executor, before: datetime) -> None:
    """Those that nobody has made anew since then."""
    await executor.execute(query("reports_forget"), before)
