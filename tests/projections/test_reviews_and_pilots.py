"""The views of monthly reviews and of pilots: the same rows for any size of batch."""

from datetime import UTC, datetime

from domain.ids import ProgramId
from domain.monthly_review import (
    REVIEW,
    ClaimLetter,
    DraftReview,
    NoteReview,
    RecordLetter,
    ReleaseReview,
    review_stream,
)
from domain.monthly_review.document import Cases, ReviewDocument
from domain.monthly_review.period import period
from domain.pilot import PILOT, BeginPilot, ChangePilot, EndPilot, Whom, pilot_stream
from projections.views.monthly_reviews import monthly_reviews, released
from projections.views.pilots import pilots
from store import sequencer
from store.database import Pool
from store.transact import transact
from tests.support.following import in_batches_of, show

AT = datetime(2026, 12, 2, 6, tzinfo=UTC)
PROGRAM = ProgramId("ready")
SINCE, UNTIL = period("2026-11", "UTC")
DOCUMENT = ReviewDocument(
    program=PROGRAM,
    title="Ready",
    month="2026-11",
    zone="UTC",
    since=SINCE,
    until=UNTIL,
    drafted_at=AT,
    position=1,
    version="1",
    least=20,
    confidence=0.95,
    cases=Cases(),
)


@in_batches_of
async def test_a_review_is_one_row_whose_letters_are_counted(pool: Pool, dsn: str, size: int) -> None:
    for command in (
        DraftReview(name="a", document=DOCUMENT),
        NoteReview(text="Two mentors were ill"),
        DraftReview(name="b", document=DOCUMENT),
        ReleaseReview(to=("ops", "m-1", "m-2"), by="ops:ana"),
        ClaimLetter(recipient="m-1", channel="smtp", attempt=1),
        RecordLetter(recipient="m-1", status="sent"),
        RecordLetter(recipient="ops", status="skipped"),
    ):
        await transact(pool, review_stream(PROGRAM, "2026-11"), REVIEW, command, AT)
    await sequencer.drain(dsn)
    await show(dsn, "monthly_reviews", size)
    (row,) = await monthly_reviews(pool, PROGRAM)
    assert (row.month, row.draft, row.notes, row.released_by) == ("2026-11", 2, 1, "ops:ana")
    assert (row.letters, row.sent, row.failed) == (3, 1, 1), "one is still to be sent"
    assert await released(pool, PROGRAM) == 1
    assert await monthly_reviews(pool, PROGRAM, before="2026-11") == []


@in_batches_of
async def test_a_pilot_is_one_row(pool: Pool, dsn: str, size: int) -> None:
    begin = BeginPilot(
        program=PROGRAM,
        title="Short intake",
        change="Four questions",
        whom=Whom(cohort="2026-11"),
        baseline=Whom(cohort="2026-10"),
        measure="completion",
    )
    for command in (begin, ChangePilot(what="Mentors are paid"), EndPilot(verdict="kept", conclusion="Fewer left")):
        await transact(pool, pilot_stream(PROGRAM, "short"), PILOT, command, AT)
    await transact(pool, pilot_stream(PROGRAM, "other"), PILOT, begin, AT)
    await sequencer.drain(dsn)
    await show(dsn, "pilots", size)
    found = {one.pilot: (one.changes, one.verdict, one.baseline) for one in await pilots(pool, PROGRAM)}
    assert found == {"short": (1, "kept", "learners"), "other": (0, None, "learners")}
    assert [one.pilot for one in await pilots(pool, PROGRAM, is_open=True)] == ["other"]
