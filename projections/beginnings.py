"""When a program began."""

from datetime import datetime

from domain.ids import ProgramId
from projections.reading import View
from projections.sql import query
from store.database import Pool

_MEASURED = View(measured=1)


async def began_at(pool: Pool, program: ProgramId) -> datetime:
    """When its first kit was published, or its first journey began: what was played or imported can be the older one.

    The program has published a kit. Raises BeingRebuilt.
    """
    row = await _MEASURED.fetchrow(pool, query("program_began"), program)
    began: datetime = row["began_at"]
    return began
