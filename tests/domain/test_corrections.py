"""What was recorded wrongly is corrected, and everything follows as if the right thing had been said at first."""

from itertools import product

import pytest

from domain.ids import SessionId
from domain.journey import JourneyState
from domain.journey.commands import (
    AskForHelp,
    CloseActionItem,
    CompleteWrapUp,
    NextStep,
    Pause,
    RecordAttendance,
    RecordOutcome,
    Reopen,
    Resume,
    ReviewIntake,
    ReviewMilestone,
    SendFollowUp,
    SubmitMilestone,
    TakeBackAttendance,
    Withdraw,
    WriteNotes,
)
from domain.journey.duties import awaited
from domain.journey.events import (
    Attendance,
    AttendanceCorrected,
    AttendanceTakenBack,
    CaseOpened,
    EscalationTakenBack,
    FollowUpCorrected,
    JourneyClosed,
    JourneyReopened,
    NotesCorrected,
    OutcomeCorrected,
    ReviewCorrected,
    WrapUpStarted,
    WrapUpTakenBack,
)
from domain.journey.timers import timers
from tests.domain.full_program import full, met, together
from tests.domain.specification import Given, given
from tests.domain.stories import (
    CV,
    S1,
    S2,
    S3,
    TALK,
    all_but_one,
    day,
    in_review,
    in_sessions,
    kit_with,
    returned,
    started,
    wrapping_up,
)

STARTS = {S1: 6, S2: 11, S3: 18}
WAYS: tuple[Attendance, ...] = ("attended", "missed_by_learner", "missed_by_mentor", "cancelled_late")


def record(session: SessionId, attendance: Attendance) -> RecordAttendance:
    return RecordAttendance(session=session, attendance=attendance)


def correct(session: SessionId, attendance: Attendance, reason: str = "a slip in the list") -> RecordAttendance:
    return RecordAttendance(session=session, attendance=attendance, corrects=True, reason=reason)


def recorded(*ways: Attendance) -> Given:
    """A program without milestones, so that nothing but the sessions settles it; the last session lies ahead."""
    story = given(*in_sessions)
    for (session, at), attendance in zip(STARTS.items(), ways, strict=False):
        story = story.when(record(session, attendance), at=day(at)).so()
    return story


def what_counts(state: JourneyState) -> dict[str, object]:
    return {
        "attendance": [one.attendance for one in state.sessions],
        "misses": state.misses,
        "in a row": state.misses_in_a_row,
        "learner": (state.last_seen_at, state.quiet_from),
        "mentor": (state.mentor_seen_at, state.mentor_quiet_from),
        "cases": {(one.rule, one.about) for one in state.cases},
        "fired": set(state.fired),
        "ladders": {(one.rule, one.about) for one in state.ladders},
    }


@pytest.mark.parametrize("place", [0, 1, 2])
def test_corrected_attendance_counts_as_if_it_had_been_recorded_at_first(place: int) -> None:
    for ways in product(WAYS, repeat=3):
        for right in WAYS:
            if right == ways[place]:
                continue
            session = list(STARTS)[place]
            corrected = recorded(*ways).when(correct(session, right), at=day(20)).so()
            straight = recorded(*(right if nth == place else one for nth, one in enumerate(ways)))
            assert what_counts(corrected.state) == what_counts(straight.state), (ways, right)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_attendance_that_is_taken_back_counts_as_if_nobody_had_recorded_it(place: int) -> None:
    session = list(STARTS)[place]
    for ways in product(WAYS, repeat=3):
        back = recorded(*ways).when(take_back(session), at=day(20)).so()
        never = given(*in_sessions)
        for nth, ((one, at), attendance) in enumerate(zip(STARTS.items(), ways, strict=False)):
            never = never if nth == place else never.when(record(one, attendance), at=day(at)).so()
        assert what_counts(back.state) == what_counts(never.state), ways
        assert f"session:{session}#1" in [one.about for one in awaited(back.state)]
        again = back.when(record(session, ways[place]), at=day(21)).so()
        assert again.events[len(back.events)].type == "journey.attendance_recorded", "the very same can be said"


