"""The monthly review: drafted, completed with words, released by a person, sent once to each; and its months."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import ProgramId
from domain.monthly_review import (
    INITIAL,
    REVIEW,
    ClaimLetter,
    Command,
    DraftReview,
    NoteReview,
    RecordLetter,
    ReleaseReview,
    ReviewState,
    decide,
    of_stream,
    review_stream,
)
from domain.monthly_review.document import Cases, ReviewDocument
from domain.monthly_review.period import in_words, last_whole_month, month_before, month_of, period
from domain.refusal import Rejected

AT = datetime(2026, 12, 2, 6, tzinfo=UTC)


def document(**more: Any) -> ReviewDocument:
    since, until = period("2026-11", "Europe/Berlin")
    base: dict[str, Any] = {
        "program": "job-ready",
        "title": "Job-ready",
        "month": "2026-11",
        "zone": "Europe/Berlin",
        "since": since,
        "until": until,
        "drafted_at": AT,
        "position": 7,
        "version": "2",
        "cases": Cases(),
        "least": 20,
        "confidence": 0.95,
    }
    return ReviewDocument(**base | more)


def after(*commands: Command, state: ReviewState = INITIAL) -> ReviewState:
    for one in commands:
        state = REVIEW.fold(decide(state, one, AT), state)
    return state


def refused(state: ReviewState, command: Command, at: datetime = AT) -> str:
    with pytest.raises(Rejected) as caught:
        decide(state, command, at)
    return caught.value.code


DRAFT = DraftReview(name="a", document=document())
DRAFTED = after(DRAFT)
RELEASED = after(ReleaseReview(to=("ops", "m-1"), by="ops:ana"), state=DRAFTED)


def test_a_later_draft_replaces_an_earlier_one_and_notes_stay() -> None:
    state = after(DRAFT, NoteReview(text="Two mentors were ill"), DraftReview(name="b", document=document(position=9)))
    assert (state.draft, state.document and state.document.position, len(state.notes)) == (2, 9, 1)
    assert decide(state, DRAFT, AT) == [], "the same draft again is none"
    assert decide(state, NoteReview(text="Two mentors were ill"), AT) == []


def test_what_is_not_drafted_is_neither_completed_nor_released() -> None:
    assert refused(INITIAL, NoteReview(text="x")) == "review_not_drafted"
    assert refused(INITIAL, ReleaseReview()) == "review_not_drafted"


def test_a_released_review_stands_as_it_is() -> None:
    assert refused(RELEASED, DraftReview(name="c", document=document())) == "review_released"
    assert refused(RELEASED, NoteReview(text="late")) == "review_released"
    assert decide(RELEASED, ReleaseReview(), AT) == []


def test_somebody_releases_what_they_have_read() -> None:
    again = after(DraftReview(name="b", document=document()), state=DRAFTED)
    assert refused(again, ReleaseReview(draft=1)) == "review_drafted_anew"
    assert after(ReleaseReview(draft=2), state=again).released


def test_a_month_that_runs_is_drafted_and_not_released_and_one_to_come_is_neither() -> None:
    unfinished = after(DraftReview(name="a", document=document(whole=False)))
    assert refused(unfinished, ReleaseReview()) == "month_not_over"
    assert refused(INITIAL, DRAFT, datetime(2026, 10, 31, 22, tzinfo=UTC)) == "month_not_begun"


def test_each_letter_is_claimed_once_an_attempt() -> None:
    claim = ClaimLetter(recipient="m-1", channel="smtp", attempt=1)
    claimed = after(claim, state=RELEASED)
    assert decide(claimed, claim, AT) == [], "another was faster"
    assert decide(RELEASED, ClaimLetter(recipient="stranger", channel="smtp", attempt=1), AT) == []
    later = after(
        RecordLetter(recipient="m-1", status="not_taken"), claim.model_copy(update={"attempt": 2}), state=claimed
    )
    sent = after(RecordLetter(recipient="m-1", status="sent"), state=later)
    assert (sent.letters["m-1"].status, sent.letters["m-1"].attempts, sent.letters["ops"].open) == ("sent", 2, True)
    assert decide(sent, claim.model_copy(update={"attempt": 3}), AT) == []


def test_notes_are_bounded() -> None:
    full = after(*(NoteReview(text=f"note {n}") for n in range(50)), state=DRAFTED)
    assert refused(full, NoteReview(text="one more")) == "too_many_notes"


ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia", "Africa/Casablanca"]
)


@given(st.datetimes(datetime(1971, 1, 1), datetime(2199, 1, 1), timezones=st.just(UTC)), ZONES)  # noqa: DTZ001
def test_every_moment_is_in_one_month(at: datetime, zone: str) -> None:
    month = month_of(at, zone)
    within = period(month, zone)
    assert within.since <= at < within.until
    before = period(month_before(month), zone)
    assert before.until == within.since
    assert last_whole_month(at, zone) == month_before(month)
    assert timedelta(days=27) < within.until - within.since < timedelta(days=32)


def test_months_begin_where_the_program_is() -> None:
    assert period("2026-10", "Europe/Berlin") == (
        datetime(2026, 9, 30, 22, tzinfo=UTC),
        datetime(2026, 10, 31, 23, tzinfo=UTC),
    )
    assert in_words("2026-11") == "November 2026"


def test_a_stream_names_program_and_month() -> None:
    assert of_stream(review_stream(ProgramId("a.b-c"), "2026-11")) == ("a.b-c", "2026-11")
