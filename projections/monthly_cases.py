"""The cases of a program in a month, counted from the views."""

from datetime import datetime

from domain.ids import ProgramId
from domain.monthly_review.document import Cases
from domain.monthly_review.period import Period
from projections.reading import View
from projections.sql import query
from store.database import Pool

_VIEW = View(delivered=3, timeline=1, board=4)


async def cases(pool: Pool, program: ProgramId, within: Period, at: datetime) -> Cases:
    """`at`: when they are looked at. Raises BeingRebuilt."""
    row = await _VIEW.fetchrow(pool, query("monthly_cases"), program, *within, at)
    return Cases(opened=row["opened"], resolved=row["resolved"], open=row["open"], overdue=row["overdue"])
