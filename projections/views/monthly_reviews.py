"""Monthly reviews: which months of a program were drafted and released, and whether their letters arrived."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pydantic import AwareDatetime

from domain import monthly_review as m
from domain.monthly_review import EVENTS, Letter, ReviewEvent, of_stream
from domain.values import Frozen, changed
from projections.fold import Fold, Rows
from projections.kits import Kits
from projections.reading import View
from projections.sql import query
from store.codec import Codec
from store.database import Pool


class Sheet(Frozen):
    """What is shown of a review, without its document and without what anybody wrote."""

    draft: int
    drafted_at: AwareDatetime
    whole: bool
    notes: int = 0
    released_at: AwareDatetime | None = None
    released_by: str | None = None
    letters: Mapping[str, Letter] = {}


class MonthlyReviews(Fold[ReviewEvent, Sheet]):
    name = "monthly_reviews"
    version = 1
    handles = frozenset(EVENTS)
    codec = Codec(EVENTS)
    state = Sheet
    columns: ClassVar = {
        "monthly_reviews": (
            *("stream", "program", "month", "draft", "drafted_at", "whole", "notes", "released_at", "released_by"),
            *("letters", "sent", "failed", "open"),
        )
    }

    def evolve(self, state: Sheet | None, event: ReviewEvent) -> Sheet:
        if isinstance(event, m.ReviewDrafted):
            drafted = {"draft": event.draft, "drafted_at": event.at, "whole": event.document.whole}
            return changed(state, drafted) if state else Sheet(**drafted)
        if state is None:
            raise ValueError(f"a review begins with {m.ReviewDrafted.type}, not with {event.type}")
        return changed(state, _changes(state, event))

    def rows(self, stream: str, state: Sheet, _: object, __: Kits, /) -> Rows:
        statuses = [one.status for one in state.letters.values()]
        sent = statuses.count("sent")
        waiting = sum(one in ("wanted", "not_taken", "handed_over") for one in statuses)
        row = (
            *(stream, *of_stream(stream), state.draft, state.drafted_at, state.whole, state.notes),
            *(state.released_at, state.released_by, len(statuses), sent, len(statuses) - sent - waiting, waiting > 0),
        )
        return {"monthly_reviews": [row]}


def _changes(state: Sheet, event: ReviewEvent) -> Mapping[str, Any]:
    match event:
        case m.ReviewNoted():
            return {"notes": state.notes + 1}
        case m.ReviewReleased():
            letters = {one: Letter() for one in event.to}
            return {"released_at": event.at, "released_by": event.by, "letters": letters}
        case m.ReviewHandedOver():
            return {"letters": {**state.letters, event.recipient: Letter(status="handed_over")}}
        case m.ReviewDelivered():
            return {"letters": {**state.letters, event.recipient: Letter(status=event.status)}}
        case _:
            return {}


@dataclass(frozen=True, slots=True)
class MonthlyReviewRow:
    program: str
    month: str
    draft: int
    drafted_at: datetime
    whole: bool
    """False: it was drafted before the month was over."""
    notes: int
    released_at: datetime | None
    """Null: nobody has released it."""
    released_by: str | None
    letters: int
    """How many people get it."""
    sent: int
    failed: int


_REVIEWS = View(monthly_reviews=1)


async def monthly_reviews(
    pool: Pool, program: str, before: str | None = None, limit: int = 24
) -> list[MonthlyReviewRow]:
    """The latest month first, from the one before `before` on. Raises BeingRebuilt."""
    rows = await _REVIEWS.fetch(pool, query("monthly_reviews_list"), program, before, limit)
    return [MonthlyReviewRow(*row) for row in rows]


async def released(pool: Pool, program: str) -> int:
    """How many months were released. Raises BeingRebuilt."""
    count: int = (await _REVIEWS.fetchrow(pool, query("monthly_reviews_released"), program))[0]
    return count
