"""A learner who belongs to a group: its times, a late beginning, pauses, its mentor, and leaving it."""

from datetime import datetime

import pytest

from domain.ids import CohortId, MentorId, SessionId
from domain.journey.cohort import CohortJoined, CohortLeft, JoinCohort, LeaveCohort, Meeting
from domain.journey.commands import ApproveMatch, Pause, RecordAttendance, RescheduleSession, ResetPathway, Resume
from domain.journey.events import AttendanceRecorded, JourneyResumed, MentorMatched, PathwayStarted, SessionRescheduled
from domain.kit import Kit
from tests.domain.specification import Given, given
from tests.domain.stories import ANA, BEN, S1, S2, S3, day, in_review, in_sessions, kit_with, matching, returned

GROUP, OTHER = CohortId("first-steps.1"), CohortId("first-steps.2")
KIT = kit_with(cohorts={})
BRINGS = kit_with(cohorts={"brings_mentor": True})
TIMES = {S1: day(7), S2: day(14), S3: day(21)}


def join(at: datetime, cohort: CohortId = GROUP, mentor: MentorId | None = None) -> JoinCohort:
    meetings = tuple(Meeting(session=one, starts_at=starts_at) for one, starts_at in TIMES.items())
    return JoinCohort(cohort=cohort, sessions=meetings, since=at, mentor=mentor)


def member(days: float = 4, kit: Kit = KIT) -> Given:
    return given(*in_sessions, kit=kit).when(join(day(days)), day(days)).so()


def times(story: Given) -> dict[SessionId, datetime]:
    return {one.session: one.starts_at for one in story.state.sessions}


def test_the_sessions_of_the_group_take_the_place_of_the_learners_own() -> None:
    story = member()
    assert times(story) == TIMES
    assert story.state.ends_at == day(31), "its last session is over before the pathway ends"
    assert story.timer("pathways.fast.sessions.s1.reminders.0").at == day(6)
    assert story.awaited("session:s2#2").due_at == day(15, 1)


def test_joining_twice_changes_nothing_and_a_second_group_is_refused() -> None:
    member().when(join(day(4)), day(5)).nothing()
    member().when(join(day(5), OTHER), day(5)).rejected("is in the group 'first-steps.1'")


def test_whoever_joins_late_is_not_judged_for_what_was_before() -> None:
    story = member(8)
    assert times(story) == {S2: day(14), S3: day(21)}
    assert all("s1" not in one for one in story.awaits)
    [joined] = [one for one in story.events if isinstance(one, CohortJoined)]
    assert joined.left_out == (S1,)
    again = story.when(ResetPathway(reason="anew"), day(9)).so()
    assert times(again) == {S2: day(14), S3: day(21)}, "a new start brings back no session of the group"


def test_what_was_recorded_before_stays() -> None:
    story = given(*in_sessions, AttendanceRecorded(at=day(6), session=S1, attendance="late"), kit=KIT)
    joined = story.when(join(day(8)), day(8)).so()
    assert [one.attendance for one in joined.state.sessions] == ["late", None, None]


def test_before_the_match_only_the_times_are_kept_and_the_pathway_begins_with_them() -> None:
    story = given(*matching, kit=KIT).when(join(day(3)), day(3)).so()
    assert story.state.stage == "matching"
    begun = story.when(ApproveMatch(mentor=ANA), day(8)).so()
    assert times(begun) == {S2: day(14), S3: day(21)}


def test_a_group_that_brings_its_mentor_makes_the_match() -> None:
    asking = kit_with(cohorts={"brings_mentor": True}, matching={"asks": ["mentor"]})
    outcome = given(*matching, kit=asking).when(join(day(3), mentor=ANA), day(3))
    assert [type(one) for one in outcome.events] == [CohortJoined, MentorMatched, PathwayStarted]
    story = outcome.so()
    assert (story.state.stage, story.state.mentor, times(story)) == ("sessions", ANA, TIMES)
    replaced = story.when(ApproveMatch(mentor=BEN, cohort=GROUP), day(5)).so()
    assert replaced.state.mentor == BEN
    story.when(ApproveMatch(mentor=BEN, cohort=OTHER), day(5)).rejected("not in the group")
    story.when(ApproveMatch(mentor=BEN), day(5)).rejected("asks the mentor before a match")


def test_a_learner_leads_no_group_of_their_own() -> None:
    given(*matching, kit=BRINGS).when(join(day(3), mentor=MentorId("lea")), day(3)).rejected("another has to lead it")


