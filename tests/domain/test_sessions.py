"""From the match to the wrap-up: mentors, sessions, milestones."""

from datetime import timedelta

import pytest

from domain.ids import CaseId, MilestoneId
from domain.journey.commands import (
    ApproveMatch,
    EndPathway,
    MissDeadline,
    RecordAttendance,
    RescheduleSession,
    ReviewMilestone,
    SubmitMilestone,
)
from domain.journey.events import (
    Attendance,
    AttendanceRecorded,
    CaseOpened,
    MentorMatched,
    MilestoneDeadlineMissed,
    MilestoneReviewed,
    MilestoneSubmitted,
    ReminderFellDue,
    SessionRescheduled,
    WrapUpStarted,
)
from domain.kit import Kit
from tests.domain.specification import given
from tests.domain.stories import (
    ANA,
    BEN,
    CV,
    KIT,
    S1,
    S2,
    S3,
    TALK,
    all_but_one,
    day,
    handed_in,
    in_review,
    in_sessions,
    kit_with,
    matching,
    plan,
    returned,
    wrapping_up,
)


def term(starts_at: float) -> Kit:
    """The sample kit, as a fixed term that begins on this day."""
    return kit_with(starts_at=day(starts_at))


def test_a_match_gives_every_session_and_milestone_its_date() -> None:
    matched = (
        given(*matching)
        .when(ApproveMatch(mentor=ANA, reason="both nurses"), at=day(3))
        .then(MentorMatched(at=day(3), mentor=ANA, reason="both nurses"), plan)
    )
    assert matched.awaits == ["session:s1#1", "milestone:cv#1", "session:s2#1", "session:s3#1", "milestone:talk#1"]


def test_matching_the_same_mentor_again_changes_nothing_and_another_one_replaces_them() -> None:
    given(*in_sessions).when(ApproveMatch(mentor=ANA), at=day(4)).nothing()
    given(*in_sessions).when(ApproveMatch(mentor=BEN, reason="moved away"), at=day(4)).then(
        MentorMatched(at=day(4), mentor=BEN, reason="moved away")
    )
    given(*in_review).when(ApproveMatch(mentor=ANA), at=day(2)).rejected("the journey is in intake")
    given(*wrapping_up).when(ApproveMatch(mentor=BEN), at=day(19)).rejected("the journey is in wrap-up")


def test_a_match_not_made_in_time_opens_a_case() -> None:
    given(*matching).when_due("escalations.no-mentor").then(
        CaseOpened(
            at=day(8),
            case=CaseId("case-1"),
            rule="no-mentor",
            about="match#1",
            severity="warning",
            owner="ops",
            respond_by=day(9),
        )
    )


def test_a_fixed_term_that_lies_ahead_counts_from_its_own_beginning() -> None:
    waiting = given(*matching, kit=term(10)).when(ApproveMatch(mentor=ANA), at=day(3)).so()
    assert [one.starts_at for one in waiting.state.sessions] == [day(13), day(18), day(25)]
    assert waiting.state.ends_at == day(38)
    assert waiting.timer("escalations.quiet-7").at == day(17)


def test_who_joins_a_running_term_late_misses_what_is_over_and_gets_time_for_what_is_due() -> None:
    late = given(*matching, kit=term(-7)).when(ApproveMatch(mentor=ANA), at=day(3)).so()
    assert [one.session for one in late.state.sessions] == [S3]
    assert [one.due_at for one in late.state.milestones] == [day(6), day(13)]


def test_who_is_matched_after_the_term_goes_straight_to_the_wrap_up() -> None:
    after = given(*matching, kit=term(-60)).when(ApproveMatch(mentor=ANA), at=day(3)).so()
    assert after.state.ends_at == day(3)
    after.when_due("pathways.fast.ends").then(WrapUpStarted(at=day(3), reason="pathway_ended", due_at=day(10)))


def test_a_session_has_its_reminder_the_day_before() -> None:
    given(*in_sessions).when_due("pathways.fast.sessions.s1.reminders.0").then(
        ReminderFellDue(
            at=day(5),
            rule="pathways.fast.sessions.s1.reminders.0",
            about="session:s1#1",
            duty="attendance",
            to="learner",
        )
    )


def test_a_session_moved_has_its_reminder_again() -> None:
    reminded = given(*in_sessions).when_due("pathways.fast.sessions.s1.reminders.0").so()
    move = RescheduleSession(by="mentor:ana", session=S1, starts_at=day(8))
    moved = reminded.when(move, at=day(5, 1)).then(
        SessionRescheduled(at=day(5, 1), by="mentor:ana", session=S1, starts_at=day(8), attendance_due_at=day(9, 1))
    )
    assert moved.timer("pathways.fast.sessions.s1.reminders.0").at == day(7)
    moved.when(move, at=day(6)).nothing()