def test_what_was_written_after_a_session_that_is_taken_back_counts_no_more() -> None:
    step = NextStep(text="Write to three people", owner="learner", due_at=day(18))
    story = full(*met).when(WriteNotes(session=S1, answers={"goal": "three letters"}), at=day(7)).so()
    story = story.when(SendFollowUp(session=S1, summary="Go on", next_steps=(step,)), at=day(7)).so()
    assert story.state.action_items
    back = story.when(take_back(S1), at=day(10)).so()
    assert isinstance(event := back.events[len(story.events)], AttendanceTakenBack) and event.was == "attended"
    assert back.state.action_items == ()
    assert not [one for one in awaited(back.state) if one.duty in ("notes", "follow_up", "action_item")]
    back.when(take_back(S1), at=day(10)).nothing()
    back.when(take_back(S1, "another reason"), at=day(10)).rejected("nothing to take back")
    held = back.when(record(S1, "attended"), at=day(11)).so()
    assert {"notes", "follow_up"} <= {one.duty for one in awaited(held.state)}
    other = held.when(WriteNotes(session=S1, answers={"goal": "four letters"}), at=day(12)).so()
    assert other.events[len(held.events)].type == "journey.notes_written"
    given(*in_sessions).when(take_back(S1), at=day(9)).rejected("nobody has recorded")


def take_back(session: SessionId, reason: str = "it was another learner") -> TakeBackAttendance:
    return TakeBackAttendance(session=session, reason=reason)


def test_attendance_is_corrected_with_a_reason_and_the_history_keeps_both() -> None:
    wrong = recorded("missed_by_learner", "missed_by_learner")
    assert [one.case for one in wrong.state.cases] == ["case-1"]
    right = wrong.when(correct(S2, "attended"), at=day(12)).then(
        AttendanceCorrected(
            at=day(12), session=S2, was="missed_by_learner", attendance="attended", reason="a slip in the list"
        ),
        EscalationTakenBack(at=day(12), rule="two-missed", about="missed-since:s1"),
    )
    assert right.state.cases == ()
    assert right.state.misses_in_a_row == ()
    right.when(correct(S2, "attended"), at=day(12)).nothing()
    right.when(correct(S2, "attended", "another reason"), at=day(12)).rejected("nothing to correct")
    right.when(record(S2, "missed_by_learner"), at=day(12)).rejected("`corrects`")


def test_a_rule_that_was_taken_back_comes_true_again_for_the_same_reason() -> None:
    wrong = recorded("missed_by_learner", "missed_by_learner")
    right = wrong.when(correct(S2, "cancelled_in_time"), at=day(12)).so()
    again = right.when(record(S3, "missed_by_learner"), at=day(18)).so()
    (case,) = [one for one in again.events[-1:] if isinstance(one, CaseOpened)]
    assert (case.case, case.about) == ("case-2", "missed-since:s1")


def test_what_followed_from_an_unanswered_case_is_taken_back_with_it() -> None:
    late = recorded("missed_by_learner", "missed_by_learner").when_due("escalations.unanswered").so()
    assert len(late.state.cases) == 2
    right = late.when(correct(S1, "attended"), at=day(14)).so()
    assert right.state.cases == ()
    assert "escalations.unanswered" not in right.rules


def test_a_correction_without_a_reason_or_of_nothing_is_refused() -> None:
    recorded("attended").when(correct(S1, "late", ""), at=day(7)).rejected("a reason is missing")
    recorded("attended").when(correct(S2, "late"), at=day(12)).rejected("not recorded yet")
    plain = RecordAttendance(session=S2, attendance="late", reason="why not")
    recorded("attended").when(plain, at=day(12)).rejected("goes with `corrects`")


def test_the_remark_on_a_session_is_corrected_alone() -> None:
    remark = RecordAttendance(session=S1, attendance="attended", notes="went well")
    told = given(*in_sessions).when(remark, at=day(6)).so()
    other = remark.model_copy(update={"notes": "went well, and long"})
    told.when(other, at=day(7)).rejected("says something else")
    right = told.when(other.model_copy(update={"corrects": True, "reason": "more came back"}), at=day(7)).so()
    assert right.state.session(S1) == told.state.session(S1)


