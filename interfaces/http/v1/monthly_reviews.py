"""The monthly reviews of a program: drafted by its schedule or now, completed with words, and released by a person."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import AfterValidator, Field

from client.journeys import JourneyClient
from domain.ids import ProgramId
from domain.monthly_review import NoteReview, ReviewState
from domain.monthly_review.document import ReviewDocument
from domain.values import LAST_NUMBER, Whole
from interfaces.http.access import Operator, Reader, require_program
from interfaces.http.v1.orders import AnyOrder, Order, Said, command_of, giver
from projections.views.monthly_reviews import MonthlyReviewRow, monthly_reviews
from queries.monthly_review_words import as_text, standing
from services import monthly_reviews as services
from store.database import Pool

_MONTH = r"^(19[7-9][0-9]|20[0-9]{2}|21[0-9]{2})-(0[1-9]|1[0-2])$"


def _month(value: str) -> str:
    if not re.fullmatch(_MONTH, value, re.ASCII):
        raise ValueError("not a month; write it as 2026-11")
    return value


ReviewMonth = Annotated[
    str,
    Path(description="A calendar month, such as `2026-11`.", json_schema_extra={"pattern": _MONTH}),
    AfterValidator(_month),
]


class Note(Order):
    text: Said
    """What is behind the figures, and what follows."""


class ReviewRelease(Order):
    draft: Annotated[Whole, Field(ge=1, le=LAST_NUMBER)] | None = None
    """The draft that you have read. If there is a later one, the release is refused. Default: the latest draft."""


@dataclass(frozen=True, slots=True)
class MonthlyReviews:
    month: str
    """The last month that is over, in the time zone that the kit names for reviews."""
    reviews: list[MonthlyReviewRow]
    """The latest month first."""
    next: str | None
    """Pass it as `before` to get the next page. Null on the last page."""


@dataclass(frozen=True, slots=True)
class ReviewNote:
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReviewLetter:
    recipient: str
    """The id of a person; `ops` for the address of ops."""
    status: str
    """`wanted` and `not_taken`: it is still to be sent."""
    because: str


@dataclass(frozen=True, slots=True)
class MonthlyReviewAnswer:
    program: str
    month: str
    draft: int
    standing: str
    """Whether it is a draft, or who released it, in a sentence."""
    released_at: datetime | None
    released_by: str | None
    document: ReviewDocument
    notes: list[ReviewNote] | None
    """Null for a key that may not see personal data."""
    letters: list[ReviewLetter] | None
    """Null likewise."""
    text: str
    """All of it in Markdown."""


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = APIRouter(prefix="/programs/{program}/reviews", tags=["monthly reviews"])

    @routes.get("")
    async def list_monthly_reviews(
        program: ProgramId,
        caller: Reader,
        before: Annotated[str | None, Query(pattern=_MONTH, description="The `next` of the previous page.")] = None,
        limit: Annotated[int, Query(ge=1, le=240)] = 24,
    ) -> MonthlyReviews:
        """The months that were drafted, and which of them were released."""
        require_program(caller, program)
        month = await services.latest_month(pool, program)
        rows = await monthly_reviews(pool, program, before, limit)
        return MonthlyReviews(month, rows, rows[-1].month if len(rows) == limit else None)

    @routes.get("/{month}")
    async def get_monthly_review(program: ProgramId, month: ReviewMonth, caller: Reader) -> MonthlyReviewAnswer:
        """The review of a month: what changed, what it did to those who came next, and how the program stands.

        Notes and recipients are left out for keys that may not see personal data.
        """
        require_program(caller, program)
        found = (await services.known(pool, program, month)).state
        return _answer(found, personal=caller.sees_personal_data)

    @routes.post("/{month}/draft")
    async def draft_monthly_review(
        program: ProgramId, month: ReviewMonth, caller: Operator, body: AnyOrder
    ) -> MonthlyReviewAnswer:
        """Put the figures of a month together now. It takes the place of an earlier draft; notes stay."""
        require_program(caller, program)
        return _answer((await services.draft_now(pool, program, month, giver(caller, body.by))).state)

    @routes.post("/{month}/notes")
    async def add_note_to_review(
        program: ProgramId, month: ReviewMonth, body: Note, caller: Operator
    ) -> MonthlyReviewAnswer:
        """Add words to the review of a month, until it is released."""
        require_program(caller, program)
        return _answer((await services.add_note(pool, program, month, command_of(NoteReview, body, caller))).state)

    @routes.post("/{month}/release")
    async def release_monthly_review(
        program: ProgramId, month: ReviewMonth, body: ReviewRelease, caller: Operator
    ) -> MonthlyReviewAnswer:
        """Stand behind the review. It changes no more, and those whom the kit names get it by letter."""
        require_program(caller, program)
        by = giver(caller, body.by)
        done = await services.release(pool, journeys.temporal, program, month, draft_read=body.draft, by=by)
        return _answer(done.state)

    return routes


def _answer(state: ReviewState, *, personal: bool = True) -> MonthlyReviewAnswer:
    shown = state if personal else services.without_words(state)
    document, released = state.document, state.released
    assert document, "a review begins with a draft"
    letters = [ReviewLetter(name, one.status, one.because) for name, one in state.letters.items()]
    return MonthlyReviewAnswer(
        program=document.program,
        month=document.month,
        draft=state.draft,
        standing=standing(state),
        released_at=released.at if released else None,
        released_by=released.by if released else None,
        document=document,
        notes=[ReviewNote(one.text, one.by, one.at) for one in state.notes] if personal else None,
        letters=letters if personal else None,
        text=as_text(shown),
    )
