"""A fixed term ends when it ends: what a reset or a pause moves stays within it, and what no longer fits is told."""

from datetime import timedelta

from domain.journey.commands import Pause, RecordAttendance, ResetPathway, Resume
from domain.journey.events import (
    AttendanceRecorded,
    JourneyPaused,
    JourneyResumed,
    Nudged,
    PathwayReset,
    PlannedMilestone,
    PlannedSession,
    SessionRescheduled,
)
from tests.domain.specification import Given, given
from tests.domain.stories import CV, S1, S2, S3, TALK, day, in_sessions, kit_with, matching

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


def halted(since: float, until: float) -> Given:
    return given(*in_sessions, kit=TERM).when(Pause(reason="ill", until=day(until)), at=day(since)).so()


def test_a_pause_in_a_term_moves_what_still_fits_and_no_work_past_the_end() -> None:
    resumed = (
        halted(10.5, 19.5)
        .when_due("pausing.limit")
        .then(
            JourneyResumed(at=day(19.5), paused_for=timedelta(days=9), ends_by=day(31)),
        )
    )
    assert [one.starts_at for one in resumed.state.sessions] == [day(6), day(20), day(27)]
    assert [one.due_at for one in resumed.state.milestones] == [day(19), day(31)]
    assert resumed.timer("pathways.fast.ends").at == day(31)


def test_a_session_that_a_pause_would_carry_past_the_end_keeps_its_date_while_that_lies_ahead() -> None:
    resumed = (
        halted(4, 17.5)
        .when(Resume(), at=day(17.5))
        .then(
            JourneyResumed(at=day(17.5), paused_for=timedelta(days=13.5), ends_by=day(31)),
            SessionRescheduled(at=day(17.5), session=S3, starts_at=day(18), attendance_due_at=day(19, 1)),
        )
    )
    assert [one.starts_at for one in resumed.state.sessions] == [day(19.5), day(24.5), day(18)]
    assert "pathways.fast.sessions.s3.reminders.0" not in resumed.rules


def test_a_session_that_fell_into_the_pause_and_fits_no_more_is_called_off() -> None:
    resumed = (
        halted(10, 30)
        .when(Resume(), at=day(29))
        .then(
            JourneyResumed(at=day(29), paused_for=timedelta(days=19), ends_by=day(31)),
            AttendanceRecorded(
                at=day(29),
                session=S3,
                attendance="cancelled_in_time",
                notes="it fell into the pause, and does not fit in before the term ends on 02 April 2026",
            ),
        )
    )
    assert [one.starts_at for one in resumed.state.sessions if not one.attendance] == [day(6), day(30)]
    assert [one.due_at for one in resumed.state.milestones] == [day(29), day(31)]


def test_a_pause_in_a_term_lasts_until_its_end_at_most() -> None:
    story = given(*in_sessions, kit=TERM)
    story.when(Pause(reason="ill", until=day(32)), at=day(20)).rejected("02 April 2026 at most, when the term ends")
    halted = story.when(Pause(reason="ill"), at=day(20)).then(JourneyPaused(at=day(20), reason="ill", until=day(31)))
    assert halted.when_due("pausing.limit").so().timer("pathways.fast.ends").at == day(31)
    given(*matching, kit=TERM).when(Pause(reason="ill", until=day(32)), at=day(3)).then(
        JourneyPaused(at=day(3), reason="ill", until=day(32))
    )


def test_a_session_called_off_sets_off_no_rule_about_misses() -> None:
    often = {"id": "often", "title": "t", "when": {"sessions_missed": 1, "within": "10 days"}, "then": {"nudge": "ops"}}
    story = given(*in_sessions, kit=kit_with(escalations=[often]))
    for session, at in ((S1, 6), (S2, 11)):
        story = story.when(RecordAttendance(session=session, attendance="missed_by_learner"), at=day(at)).so()
    assert len([one for one in story.events if isinstance(one, Nudged)]) == 1
    called_off = story.when(RecordAttendance(session=S3, attendance="cancelled_in_time"), at=day(18))
    assert len(called_off.events) == 1


def test_a_reset_without_a_term_has_the_whole_time_of_the_pathway() -> None:
    again = given(*in_sessions).when(RESET, at=day(17)).so()
    assert [one.starts_at for one in again.state.sessions] == [day(20), day(25), day(32)]
    assert again.state.ends_at == day(45)
