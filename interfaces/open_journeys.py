"""The open journeys that the board knows."""

from collections.abc import AsyncIterator

from projections import board
from projections.board import BoardRow, Filter
from store.database import Pool

_PAGE = 1_000


async def open_rows(pool: Pool, program: str | None = None) -> AsyncIterator[BoardRow]:
    """By name. The board may be a moment behind."""
    after = None
    while True:
        page = await board.page(pool, Filter(program=program, open=True), "journey", after, _PAGE)
        for row in page.rows:
            yield row
        if page.next is None:
            return
        after = page.next
