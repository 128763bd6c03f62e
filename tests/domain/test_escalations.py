"""Rules written in advance: what sets each of them off, once, and what is done."""

from datetime import datetime

import pytest

from domain.ids import CaseId
from domain.journey import attention
from domain.journey.commands import (
    Escalate,
    Pause,
    RecordAttendance,
    ReleaseMentor,
    ReportActivity,
    ResolveCase,
    Resume,
    SubmitMilestone,
)
from domain.journey.events import (
    ActivitySeen,
    Attendance,
    AttendanceRecorded,
    CaseOpened,
    CaseResolved,
    MilestoneSubmitted,
    Nudged,
)
from domain.kit import OpenCase
from tests.domain.specification import Given, given
from tests.domain.stories import CV, KIT, S1, S2, S3, day, handed_in, in_sessions, matching, returned, wrapping_up


def case(nth: int, rule: str, about: str, opened: float) -> CaseOpened:
    """The case that a rule of the sample kit opens so many days after the beginning."""
    escalation = next(one for one in KIT.escalations if one.id == rule)
    assert isinstance(escalation.then, OpenCase)
    return CaseOpened(
        at=day(opened),
        case=CaseId(f"case-{nth}"),
        rule=rule,
        about=about,
        severity=escalation.then.severity,
        owner=escalation.then.open_case,
        respond_by=day(opened, 48),
    )


# --- overdue duties


def test_late_work_opens_a_case_for_the_mentor() -> None:
    opened = (
        given(*in_sessions)
        .when_due("escalations.late-work", about="cv")
        .then(case(1, "late-work", "milestone:cv#1", 12))
    )
    assert "case:case-1" in opened.awaits
    assert attention(opened.state) == "warning"


def test_each_attempt_can_be_late_once() -> None:
    given(*returned).when_due("escalations.late-work", about="cv").then(case(1, "late-work", "milestone:cv#2", 15))


def test_a_late_review_nudges_the_mentor() -> None:
    given(*handed_in).when_due("escalations.late-review").then(
        Nudged(at=day(12), rule="late-review", about="review:cv#1", to="mentor")
    )


def test_attendance_not_recorded_nudges_the_mentor() -> None:
    given(*in_sessions).when_due("escalations.late-notes", about="goals").then(
        Nudged(at=day(7, 1), rule="late-notes", about="session:s1#1", to="mentor")
    )


def test_a_nudge_for_a_mentor_goes_to_ops_while_there_is_none() -> None:
    alone = given(*handed_in).when(ReleaseMentor(reason="moved away"), at=day(10)).so()
    alone.when_due("escalations.late-review").then(
        Nudged(at=day(12), rule="late-review", about="review:cv#1", to="ops")
    )


def test_an_escalation_comes_once_and_not_before_its_time() -> None:
    too_late = Escalate(escalation="late-work", about="milestone:cv#1")
    given(*in_sessions).when(too_late, at=day(11)).nothing()
    given(*in_sessions).when(too_late, at=day(12)).so().when(too_late, at=day(13)).nothing()


def test_an_escalation_of_what_has_been_done_says_nothing() -> None:
    given(*handed_in).when(Escalate(escalation="late-work", about="milestone:cv#1"), at=day(12)).nothing()
    given(*in_sessions).when(Escalate(escalation="unheard-of", about="milestone:cv#1"), at=day(12)).nothing()


# --- cases


def with_case() -> Given:
    return given(*matching).when_due("escalations.no-mentor").so()


def test_a_case_is_resolved_with_a_word_on_how() -> None:
    resolve = ResolveCase(case=CaseId("case-1"), resolution="ben has a place free")
    resolved = (
        with_case()
        .when(resolve, at=day(8, 5))
        .then(CaseResolved(at=day(8, 5), case=CaseId("case-1"), resolution="ben has a place free"))
    )
    assert attention(resolved.state) is None
    resolved.when(resolve, at=day(9)).nothing()


def test_an_unknown_case_is_refused_with_the_ones_there_are() -> None:
    unknown = ResolveCase(case=CaseId("case-7"), resolution="?")
    with_case().when(unknown, at=day(9)).rejected("it has: case-1")
    given(*in_sessions).when(unknown, at=day(9)).rejected("it has: none")


def test_an_unanswered_case_opens_another_but_that_one_opens_none() -> None:
    second = with_case().when_due("escalations.unanswered").then(case(2, "unanswered", "case:case-1", 9))
    assert attention(second.state) == "critical"
    assert "escalations.unanswered" not in second.rules


def test_a_case_can_be_resolved_during_a_pause() -> None:
    halted = with_case().when(Pause(reason="holiday"), at=day(8, 1)).so()
    assert halted.when(ResolveCase(case=CaseId("case-1"), resolution="ben"), at=day(8, 2)).so().state.cases == ()


# --- sessions missed in a row


def attended(story: Given, *record: Attendance) -> Given:
    for session, attendance, at in zip((S1, S2, S3), record, (day(6), day(11), day(18)), strict=False):
        story = story.when(RecordAttendance(session=session, attendance=attendance), at=at).so()
    return story


def test_two_sessions_missed_in_a_row_open_a_case() -> None:
    once = attended(given(*in_sessions), "missed_by_learner")
    once.when(RecordAttendance(session=S2, attendance="missed_by_learner"), at=day(11)).then(
        AttendanceRecorded(at=day(11), session=S2, attendance="missed_by_learner"),
        case(1, "two-missed", "missed-since:s1", 11),
    )