def test_a_session_that_was_held_after_all_asks_for_notes_and_one_that_was_not_no_longer_does() -> None:
    missed = full(*together).when(record(S1, "missed_by_learner"), at=day(6)).so()
    held = missed.when(correct(S1, "late"), at=day(7)).so()
    assert held.awaited("notes:s1#1").due_at == day(9)
    late = full(*met).when_due("escalations.no-notes").so()
    gone = late.when(correct(S1, "missed_by_mentor"), at=day(9)).so()
    assert not [about for about in gone.awaits if about.startswith(("notes", "follow_up"))]
    assert isinstance(gone.events[-1], EscalationTakenBack)


def test_attendance_of_a_session_that_has_not_begun_is_refused_and_calling_it_off_is_not() -> None:
    story = given(*in_sessions)
    for attendance in ("attended", "late", "missed_by_learner", "missed_by_mentor"):
        early = RecordAttendance.model_validate({"session": S2, "attendance": attendance})
        story.when(early, at=day(10)).rejected("has not begun: it is on 13 March 2026 at 12:00 UTC")
    called_off = story.when(record(S2, "cancelled_in_time"), at=day(10)).so()
    called_off.when(correct(S2, "attended"), at=day(10)).rejected("has not begun")


def test_notes_are_corrected() -> None:
    written = full(*met).when(WriteNotes(session=S1, answers={"goal": "three letters"}), at=day(7)).so()
    other = WriteNotes(session=S1, answers={"goal": "four letters"})
    written.when(other, at=day(7)).rejected("says something else")
    other = other.model_copy(update={"corrects": True, "reason": "miscounted"})
    fixed = written.when(other, at=day(8)).then(
        NotesCorrected(at=day(8), session=S1, answers={"goal": "four letters"}, reason="miscounted")
    )
    fixed.when(other, at=day(8)).nothing()
    wrong = other.model_copy(update={"answers": {"mood": "good"}})
    fixed.when(wrong, at=day(8)).rejected("'goal' is not answered")


def test_a_follow_up_is_replaced_with_its_open_steps() -> None:
    step = NextStep(text="write to three people", due_at=day(10))
    send = SendFollowUp(session=S1, summary="a good start", next_steps=(step,))
    sent = full(*met).when(send, at=day(7)).so()
    other = send.model_copy(update={"next_steps": (step.model_copy(update={"text": "call them"}),)})
    sent.when(other, at=day(7)).rejected("says something else")
    fixed = sent.when(other.model_copy(update={"corrects": True, "reason": "they hate mail"}), at=day(7)).so()
    assert isinstance(fixed.events[-1], FollowUpCorrected)
    assert [one.item for one in fixed.state.action_items] == ["s1-2"]
    fixed.when(CloseActionItem(item="s1-1"), at=day(8)).rejected("no longer asked")
    taken = fixed.when(CloseActionItem(item="s1-2"), at=day(8)).so()
    given_up = CloseActionItem(item="s1-2", done=False, reason="they had left")
    taken.when(given_up, at=day(8)).rejected("says something else")
    closed = taken.when(given_up.model_copy(update={"corrects": True}), at=day(8)).so()
    closed.when(given_up, at=day(9)).nothing()


def test_a_verdict_is_corrected_and_attempts_and_setbacks_follow() -> None:
    passed = ReviewMilestone(milestone=CV, verdict="passed", score=70)
    fix = passed.model_copy(update={"corrects": True, "reason": "wrong learner"})
    given(*returned).when(passed, at=day(11)).rejected("attempt 1 at milestone 'cv' has already been judged: returned")
    fixed = (
        given(*returned)
        .when(fix, at=day(11))
        .then(
            ReviewCorrected(
                at=day(11),
                milestone=CV,
                attempt=1,
                was="returned",
                verdict="passed",
                score=70,
                reason="wrong learner",
            )
        )
    )
    standing = fixed.state.milestone(CV)
    assert standing
    assert (standing.status, standing.attempt, standing.setbacks, standing.score) == ("passed", 1, 0, 70)
    assert "milestone:cv#2" not in fixed.awaits
    fixed.when(fix, at=day(11)).nothing()
    again = fixed.when(
        ReviewMilestone(milestone=CV, verdict="returned", feedback="no", corrects=True, reason="it was right"),
        at=day(12),
    ).so()
    assert again.awaited("milestone:cv#2").due_at == day(15)
    new = again.when(SubmitMilestone(milestone=CV), at=day(13)).so()
    new.when(fix.model_copy(update={"attempt": 1}), at=day(13)).rejected("at attempt 2, not 1")


