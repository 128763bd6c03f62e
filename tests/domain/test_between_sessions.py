"""Preparation, notes, follow-up, next steps, check-ins, and words that are said at any time."""

from datetime import timedelta

import pytest

from domain.journey.commands import (
    AskForHelp,
    CheckIn,
    CloseActionItem,
    CompleteWrapUp,
    GiveFeedback,
    PrepareSession,
    RaiseRiskFlag,
    RecordAttendance,
    RescheduleSession,
    ReviewMilestone,
    SendFollowUp,
    SubmitMilestone,
    WaiveMilestone,
    WriteNotes,
)
from domain.journey.events import (
    ActionItem,
    ActionItemClosed,
    AttendanceRecorded,
    CheckedIn,
    FeedbackGiven,
    FollowUpSent,
    JourneyClosed,
    JourneyPaused,
    JourneyResumed,
    MilestoneWaived,
    NotesWritten,
    Nudged,
    RiskFlagRaised,
    SessionPrepared,
)
from tests.domain.full_program import case, full, matched_by_offer, met, together
from tests.domain.specification import given
from tests.domain.stories import ANA, BEN, CV, S1, S2, all_but_one, day, handed_in, in_sessions, wrapping_up
from tests.support.journeys import SEND

TOPIC = {"topic": "my portfolio"}
# --- before a session


def test_a_learner_says_beforehand_what_it_should_be_about() -> None:
    assert "preparation:s1#1" in full(*together).awaits
    prepare = PrepareSession(by="learner:lea", session=S1, answers=TOPIC)
    prepared = full(*together).when(prepare, at=day(5)).then(SessionPrepared(at=day(5), session=S1, answers=TOPIC))
    assert "preparation:s1#1" not in prepared.awaits
    assert prepared.timer("escalations.quiet").at == day(12)
    prepared.when(prepare, at=day(5, 1)).nothing()


def test_a_preparation_fits_its_form_and_its_session() -> None:
    full(*together).when(PrepareSession(session=S1), at=day(5)).rejected("Before is not complete: 'topic'")
    full(*together).when(PrepareSession(session=S2, answers=TOPIC), at=day(5)).rejected("no template")
    full(*met).when(PrepareSession(session=S1, answers=TOPIC), at=day(7)).rejected("is over: attended")


def test_an_unprepared_session_nudges_the_learner_at_its_beginning() -> None:
    full(*together).when_due("escalations.unprepared").then(
        Nudged(at=day(6), rule="unprepared", about="preparation:s1#1", to="learner")
    )


def test_a_session_moved_has_its_preparation_due_with_it() -> None:
    moved = full(*together).when(RescheduleSession(session=S1, starts_at=day(8)), at=day(4)).so()
    assert moved.timer("escalations.unprepared").at == day(8)
    prepared = full(*together).when(PrepareSession(session=S1, answers=TOPIC), at=day(4)).so()
    again = prepared.when(RescheduleSession(session=S1, starts_at=day(8)), at=day(4)).so()
    assert "escalations.unprepared" not in again.rules


# --- after a session


def test_a_session_held_wants_notes_a_follow_up_and_counts_as_a_check_in() -> None:
    held = full(*together).when(RecordAttendance(session=S1, attendance="attended"), at=day(6, 1)).then(met[-1])
    assert {"notes:s1#1", "follow_up:s1#1", "check-in#2"} <= set(held.awaits)
    missed = full(*together).when(RecordAttendance(session=S1, attendance="missed_by_learner"), at=day(6, 1))
    missed.then(AttendanceRecorded(at=day(6, 1), session=S1, attendance="missed_by_learner"))


def test_notes_are_written_in_their_form_once() -> None:
    notes = WriteNotes(by="mentor:ana", session=S1, answers={"goal": "three letters"})
    written = (
        full(*met).when(notes, at=day(7)).then(NotesWritten(at=day(7), session=S1, answers={"goal": "three letters"}))
    )
    assert "notes:s1#1" not in written.awaits
    written.when(notes, at=day(7)).nothing()
    full(*met).when(WriteNotes(session=S1, answers={"mood": "good"}), at=day(7)).rejected("'goal' is not answered")
    full(*together).when(notes, at=day(5)).rejected("has not been held")