def test_a_third_miss_in_the_same_row_opens_no_second_case() -> None:
    thrice = attended(given(*in_sessions), "missed_by_learner", "missed_by_learner", "missed_by_learner")
    assert [one.rule for one in thrice.state.cases] == ["two-missed"]


@pytest.mark.parametrize(
    ("between", "cases"), [("attended", 0), ("late", 0), ("missed_by_mentor", 1), ("cancelled_late", 1)]
)
def test_only_coming_breaks_the_row(between: Attendance, cases: int) -> None:
    story = attended(given(*in_sessions), "missed_by_learner", between, "missed_by_learner")
    assert len(story.state.cases) == cases


# --- quiet spells


def test_a_quiet_week_asks_when_the_learner_was_last_active() -> None:
    asked = given(*in_sessions).timer("escalations.quiet-7")
    assert asked.at == day(10)
    assert given(*in_sessions).rules.count("escalations.quiet-14") == 0  # one look at a time, the next one only


def test_a_learner_who_was_active_after_all_is_left_alone() -> None:
    seen = (
        given(*in_sessions)
        .when_due("escalations.quiet-7", last_active_at=day(8))
        .then(ActivitySeen(at=day(10), last_active_at=day(8)))
    )
    assert seen.timer("escalations.quiet-7").at == day(15)


@pytest.mark.parametrize("last_active_at", [None, day(2), day(3)])
def test_a_learner_not_seen_since_is_nudged_then_a_case_is_opened(last_active_at: datetime | None) -> None:
    nudged = (
        given(*in_sessions)
        .when_due("escalations.quiet-7", last_active_at=last_active_at)
        .then(Nudged(at=day(10), rule="quiet-7", about="quiet-since:2026-03-05T12:00", to="learner"))
    )
    cased = nudged.when_due("escalations.quiet-14", last_active_at=last_active_at).then(
        case(1, "quiet-14", "quiet-since:2026-03-05T12:00", 17)
    )
    assert not [rule for rule in cased.rules if "quiet" in rule]


def test_activity_long_ago_still_sets_off_the_rules_it_is_too_old_for() -> None:
    given(*in_sessions).when(ReportActivity(last_active_at=day(4)), at=day(12)).then(
        ActivitySeen(at=day(12), last_active_at=day(4)),
        Nudged(at=day(12), rule="quiet-7", about="quiet-since:2026-03-06T12:00", to="learner"),
    )


@pytest.mark.parametrize(
    "sign",
    [
        AttendanceRecorded(at=day(6), session=S1, attendance="attended"),
        MilestoneSubmitted(at=day(6), milestone=CV, attempt=1, review_due_at=day(9)),
    ],
)
def test_coming_and_handing_in_are_signs_of_life(sign: AttendanceRecorded | MilestoneSubmitted) -> None:
    assert given(*in_sessions, sign).timer("escalations.quiet-7").at == day(13)


def test_missing_a_session_is_no_sign_of_life() -> None:
    missed = AttendanceRecorded(at=day(6), session=S1, attendance="missed_by_learner")
    assert given(*in_sessions, missed).timer("escalations.quiet-7").at == day(10)


def test_activity_in_the_future_counts_as_now() -> None:
    given(*in_sessions).when(ReportActivity(last_active_at=day(99)), at=day(10)).then(
        ActivitySeen(at=day(10), last_active_at=day(10))
    )


def test_quiet_is_not_minded_outside_the_sessions_nor_in_a_pause() -> None:
    given(*matching).when(ReportActivity(last_active_at=None), at=day(50)).nothing()
    given(*wrapping_up).when(ReportActivity(last_active_at=None), at=day(24)).nothing()
    halted = given(*in_sessions).when(Pause(reason="ill"), at=day(5)).so()
    halted.when(ReportActivity(last_active_at=None), at=day(40)).nothing()


def test_a_pause_does_not_count_as_quiet() -> None:
    halted = given(*in_sessions).when(Pause(reason="ill"), at=day(5)).so()
    resumed = halted.when(Resume(), at=day(25)).so()
    assert resumed.timer("escalations.quiet-7").at == day(30)


def test_a_rule_that_came_true_in_a_quiet_spell_does_not_again_because_of_a_pause() -> None:
    nudged = given(*in_sessions).when_due("escalations.quiet-7").so()
    resumed = nudged.when(Pause(reason="ill"), at=day(11)).so().when(Resume(), at=day(21)).so()
    assert resumed.timer("escalations.quiet-14").at == day(27)
    assert "escalations.quiet-7" not in resumed.rules


def test_activity_during_a_pause_begins_a_new_spell_that_counts_from_its_end() -> None:
    nudged = given(*in_sessions).when_due("escalations.quiet-7").so()
    resumed = nudged.when(Pause(reason="ill"), at=day(11)).so().when(Resume(), at=day(21)).so()
    seen = resumed.when(ReportActivity(last_active_at=day(13)), at=day(27)).then(
        ActivitySeen(at=day(27), last_active_at=day(13))
    )
    assert seen.timer("escalations.quiet-7").at == day(28)


def test_work_handed_in_ends_the_spell() -> None:
    nudged = given(*in_sessions).when_due("escalations.quiet-7").so()
    back = nudged.when(SubmitMilestone(milestone=CV), at=day(11)).so()
    assert back.timer("escalations.quiet-7").at == day(18)