def test_a_setback_that_was_none_takes_its_case_back() -> None:
    story = full(*together)
    for nth, at in ((1, 8), (2, 9)):
        story = story.when(SubmitMilestone(milestone=CV), at=day(at)).so()
        story = story.when(ReviewMilestone(milestone=CV, verdict="returned", score=nth), at=day(at, 1)).so()
    assert [one.rule for one in story.state.cases] == ["setbacks"]
    fix = ReviewMilestone(milestone=CV, verdict="passed", corrects=True, reason="misread")
    assert story.when(fix, at=day(10)).so().state.cases == ()


def test_a_wrap_up_that_began_too_early_is_taken_back() -> None:
    last = RecordAttendance(session=S3, attendance="cancelled_late")
    over = given(*all_but_one).when(last, at=day(18)).so()
    assert over.state.stage == "wrap_up"
    fix = ReviewMilestone(milestone=TALK, verdict="returned", corrects=True, reason="it may be tried again")
    back = over.when(fix, at=day(19)).so()
    assert isinstance(back.events[-1], WrapUpTakenBack)
    assert back.state.stage == "sessions"
    assert "milestone:talk#2" in back.awaits
    sent = back.when(SubmitMilestone(milestone=TALK), at=day(20)).so()
    done = sent.when(ReviewMilestone(milestone=TALK, verdict="passed"), at=day(21)).so()
    assert isinstance(done.events[-1], WrapUpStarted)
    assert done.awaits == ["wrap_up#2"]


def test_an_outcome_is_corrected() -> None:
    job = RecordOutcome(kind="job", value="analyst")
    told = given(*wrapping_up).when(job, at=day(19)).so()
    fix = RecordOutcome(kind="job", value="senior analyst", corrects=True, reason="read the contract")
    fixed = told.when(fix, at=day(20)).then(
        OutcomeCorrected(at=day(20), kind="job", value="senior analyst", replaces="analyst", reason="read the contract")
    )
    assert [one.value for one in fixed.state.outcomes] == ["senior analyst"]
    two = fixed.when(RecordOutcome(kind="job", value="a second one"), at=day(20)).so()
    other = fix.model_copy(update={"value": "lead analyst"})
    two.when(other, at=day(21)).rejected("say in `replaces` which")
    assert len(two.when(other.model_copy(update={"replaces": "a second one"}), at=day(21)).so().state.outcomes) == 2
    given(*wrapping_up).when(fix, at=day(20)).rejected("no such outcome")
    closed = told.when(Withdraw(reason="has a job"), at=day(20)).so()
    assert closed.when(fix, at=day(60)).so().state.outcomes[0].value == "senior analyst"


def test_the_record_of_a_closed_journey_is_corrected_and_nothing_is_asked_any_more() -> None:
    open_one = full(*met).when(WriteNotes(session=S1, answers={"goal": "three letters"}), at=day(7)).so()
    closed = open_one.when(Withdraw(reason="has a job"), at=day(8)).so()
    fixed = closed.when(correct(S1, "missed_by_mentor"), at=day(30)).then(
        AttendanceCorrected(
            at=day(30), session=S1, was="attended", attendance="missed_by_mentor", reason="a slip in the list"
        )
    )
    assert fixed.state.closing == closed.state.closing
    assert timers(fixed.kit, fixed.state) == ()
    again = fixed.when(correct(S1, "late", "they came after all"), at=day(31)).so()
    first = again.state.session(S1)
    assert first
    assert (first.notes_due_at, first.follow_up_due_at) == (None, None)
    notes = WriteNotes(session=S1, answers={"goal": "four letters"}, corrects=True, reason="miscounted")
    again.when(notes, at=day(32)).then(
        NotesCorrected(at=day(32), session=S1, answers={"goal": "four letters"}, reason="miscounted")
    )