def test_a_follow_up_leaves_next_steps_that_their_owners_are_awaited_for() -> None:
    sent = (
        full(*met)
        .when(SEND, at=day(7))
        .then(
            FollowUpSent(
                at=day(7),
                session=S1,
                summary="a good start",
                items=(
                    ActionItem(item="s1-1", owner="learner", due_at=day(10), text="write to three people"),
                    ActionItem(item="s1-2", owner="mentor", due_at=day(9), text="send the guide"),
                ),
            )
        )
    )
    assert {"item:s1-1", "item:s1-2"} <= set(sent.awaits)
    assert "follow_up:s1#1" not in sent.awaits
    sent.when(SEND, at=day(7)).nothing()
    sent.when_due("escalations.step-late", about="s1-1").then(
        Nudged(at=day(11), rule="step-late", about="item:s1-1", to="learner")
    )


@pytest.mark.parametrize(("due", "problem"), [(day(7), "is past"), (day(500), "more than a year away")])
def test_a_next_step_is_due_at_a_moment_that_can_come(due: object, problem: str) -> None:
    step = {"text": "write", "due_at": due}
    send = SendFollowUp.model_validate({"session": S1, "summary": "s", "next_steps": [step]})
    full(*met).when(send, at=day(7)).rejected(problem)
    full(*together).when(send, at=day(5)).rejected("has not been held")


def test_a_program_without_follow_up_awaits_none_and_takes_one_all_the_same() -> None:
    held = given(*in_sessions).when(RecordAttendance(session=S1, attendance="late"), at=day(6)).so()
    assert not [about for about in held.awaits if about.startswith("follow_up")]
    sent = held.when(SEND, at=day(6, 1)).so()
    assert {"item:s1-1", "item:s1-2"} <= set(sent.awaits)
    sent.when(SEND, at=day(6, 1)).nothing()


def test_a_next_step_is_taken_or_given_up_with_a_reason() -> None:
    sent = full(*met).when(SEND, at=day(7)).so()
    take = CloseActionItem(item="s1-1")
    taken = sent.when(take, at=day(8)).then(ActionItemClosed(at=day(8), item="s1-1", done=True))
    taken.when(take, at=day(8)).nothing()
    sent.when(CloseActionItem(item="s1-2", done=False), at=day(8)).rejected("a reason is missing")
    sent.when(CloseActionItem(item="s1-2", done=False, reason="too much"), at=day(8)).then(
        ActionItemClosed(at=day(8), item="s1-2", done=False, reason="too much")
    )
    sent.when(CloseActionItem(item="s1-3"), at=day(8)).rejected("open are: s1-1, s1-2")


def test_notes_and_follow_up_that_are_late_are_told_by_their_rules() -> None:
    full(*met).when_due("escalations.no-notes").then(
        Nudged(at=day(8, 1), rule="no-notes", about="notes:s1#1", to="mentor")
    )
    full(*met).when_due("escalations.no-follow-up").then(case(1, "no-follow-up", "follow_up:s1#1", day(9, 1)))


def test_every_timer_about_a_session_says_what_it_is() -> None:
    ahead, held = full(*together), full(*met)
    labels = {
        ahead.timer("pathways.fast.sessions.s1.reminders.0").label,
        ahead.timer("escalations.unprepared").label,
        held.timer("escalations.no-notes").label,
        held.timer("escalations.no-follow-up").label,
        given(*in_sessions).timer("escalations.late-notes", about="goals").label,
    }
    assert labels == {
        "remind the learner before session Goals",
        "escalate: unprepared (preparation of session Goals overdue)",
        "escalate: no-notes (notes of session Goals overdue)",
        "escalate: no-follow-up (follow-up of session Goals overdue)",
        "escalate: Attendance unknown (attendance of session Goals overdue)",
    }


def test_a_pause_shifts_what_is_owed_after_a_session() -> None:
    sent = full(*met).when(SEND, at=day(7)).so()
    resumed = full(
        *sent.events,
        JourneyPaused(at=day(8), reason="ill", until=day(20)),
        JourneyResumed(at=day(18), paused_for=timedelta(days=10)),
    )
    due = [resumed.awaited(about).due_at for about in ("notes:s1#1", "item:s1-1", "check-in#2")]
    assert due == [day(18, 1), day(20), day(46, 1)]


# --- between sessions


def test_somebody_checks_in_by_the_rhythm_of_the_kit() -> None:
    check = CheckIn(by="mentor:ana", notes="fine")
    checked = full(*together).when(check, at=day(10)).then(CheckedIn(at=day(10), notes="fine", check_in_by=day(40)))
    assert "check-in#2" in checked.awaits
    checked.when(check, at=day(10, 1)).nothing()
    full(*together).when_due("escalations.no-check-in").then(
        Nudged(at=day(17), rule="no-check-in", about="check-in#1", to="mentor")
    )