def test_a_session_moves_only_to_a_time_that_can_come() -> None:
    story = given(*in_sessions)
    story.when(RescheduleSession(session=S1, starts_at=day(3)), at=day(4)).rejected("lies in the past")
    story.when(RescheduleSession(session=S1, starts_at=day(31)), at=day(4)).rejected(
        "the pathway ends on 02 April 2026"
    )
    unknown = RescheduleSession.model_validate({"session": "s9", "starts_at": day(8)})
    story.when(unknown, at=day(4)).rejected("it has: s1, s2, s3")
    given(*all_but_one).when(RescheduleSession(session=S1, starts_at=day(20)), at=day(17)).rejected(
        "already been recorded as attended"
    )
    given(*wrapping_up).when(RescheduleSession(session=S1, starts_at=day(20)), at=day(19)).rejected("in wrap-up")


@pytest.mark.parametrize("attendance", ["attended", "late", "missed_by_learner", "missed_by_mentor", "cancelled_late"])
def test_attendance_is_recorded_once(attendance: Attendance) -> None:
    record = RecordAttendance(session=S1, attendance=attendance, notes="went well")
    recorded = (
        given(*in_sessions)
        .when(record, at=day(6, 2))
        .then(AttendanceRecorded(at=day(6, 2), session=S1, attendance=attendance, notes="went well"))
    )
    assert "session:s1#1" not in recorded.awaits
    recorded.when(record, at=day(7)).nothing()
    other: Attendance = "late" if attendance == "cancelled_late" else "cancelled_late"
    recorded.when(RecordAttendance(session=S1, attendance=other), at=day(7)).rejected("already been recorded as")


def test_attendance_belongs_to_a_session_of_the_journey() -> None:
    unknown = RecordAttendance.model_validate({"session": "s9", "attendance": "late"})
    given(*in_sessions).when(unknown, at=day(6)).rejected("'s9' is not a session of this journey")
    given(*matching).when(RecordAttendance(session=S1, attendance="late"), at=day(6)).rejected("sessions or wrap-up")


def test_work_handed_in_goes_to_review() -> None:
    submit = SubmitMilestone(by="learner:lea", milestone=CV)
    sent = (
        given(*in_sessions)
        .when(submit, at=day(9))
        .then(MilestoneSubmitted(at=day(9), milestone=CV, attempt=1, review_due_at=day(12)))
    )
    assert "review:cv#1" in sent.awaits
    assert "pathways.fast.milestones.cv.due" not in sent.rules
    sent.when(submit, at=day(10)).nothing()


def test_work_judged_is_not_handed_in_again() -> None:
    given(*all_but_one).when(SubmitMilestone(milestone=CV), at=day(17)).rejected("already been judged: passed")
    given(*in_review).when(SubmitMilestone(milestone=CV), at=day(2)).rejected("belongs to the stage")
    unknown = SubmitMilestone.model_validate({"milestone": "poem"})
    given(*in_sessions).when(unknown, at=day(9)).rejected("it has: cv, talk")


@pytest.mark.parametrize("verdict", ["passed", "failed"])
def test_a_verdict_settles_a_milestone(verdict: str) -> None:
    review = ReviewMilestone.model_validate({"milestone": CV, "verdict": verdict, "score": 70, "feedback": "clear"})
    judged = (
        given(*handed_in)
        .when(review, at=day(10))
        .then(
            MilestoneReviewed.model_validate(
                {"at": day(10), "milestone": CV, "attempt": 1, "verdict": verdict, "score": 70, "feedback": "clear"}
            )
        )
    )
    assert not [about for about in judged.awaits if "cv" in about]
    judged.when(review, at=day(11)).nothing()
    judged.when(ReviewMilestone(milestone=CV, verdict="returned"), at=day(11)).rejected("already been judged")


def test_returned_work_has_another_attempt_and_time_for_it() -> None:
    send_back = ReviewMilestone(milestone=CV, verdict="returned", score=40)
    sent_back = (
        given(*handed_in)
        .when(send_back, at=day(10))
        .then(MilestoneReviewed(at=day(10), milestone=CV, attempt=1, verdict="returned", score=40, due_at=day(13)))
    )
    assert "milestone:cv#2" in sent_back.awaits
    assert sent_back.timer("pathways.fast.milestones.cv.reminders.0").at == day(11)
    sent_back.when(send_back, at=day(11)).nothing()
    sent_back.when(SubmitMilestone(milestone=CV), at=day(12)).then(
        MilestoneSubmitted(at=day(12), milestone=CV, attempt=2, review_due_at=day(15))
    )


def test_a_verdict_on_an_earlier_attempt_judges_no_newer_work() -> None:
    late = ReviewMilestone(milestone=CV, attempt=1, verdict="returned", score=40)
    given(*returned).when(late, at=day(11)).nothing()
    again = given(*returned).when(SubmitMilestone(milestone=CV), at=day(12)).so()
    again.when(late, at=day(12, 1)).nothing()
    again.when(late.model_copy(update={"score": 41}), at=day(12, 1)).rejected("at attempt 2, not 1")
    again.when(late.model_copy(update={"attempt": 3}), at=day(12, 1)).rejected("at attempt 2, not 3")
    now = ReviewMilestone(milestone=CV, attempt=2, verdict="passed")
    passed = again.when(now, at=day(13)).then(
        MilestoneReviewed(at=day(13), milestone=CV, attempt=2, verdict="passed"),
    )
    passed.when(now, at=day(13)).nothing()
    passed.when(ReviewMilestone(milestone=CV, attempt=1, verdict="passed"), at=day(14)).rejected("at attempt 2, not 1")


