"""Which journeys: those that a filter of the board finds now."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from domain.bulk import Code
from domain.bulk.events import MOST_JOURNEYS
from domain.ids import JourneyId, ProgramId
from domain.refusal import Rejected
from projections.board_filter import Criteria, Filter
from projections.views import board
from projections.views.board import BoardRow
from store.database import Pool

MOST_NAMED = 500
"""Journeys that can be named one by one."""
_Named = Annotated[JourneyId, StringConstraints(min_length=1, max_length=300, pattern=r"^[^\s\x00]+$")]


class BulkFilter(Criteria):
    """The filters of the board. A journey must match all that are given, and something must be given."""

    overdue: Annotated[bool, Field(description="Only journeys where something is overdue.")] = False
    journeys: Annotated[tuple[_Named, ...], Field(max_length=MOST_NAMED)] = ()
    """Only these journeys, by id."""

    @property
    def given(self) -> Mapping[str, str | bool]:
        """The journeys as one text, in order: what is recorded has a text or a truth for each filter."""
        given = self.model_dump(exclude_none=True, exclude_defaults=True, exclude={"journeys"})
        return {**given, "journeys": " ".join(sorted(set(self.journeys)))} if self.journeys else given

    def as_filter(self, at: datetime) -> Filter:
        criteria = self.model_dump(include={*Criteria.model_fields, "journeys"})
        return Filter(**criteria, overdue_at=at if self.overdue else None)


async def select(pool: Pool, chosen: BulkFilter, programs: frozenset[ProgramId] | None = None) -> list[BoardRow]:
    """By id, all of them at one moment, and only those of `programs`, unless that is None.

    Raises:
        Rejected: for a filter that leaves out nothing, and for more journeys than one action takes.
        BeingRebuilt.
    """
    require_a_filter(chosen)
    where = chosen.as_filter(datetime.now(UTC)).model_copy(update={"programs": programs})
    found = await board.page(pool, where, "journey", limit=MOST_JOURNEYS)
    if found.next:
        raise Rejected(
            Code.TOO_LARGE,
            f"more than {MOST_JOURNEYS:,} journeys match, which is the most for one bulk action; narrow the filter",
            {"most": MOST_JOURNEYS},
        )
    return found.rows


def require_a_filter(chosen: BulkFilter) -> None:
    """Whether a journey is open or paused is not enough: nearly all would match. Raises Rejected."""
    if not chosen.given.keys() - {"open", "paused"}:
        raise Rejected(
            Code.FILTER_EMPTY,
            "a bulk action needs a filter that says which journeys are meant, such as the program, the stage or the "
            "mentor; `open` and `paused` alone do not",
        )
