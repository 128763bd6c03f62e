"""The names of people, for whoever may see them."""

from collections.abc import Collection, Iterable

from projections.reading import View
from projections.sql import query
from store.database import Pool
from store.people import names_of

_BOARD = View(board=1)


async def names_in(pool: Pool, ids: Iterable[str], programs: Collection[str] | None) -> dict[str, str]:
    """Of learners and mentors of journeys in these programs. None: of everybody. Unknown people are left out."""
    if programs is not None:
        rows = await _BOARD.fetch(pool, query("board_people"), sorted(set(ids)), sorted(programs))
        ids = [row["person"] for row in rows]
    return await names_of(pool, ids)