def test_only_the_group_moves_its_sessions() -> None:
    story = member()
    move = RescheduleSession(session=S2, starts_at=day(15))
    story.when(move, day(5)).rejected("move it for all with: trellis cohort move first-steps.1 s2")
    story.when(move.model_copy(update={"cohort": OTHER}), day(5)).rejected("not in the group")
    moved = story.when(move.model_copy(update={"cohort": GROUP}), day(5)).so()
    assert times(moved)[S2] == day(15)
    assert moved.state.group_times[S2] == day(15)


def test_a_pause_moves_no_session_of_the_group() -> None:
    story = member().when(Pause(reason="ill"), day(6)).so().when(Resume(), day(10))
    resumed, missed, *kept = story.events
    assert isinstance(resumed, JourneyResumed)
    assert isinstance(missed, AttendanceRecorded)
    assert (missed.session, missed.attendance) == (S1, "cancelled_in_time")
    assert [(one.session, one.starts_at) for one in kept if isinstance(one, SessionRescheduled)] == [
        (S2, day(14)),
        (S3, day(21)),
    ]
    assert {one: times(story.so())[one] for one in (S2, S3)} == {S2: day(14), S3: day(21)}


def test_leaving_gives_the_dates_back_to_the_learner() -> None:
    leave = LeaveCohort(cohort=GROUP, reason="another evening")
    left = member().when(leave, day(5)).then(CohortLeft(at=day(5), cohort=GROUP, reason="another evening"))
    assert times(left) == TIMES
    left.when(leave, day(6)).nothing()
    left.when(leave.model_copy(update={"reason": "else"}), day(6)).rejected("not in the group")
    assert times(left.when(RescheduleSession(session=S2, starts_at=day(15)), day(6)).so())[S2] == day(15)
    assert left.when(join(day(6)), day(6)).events, "they can join again"


def test_whoever_leaves_a_group_that_brought_the_mentor_needs_another() -> None:
    story = given(*matching, kit=BRINGS).when(join(day(3), mentor=ANA), day(3)).so()
    left = story.when(LeaveCohort(cohort=GROUP), day(5)).so()
    assert left.state.mentor is None
    assert left.awaited("match#2").due_at == day(10)
    paused = story.when(Pause(reason="ill"), day(4)).so().when(LeaveCohort(cohort=GROUP), day(5)).so()
    assert paused.state.mentor == ANA, "nobody is looked for while the clocks stand"


@pytest.mark.parametrize(
    ("story", "why"),
    [
        (given(*in_sessions), "forms no groups"),
        (given(*in_review, kit=KIT), "belongs to the stage matching or sessions"),
    ],
)
def test_no_group_for(story: Given, why: str) -> None:
    story.when(join(day(4)), day(4)).rejected(why)


def test_a_session_that_the_pathway_does_not_have() -> None:
    strange = JoinCohort(cohort=GROUP, sessions=(Meeting(session=SessionId("s9"), starts_at=day(9)),), since=day(4))
    given(*in_sessions, kit=KIT).when(strange, day(4)).rejected("'s9' is not a session")


def test_work_that_is_returned_and_attendance_go_on_as_for_anybody() -> None:
    story = given(*returned, kit=KIT).when(join(day(11)), day(11)).so()
    came = story.when(RecordAttendance(session=S2, attendance="attended"), day(14, 1)).so()
    assert came.state.session(S2).attendance == "attended"  # type: ignore[union-attr]


MOVE = RescheduleSession(session=S2, starts_at=day(16), cohort=GROUP)


def test_a_session_that_the_group_moves_during_a_pause_is_there_when_the_journey_resumes() -> None:
    paused = member().when(Pause(reason="ill"), day(6)).so()
    paused.when(RescheduleSession(session=S2, starts_at=day(16)), day(8)).rejected("paused since")
    resumed = paused.when(MOVE, day(8)).so().when(Resume(), day(10)).so()
    assert times(resumed)[S2] == resumed.state.group_times[S2] == day(16)
    assert resumed.state.session(S2).attendance_due_at == day(17, 1)  # type: ignore[union-attr]


def test_a_session_that_the_group_moves_before_the_match_is_planned_there() -> None:
    waiting = given(*matching, kit=KIT).when(join(day(3)), day(3)).so()
    moved = waiting.when(MOVE, day(4)).so()
    moved.when(MOVE, day(5)).nothing()
    assert times(moved.when(ApproveMatch(mentor=ANA), day(6)).so())[S2] == day(16)
    elsewhere = MOVE.model_copy(update={"session": SessionId("s9")})
    waiting.when(elsewhere, day(4)).rejected("'s9' is not a session")
