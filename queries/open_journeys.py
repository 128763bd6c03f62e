"""The open journeys, as the board lists them."""

from collections.abc import AsyncIterator

from projections.views import board
from projections.views.board import OpenJourney
from store.database import Pool

_PAGE = 1_000


async def open_rows(pool: Pool, program: str | None = None) -> AsyncIterator[OpenJourney]:
    """Sorted by id. The board may be a moment behind. Raises BeingRebuilt while there is no board at all."""
    after = ""
    while page := await board.open_journeys(pool, program, after, _PAGE):
        for row in page:
            yield row
        after = page[-1].journey
