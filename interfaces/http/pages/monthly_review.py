"""The monthly reviews of a program as pages: a list of months, and one of them, to be read or printed."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.ids import ProgramId
from domain.monthly_review.period import in_words
from projections.views.monthly_reviews import monthly_reviews
from queries.monthly_review_words import Section, sections, standing, title
from services.monthly_reviews import known, latest_month, without_words
from store.database import Pool


@dataclass(frozen=True, slots=True)
class ReviewPage:
    program: str
    title: str
    standing: str
    sections: Sequence[Section]


@dataclass(frozen=True, slots=True)
class ReviewLink:
    month: str
    """As `2026-11`, for the address."""
    title: str
    standing: str


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    program: str
    latest: str
    """The last month that is over."""
    is_drafted: bool
    """Whether that one is."""
    reviews: Sequence[ReviewLink]


async def read_review(pool: Pool, program: ProgramId, month: str, *, personal: bool) -> ReviewPage:
    """`personal`: with what people wrote. Raises NoSuchProgram, NotFound."""
    state = (await known(pool, program, month)).state
    shown = state if personal else without_words(state)
    assert shown.document, "a review begins with a draft"
    return ReviewPage(program, title(shown.document), standing(shown), sections(shown))


async def read_reviews(pool: Pool, program: ProgramId) -> ReviewsPage:
    """Raises NoSuchProgram, BeingRebuilt."""
    latest = await latest_month(pool, program)
    rows = await monthly_reviews(pool, program)
    links = [
        ReviewLink(
            one.month,
            in_words(one.month),
            f"released on {one.released_at:%d %b %Y} by {one.released_by}" if one.released_at else f"draft {one.draft}",
        )
        for one in rows
    ]
    return ReviewsPage(program, latest, any(one.month == latest for one in rows), links)