def test_a_rematched_learner_is_watched_more_closely_for_a_time() -> None:
    again = matched_by_offer(full(*together), BEN, day(5))
    assert again.timer("escalations.no-check-in").at == day(12)
    early = again.when(CheckIn(), at=day(12)).then(CheckedIn(at=day(12), check_in_by=day(19)))
    early.when(CheckIn(), at=day(26)).then(CheckedIn(at=day(26), check_in_by=day(56)))


def test_each_check_in_names_the_rule_it_goes_by() -> None:
    rematched = matched_by_offer(full(*together), BEN, day(5))
    assert full(*together).awaited("check-in#1").rule == "monitoring.first_within"
    assert full(*met).awaited("check-in#2").rule == "monitoring.check_in_every"
    assert rematched.awaited("check-in#2").rule == "monitoring.after_rematch"


# --- signs


def test_a_flag_sets_off_its_own_rule_and_that_for_any() -> None:
    raised = (
        full(*together)
        .when(RaiseRiskFlag(flag="ill", notes="flu"), at=day(5))
        .then(
            RiskFlagRaised(at=day(5), flag="ill", notes="flu"),
            case(1, "ill", "flag:ill#1", day(5)),
            Nudged(at=day(5), rule="any-flag", about="flag:ill#1", to="ops"),
        )
    )
    raised.when(RaiseRiskFlag(flag="ill", notes="flu"), at=day(5, 1)).nothing()
    raised.when(RaiseRiskFlag(flag="moving"), at=day(6)).then(
        RiskFlagRaised(at=day(6), flag="moving"), Nudged(at=day(6), rule="any-flag", about="flag:moving#2", to="ops")
    )


def test_what_was_said_is_known_again_without_being_kept() -> None:
    long = AskForHelp(notes="I cannot sleep. " * 600)
    asked = full(*together).when(long, at=day(5)).so()
    (kept,) = asked.state.said_today
    assert "sleep" not in kept
    assert len(kept) < 60
    asked.when(long, at=day(5, 1)).nothing()


@pytest.mark.parametrize(("confidence", "nudges"), [(3, 1), (4, 0)])
def test_low_confidence_is_answered(confidence: int, nudges: int) -> None:
    nudge = Nudged(at=day(5), rule="low", about="confidence#1", to="mentor")
    said = FeedbackGiven(at=day(5), confidence=confidence)
    full(*together).when(GiveFeedback(confidence=confidence), at=day(5)).then(said, *[nudge] * nudges)


# --- milestones and the end


def test_a_milestone_is_waived_with_a_reason() -> None:
    waive = WaiveMilestone(milestone=CV, reason="has one")
    waived = given(*handed_in).when(waive, at=day(10)).then(MilestoneWaived(at=day(10), milestone=CV, reason="has one"))
    assert not [about for about in waived.awaits if "cv" in about]
    waived.when(waive, at=day(10)).nothing()
    waived.when(SubmitMilestone(milestone=CV), at=day(11)).rejected("judged: waived")
    given(*all_but_one).when(waive, at=day(17)).rejected("judged: passed")


def test_two_setbacks_of_one_milestone_open_a_case() -> None:
    missed = full(*together).when_due("pathways.fast.milestones.cv.due").so()
    sent = missed.when(SubmitMilestone(milestone=CV), at=day(11)).so()
    back = sent.when(ReviewMilestone(milestone=CV, verdict="returned"), at=day(12)).so()
    assert back.events[-1] == case(1, "setbacks", "setbacks:cv", day(12))
    sent.when(ReviewMilestone(milestone=CV, verdict="passed"), at=day(12)).so()


def test_the_wrap_up_is_complete_when_its_checklist_is() -> None:
    over = full(*wrapping_up)
    over.when(CompleteWrapUp(done=("portfolio shown",)), at=day(19)).rejected("still open: closing conversation")
    over.when(CompleteWrapUp(done=("portfolio shown", "closing conversation")), at=day(19)).then(
        JourneyClosed(
            at=day(19),
            ending="completed",
            reason="1 of 2 milestones passed",
            done=("closing conversation", "portfolio shown"),
        )
    )


def test_a_mentor_who_did_something_is_not_silent() -> None:
    assert full(*together).timer("escalations.silent").at == day(13)
    checked = full(*together).when(CheckIn(), at=day(10)).so()
    assert checked.timer("escalations.silent").at == day(20)
    assert checked.state.mentor == ANA
