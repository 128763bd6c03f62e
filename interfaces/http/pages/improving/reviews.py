"""The monthly reviews of a program: the months, and one of them, to be read, printed, noted and released."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.ids import ProgramId
from domain.monthly_review import ReviewState
from domain.monthly_review.period import in_words
from domain.values import Frozen, counted
from interfaces.http.pages.fields import Form, form_of
from interfaces.http.v1.monthly_reviews import Note
from projections.views.monthly_reviews import MonthlyReviewRow
from queries.monthly_review_words import Section, sections, standing, title

PAGE = 24
_NAMED = 8


class Nothing(Frozen):
    """There is nothing to fill in."""


class Release(Frozen):
    draft: int
    """The draft that was read: a later one is not released by mistake."""


@dataclass(frozen=True, slots=True)
class ReviewPage:
    program: str
    title: str
    standing: str
    sections: Sequence[Section]
    release: Form | None
    note: Form | None
    draft: Form | None
    refused: Form | None


@dataclass(frozen=True, slots=True)
class ReviewLink:
    month: str
    """As `2026-11`, for the address."""
    title: str
    standing: str
    released: bool


@dataclass(frozen=True, slots=True)
class ReviewsPage:
    program: str
    latest: str
    """The last month that is over."""
    latest_words: str
    draft: Form | None
    """Of that month, where there is none and the reader may make it."""
    is_drafted: bool
    reviews: Sequence[ReviewLink]
    next: str | None


def review_page(program: ProgramId, shown: ReviewState, refused: Form | None, *, acts: bool) -> ReviewPage:
    """`shown`: without words for whoever may not see them."""
    document = shown.document
    assert document, "a review begins with a draft"
    decides = acts and shown.released is None
    return ReviewPage(
        program=program,
        title=title(document),
        standing=standing(shown),
        sections=sections(shown),
        release=release_form(program, document.month, shown.draft) if decides and document.whole else None,
        note=note_form(program, document.month) if decides else None,
        draft=draft_form(program, document.month, "Draft it again") if decides else None,
        refused=refused,
    )


def reviews_page(
    program: ProgramId, latest: str, rows: Sequence[MonthlyReviewRow], *, acts: bool, is_first: bool
) -> ReviewsPage:
    is_drafted = any(one.month == latest for one in rows) or not is_first
    offers = acts and not is_drafted
    return ReviewsPage(
        program=program,
        latest=latest,
        latest_words=in_words(latest),
        draft=draft_form(program, latest, f"Draft the review of {in_words(latest)}") if offers else None,
        is_drafted=is_drafted,
        reviews=[_link(one) for one in rows[:PAGE]],
        next=f"/programs/{program}/reviews?before={rows[PAGE - 1].month}" if len(rows) > PAGE else None,
    )


def _link(one: MonthlyReviewRow) -> ReviewLink:
    if one.released_at is None:
        return ReviewLink(one.month, in_words(one.month), f"draft {one.draft}, not released", released=False)
    said = f"released on {one.released_at:%d %b %Y} by {one.released_by}"
    return ReviewLink(one.month, in_words(one.month), said, released=True)


def draft_form(program: ProgramId, month: str, label: str) -> Form:
    says = "The figures of the month are put together anew; notes stay."
    return form_of(Nothing, f"/programs/{program}/reviews/{month}/draft", title=label, says=says)


def note_form(program: ProgramId, month: str) -> Form:
    return form_of(
        Note,
        f"/programs/{program}/reviews/{month}/notes",
        title="Add a note",
        says="What is behind the figures, and what follows. It is part of the review.",
        labels={"text": "Your words"},
    )


def release_form(program: ProgramId, month: str, draft: int | None = None) -> Form:
    """None: as it is read when it was sent, with the draft that was seen then."""
    return form_of(
        Release,
        f"/programs/{program}/reviews/{month}/release",
        title="Release this review",
        says="It changes no more, and those whom the kit names get it by letter.",
        fixed={"draft": f"{draft}"} if draft else None,
        grave=True,
    )


def released(month: str, to: Sequence[str]) -> list[str]:
    """What a release will do."""
    first = f"The review of {in_words(month)} changes no more, and shows your name."
    if not to:
        return [first, "Nobody gets it by letter: the kit names nobody."]
    named = ", ".join(to[:_NAMED]) + (", and others" if len(to) > _NAMED else "")
    return [first, f"{counted(len(to), 'letter')} {'is' if len(to) == 1 else 'are'} sent at once, to {named}."]
