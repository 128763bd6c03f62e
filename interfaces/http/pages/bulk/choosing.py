"""Which journeys a bulk action is for: those that were ticked, or all that a filter finds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fastapi import Request
from pydantic import ValidationError

from domain.access import Caller
from domain.refusal import Rejected
from domain.values import counted
from domain.words import plain
from interfaces.http.v1.journeys import BoardQuery, narrowed
from projections.views import board
from services.bulk.selecting import MOST_NAMED, BulkFilter, require_a_filter
from store.database import Pool

_LISTS = frozenset({"journeys"})
_OF_THE_FORM = frozenset({"action", "subject", "text"})
_OF_THE_PAGE = _OF_THE_FORM | {"search", "show"}


@dataclass(frozen=True, slots=True)
class Chosen:
    filter: BulkFilter
    query: str
    """As it is in the address of the pages of this action."""
    many: int
    """How many journeys it is now; one more than `board.MOST_FOUND` for more than these."""
    says: str

    @property
    def counted(self) -> str:
        if self.many > board.MOST_FOUND:
            return f"more than {board.MOST_FOUND:,} journeys"
        return counted(self.many, "journey")


class NothingChosen(ValueError):
    """No journey is chosen, or too many; the message says so."""


async def chosen_by(pool: Pool, request: Request, caller: Caller) -> Chosen:
    """What the address of the request chooses.

    Raises:
        NothingChosen: also for a search that finds more than can be named one by one.
        SearchTooBroad.
    """
    given = parse_qsl(request.url.query)
    wanted = {name: value for name, value in given if name not in _LISTS and value.strip()}
    named = [value for name, value in given if name == "journeys" and value.strip()]
    if search := wanted.get("search"):
        named = await _found(pool, search, wanted, caller)
        wanted = {}
    known = {name: value for name, value in wanted.items() if name not in _OF_THE_PAGE}
    try:
        chosen = BulkFilter.model_validate({**known, **({"journeys": named} if named else {})})
    except ValidationError as error:
        first = error.errors()[0]
        raise NothingChosen(f"{plain(str(first['loc'][-1]))}: {first['msg']}") from None
    try:
        require_a_filter(chosen)
    except Rejected as refusal:
        raise NothingChosen("No journey is chosen. Tick some in the table of journeys, or filter it.") from refusal
    where = chosen.as_filter(datetime.now(UTC)).model_copy(update={"programs": caller.programs})
    kept = urlencode([(name, value) for name, value in given if name not in _OF_THE_FORM and value.strip()])
    return Chosen(chosen, kept, await board.counted(pool, where), _says(chosen))


async def _found(pool: Pool, search: str, wanted: Mapping[str, Any], caller: Caller) -> list[str]:
    """The journeys that a search finds now, beside the other filters."""
    query = BoardQuery.model_validate({name: one for name, one in wanted.items() if name not in {"action", "show"}})
    where = await narrowed(pool, query, caller)
    page = await board.page(pool, where, "journey", limit=MOST_NAMED) if where else board.NOTHING
    if page.next:
        raise NothingChosen(
            f"More than {MOST_NAMED} journeys match {search!r}, which is the most that one action takes by name. "
            "Give more of the name, or filter by something else."
        )
    if not page.rows:
        raise NothingChosen(f"No journey matches {search!r}.")
    return [row.journey for row in page.rows]


def _says(chosen: BulkFilter) -> str:
    """`program job-ready, stage sessions`."""
    filters = chosen.model_dump(exclude_none=True, exclude_defaults=True, exclude={"journeys"})
    said = [
        f"{plain(name)}{'' if one is True else f' {one}' if one is not False else ': no'}"
        for name, one in filters.items()
    ]
    if chosen.journeys:
        said.insert(0, "chosen one by one")
    return ", ".join(said)
