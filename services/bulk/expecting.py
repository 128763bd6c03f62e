"""What would come of a plan that is recorded, looked at again without planning anew: its journeys stay those it has."""

from collections.abc import Mapping, Sequence

from pydantic_core import from_json

from domain.bulk import BULK, Status
from domain.ids import BulkId, bulk_stream
from projections.board_filter import Filter
from projections.views import board
from projections.views.board import BoardRow
from services.bulk.foretelling import Foreteller, examined
from services.bulk.planning import MOST_SAMPLED, BulkPlan, sample_of, told
from services.bulk.steering import NoSuchBulk
from store import bulk as selections
from store.database import Pool
from store.transact import read

_AT_ONCE = 500


async def expected(pool: Pool, bulk: BulkId) -> BulkPlan | Status:
    """The status alone, where it is not to be begun: it was begun or stopped, or begins journeys.

    Raises:
        NoSuchBulk, BeingRebuilt.
    """
    state = (await read(pool, bulk_stream(bulk), BULK)).state
    if state is None:
        raise NoSuchBulk(bulk)
    plan = state.plan
    if state.status != "planned" or plan.kind == "start":
        return state.status
    items = await selections.items(pool, bulk, limit=plan.journeys)
    some = items if plan.kind == "reassign" else examined(items)
    rows = await _rows(pool, [one.journey for one in some])
    content: Mapping[str, object] = from_json(plan.content)
    found = await Foreteller(pool, plan.kind, plan.command, content, plan.mentors).all(rows)
    return told(bulk, plan, found, [sample_of(*pair) for pair in zip(rows, found, strict=True)][:MOST_SAMPLED])


async def _rows(pool: Pool, journeys: Sequence[str]) -> list[BoardRow]:
    """By id, as they were selected. Journeys that have been moved out of the log since are left out."""
    found: list[BoardRow] = []
    for first in range(0, len(journeys), _AT_ONCE):
        where = Filter(journeys=tuple(journeys[first : first + _AT_ONCE]))
        found += (await board.page(pool, where, "journey", limit=_AT_ONCE)).rows
    return found