def test_work_returned_early_keeps_the_later_of_the_two_dates() -> None:
    early = given(*in_sessions).when(SubmitMilestone(milestone=CV), at=day(4)).so()
    back = early.when(ReviewMilestone(milestone=CV, verdict="returned"), at=day(5)).so()
    assert back.timer("pathways.fast.milestones.cv.due").at == day(10)


def test_there_must_be_work_to_review() -> None:
    given(*in_sessions).when(ReviewMilestone(milestone=CV, verdict="passed"), at=day(9)).rejected("not been handed in")
    given(*returned).when(ReviewMilestone(milestone=CV, verdict="passed"), at=day(11)).rejected("not been handed in")


def test_a_milestone_has_its_reminder() -> None:
    rule = "pathways.fast.milestones.cv.reminders.0"
    given(*in_sessions).when_due(rule).then(
        ReminderFellDue(at=day(8), rule=rule, about="milestone:cv#1", duty="milestone", to="learner")
    )


def test_a_deadline_missed_is_a_fact_and_the_work_may_still_come() -> None:
    missed = (
        given(*in_sessions)
        .when_due("pathways.fast.milestones.cv.due")
        .then(MilestoneDeadlineMissed(at=day(10), milestone=CV, attempt=1))
    )
    assert "milestone:cv#1" in missed.awaits
    assert "pathways.fast.milestones.cv.due" not in missed.rules
    missed.when(MissDeadline(milestone=CV), at=day(11)).nothing()
    missed.when(SubmitMilestone(milestone=CV), at=day(11)).then(
        MilestoneSubmitted(at=day(11), milestone=CV, attempt=1, review_due_at=day(14))
    )


def test_a_deadline_is_not_missed_before_it_comes_nor_after_the_work_did() -> None:
    given(*in_sessions).when(MissDeadline(milestone=CV), at=day(9)).nothing()
    given(*handed_in).when(MissDeadline(milestone=CV), at=day(10)).nothing()
    given(*in_sessions).when(MissDeadline(milestone=MilestoneId("poem")), at=day(10)).nothing()


def test_the_wrap_up_begins_as_soon_as_all_is_settled() -> None:
    last = RecordAttendance(session=S3, attendance="cancelled_late")
    done = (
        given(*all_but_one)
        .when(last, at=day(18))
        .then(
            AttendanceRecorded(at=day(18), session=S3, attendance="cancelled_late"),
            WrapUpStarted(at=day(18), reason="all_settled", due_at=day(25)),
        )
    )
    assert done.awaits == ["wrap_up#1"]


def test_a_pathway_may_run_to_its_end_though_all_is_settled() -> None:
    kit = kit_with(pathways=[KIT.pathways[0].model_dump() | {"ends_when_done": False}])
    given(*all_but_one, kit=kit).when(RecordAttendance(session=S3, attendance="late"), at=day(18)).then(
        AttendanceRecorded(at=day(18), session=S3, attendance="late")
    )


def test_the_wrap_up_begins_at_the_end_of_the_pathway_whatever_is_open() -> None:
    over = (
        given(*in_sessions)
        .when_due("pathways.fast.ends")
        .then(WrapUpStarted(at=day(31), reason="pathway_ended", due_at=day(38)))
    )
    assert {"wrap_up#1", "session:s1#1", "milestone:talk#1"} < set(over.awaits)
    over.when(SubmitMilestone(milestone=TALK), at=day(32)).then(
        MilestoneSubmitted(at=day(32), milestone=TALK, attempt=1, review_due_at=day(35))
    )
    given(*in_sessions).when(EndPathway(), at=day(31) - timedelta(seconds=1)).nothing()
    given(*wrapping_up).when(EndPathway(), at=day(31)).nothing()


def test_a_pathway_without_work_lasts_until_its_end() -> None:
    steady = kit_with(escalations=())
    from_matching = (*in_review, matching[-1].model_copy(update={"pathway": "steady"}))
    matched = given(*from_matching, kit=steady).when(ApproveMatch(mentor=ANA), at=day(3)).so()
    assert (matched.awaits, matched.rules) == ([], ["pathways.steady.ends"])


def test_a_late_joiner_is_not_awaited_at_sessions_that_are_over() -> None:
    late = given(*matching, kit=term(-7)).when(ApproveMatch(mentor=ANA), at=day(3)).so()
    late.when(RecordAttendance(session=S2, attendance="attended"), at=day(4)).rejected("it has: s3")