def test_a_closed_journey_takes_no_first_record_and_no_correction_that_asks_for_something() -> None:
    closed = given(*returned).when(Withdraw(reason="has a job"), at=day(12)).so()
    step = NextStep(text="write to them", due_at=day(40))
    for late in (
        record(S2, "attended"),
        SendFollowUp(session=S1, summary="other", next_steps=(step,), corrects=True, reason="a slip"),
        ReviewMilestone(milestone=CV, verdict="returned", score=3, corrects=True, reason="a slip"),
    ):
        closed.when(late, at=day(30)).rejected("the journey closed on")
    closed.when(correct(S3, "attended"), at=day(30)).rejected("not recorded yet")
    right = ReviewMilestone(milestone=CV, verdict="passed", score=70, corrects=True, reason="misread")
    fixed = closed.when(right, at=day(30)).so()
    standing = fixed.state.milestone(CV)
    assert standing
    assert (standing.status, standing.attempt) == ("passed", 1)
    assert len(fixed.events) == len(closed.events) + 1


# --- reopening


def test_a_journey_closed_by_mistake_goes_on_from_where_it_stood() -> None:
    before = full(*together).when(AskForHelp(notes="stuck"), at=day(5)).so()
    closed = before.when(Withdraw(reason="wrong learner"), at=day(5)).so()
    assert timers(closed.kit, closed.state) == ()
    reopen = Reopen(reason="it was somebody else")
    back = closed.when(reopen, at=day(7)).so()
    (event,) = [one for one in back.events if isinstance(one, JourneyReopened)]
    assert (event.ending, event.stage, event.mentor) == ("withdrawn", "sessions", "ana")
    shifted = {one.about: one.due_at for one in map(back.awaited, back.awaits)}
    for about in before.awaits:
        assert (shifted[about] - before.awaited(about).due_at).days == 2
    assert [one.case for one in back.state.cases] == ["case-1"]
    back.when(reopen, at=day(7)).nothing()
    back.when(Reopen(reason="once more"), at=day(7)).rejected("the journey is open")


def test_a_declined_learner_who_appeals_is_read_again() -> None:
    declined = given(*in_review).when(ReviewIntake(verdict="decline", reason="too early"), at=day(2)).so()
    back = declined.when(Reopen(reason="the appeal is right"), at=day(30)).so()
    assert back.awaits == ["intake_review#1"]
    approved = back.when(ReviewIntake(verdict="approve"), at=day(31)).so()
    assert approved.state.stage == "matching"


def test_what_had_closed_by_its_time_is_given_that_time_again() -> None:
    lapsed = given(*started).when_due("intake.within").so()
    back = lapsed.when(Reopen(reason="was away"), at=day(40)).so()
    assert back.awaited("intake#2").due_at == day(54)
    assert "intake.reminders.0" in back.rules
    over = given(*wrapping_up).when_due("service_levels.wrap_up").so()
    assert over.when(Reopen(reason="one talk is left"), at=day(50)).so().awaited("wrap_up#2").due_at == day(57)


def test_a_pause_goes_on_where_a_paused_journey_is_reopened() -> None:
    story = full(*together)
    halted = story.when(Pause(reason="ill"), at=day(5)).so()
    closed = halted.when(Withdraw(reason="wrong learner"), at=day(6)).so()
    back = closed.when(Reopen(reason="a slip"), at=day(8)).so()
    assert back.state.pause == halted.state.pause
    resumed = back.when(Resume(), at=day(10)).so()
    straight = halted.when(Resume(), at=day(10)).so()
    assert resumed.awaits == straight.awaits
    assert [one.at for one in resumed.timers] == [one.at for one in straight.timers]


def test_a_term_ends_when_it_ends_for_who_is_reopened_too() -> None:
    term = kit_with(starts_at=day(3))
    closed = given(*in_sessions, kit=term).when(Withdraw(reason="wrong learner"), at=day(5)).so()
    back = closed.when(Reopen(reason="a slip"), at=day(17)).so()
    assert back.state.ends_at == day(31)
    assert all(one.starts_at <= day(31) for one in back.state.sessions)


def test_the_farewell_given_again_is_no_mistake_and_another_is_refused_with_the_way_back() -> None:
    over = given(*wrapping_up)
    done = CompleteWrapUp(reason="all is said")
    closed = over.when(done, at=day(19)).then(JourneyClosed(at=day(19), ending="completed", reason="all is said"))
    closed.when(done, at=day(20)).nothing()
    for other in (CompleteWrapUp(), CompleteWrapUp(reason="x"), Withdraw(reason="all is said")):
        closed.when(other, at=day(20)).rejected("reopen")
