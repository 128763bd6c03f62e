"""A fixed term ends when it ends: what a reset or a pause moves stays within it, and what no longer fits is told."""

from domain.journey.commands import RecordAttendance, ResetPathway
from domain.journey.events import PathwayReset, PlannedMilestone, PlannedSession
from tests.domain.specification import Given, given
from tests.domain.stories import CV, S1, S2, S3, TALK, day, in_sessions, kit_with

TERM = kit_with(starts_at=day(3))
"""It ends on the 31st day."""
RESET = ResetPathway(reason="another goal")


def missed_first() -> Given:
    record = RecordAttendance(session=S1, attendance="missed_by_learner")
    return given(*in_sessions, kit=TERM).when(record, at=day(6)).so()


def test_a_reset_in_a_term_keeps_its_end_and_says_what_is_beyond_it() -> None:
    again = (
        missed_first()
        .when(RESET, at=day(17))
        .then(
            PathwayReset(
                at=day(17),
                reason="another goal",
                starts_at=day(17),
                ends_at=day(31),
                sessions=(
                    PlannedSession(session=S1, starts_at=day(20), attendance_due_at=day(21, 1)),
                    PlannedSession(session=S2, starts_at=day(25), attendance_due_at=day(26, 1)),
                ),
                milestones=(
                    PlannedMilestone(milestone=CV, due_at=day(24)),
                    PlannedMilestone(milestone=TALK, due_at=day(31)),
                ),
                left_out=(S3,),
            )
        )
    )
    assert again.awaited("session:s3#1").due_at == day(19, 1)
    assert again.timer("pathways.fast.ends").at == day(31)


def test_a_missed_session_that_no_longer_fits_stays_missed() -> None:
    again = missed_first().when(RESET, at=day(29)).so()
    assert [(one.session, one.starts_at, one.attendance) for one in again.state.sessions] == [
        (S1, day(6), "missed_by_learner"),
        (S2, day(11), None),
        (S3, day(18), None),
    ]


def test_a_reset_before_the_term_begins_counts_from_its_beginning() -> None:
    ahead = given(*in_sessions, kit=kit_with(starts_at=day(10))).when(RESET, at=day(4)).so()
    assert [one.starts_at for one in ahead.state.sessions] == [day(13), day(18), day(25)]


def test_a_reset_without_a_term_has_the_whole_time_of_the_pathway() -> None:
    again = given(*in_sessions).when(RESET, at=day(17)).so()
    assert [one.starts_at for one in again.state.sessions] == [day(20), day(25), day(32)]
    assert again.state.ends_at == day(45)
