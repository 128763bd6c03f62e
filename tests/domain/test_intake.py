"""From setting out to the choice of a pathway."""

import pytest

from domain.ids import LearnerId, ProgramId
from domain.journey.commands import GiveUpIntake, ReviewIntake, StartJourney, SubmitIntake
from domain.journey.events import (
    AnswersGiven,
    IntakeApproved,
    IntakeSubmitted,
    JourneyClosed,
    JourneyStarted,
    MoreInformationRequested,
    Nudged,
    ReminderFellDue,
)
from tests.domain.specification import given
from tests.domain.stories import FAST, JOB, KIT, STEADY, day, in_review, kit_with, matching, started

START = StartJourney(by="system", program=KIT.program_id, learner=LearnerId("lea"), kit=KIT.digest)


def test_starting_awaits_the_intake() -> None:
    begun = (
        given()
        .when(START, at=day(0))
        .then(
            JourneyStarted(
                at=day(0), program=KIT.program_id, learner=LearnerId("lea"), kit=KIT.digest, intake_due_at=day(14)
            )
        )
    )
    assert begun.awaits == ["intake#1"]
    assert begun.rules == ["intake.reminders.0", "intake.reminders.1", "intake.within"]


def test_starting_twice_changes_nothing() -> None:
    given(*started).when(START, at=day(5)).nothing()


def test_a_journey_runs_only_on_a_kit_of_its_program() -> None:
    given().when(START.model_copy(update={"program": ProgramId("other")}), at=day(0)).rejected("'first-steps'")


def test_nothing_can_be_asked_before_the_start() -> None:
    given().when(SubmitIntake(answers=JOB), at=day(0)).rejected("has not started")


def test_a_complete_intake_goes_to_review() -> None:
    sent = (
        given(*started)
        .when(SubmitIntake(by="learner:lea", answers=JOB), at=day(1))
        .then(IntakeSubmitted(at=day(1), answers=JOB, review_due_at=day(3)))
    )
    assert sent.awaits == ["intake_review#1"]


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({}, "'goal' is not answered"),
        ({"goal": "fame"}, "'goal' wants one of: job, promotion"),
        ({"goal": "job", "hours": "ten"}, "'hours' wants a number"),
        ({"goal": "job", "times": ["am", "night"]}, "'times' wants a list of some of: am, pm"),
        ({"goal": "job", "note": "  "}, "'note' wants some text"),
        ({"goal": "job", "shoe size": 43}, "'shoe size' is not a question of this form"),
    ],
)
def test_an_incomplete_intake_is_refused_question_by_question(answers: dict[str, object], problem: str) -> None:
    given(*started).when(SubmitIntake.model_validate({"answers": answers}), at=day(1)).rejected(problem)


SOME = {"note": "evenings"}
some_answers = (*started, AnswersGiven(at=day(1), answers=SOME))


def test_some_answers_are_kept_and_the_rest_is_awaited() -> None:
    some = SubmitIntake(answers=SOME, partial=True)
    kept = given(*started).when(some, at=day(1)).then(AnswersGiven(at=day(1), answers=SOME))
    assert kept.awaits == ["intake#1"]
    given(*some_answers).when(some, at=day(2)).nothing()
    other = SubmitIntake(answers={"note": "mornings"}, partial=True)
    given(*some_answers).when(other, at=day(2)).then(AnswersGiven(at=day(2), answers={"note": "mornings"}))
    given(*started).when(SubmitIntake(partial=True), at=day(2)).nothing()


def test_some_answers_count_as_if_sent_in_with_the_form() -> None:
    together = {**SOME, **JOB}
    sent = IntakeSubmitted(at=day(2), answers=together, review_due_at=day(4))
    given(*some_answers).when(SubmitIntake(answers=JOB), at=day(2)).then(sent)
    given(*some_answers, sent).when(SubmitIntake(answers=JOB), at=day(3)).nothing()
    given(*some_answers, sent).when(SubmitIntake(answers=together), at=day(3)).nothing()
    stale = (*started, AnswersGiven(at=day(1), answers={"shoe size": 43, "goal": "fame"}))
    given(*stale).when(SubmitIntake(answers=JOB), at=day(2)).then(
        IntakeSubmitted(at=day(2), answers=JOB, review_due_at=day(4))
    )


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"goal": "fame"}, "no answers to the intake: 'goal' wants one of: job, promotion"),
        ({"shoe size": 43}, "'shoe size' is not a question of this form"),
    ],
)
def test_some_answers_must_fit_their_questions(answers: dict[str, object], problem: str) -> None:
    some = SubmitIntake.model_validate({"answers": answers, "partial": True})
    given(*started).when(some, at=day(1)).rejected(problem)


FREE = KIT.pathways[0].model_dump() | {"when": {}}


def test_answers_in_pieces_are_limited_as_those_at_once() -> None:
    names = [f"q{nth}" for nth in range(30)]
    kit = kit_with(intake={"questions": [{"id": one, "ask": "?", "required": False} for one in names]}, pathways=[FREE])
    half, rest = (dict.fromkeys(some, "ä" * 9000) for some in (names[:10], names[10:20]))
    story = given(*started, AnswersGiven(at=day(1), answers=half), kit=kit)
    story.when(SubmitIntake(answers=rest, partial=True), at=day(2)).rejected("more than one form can hold")
    story.when(SubmitIntake(answers=rest), at=day(2)).rejected("more than one form can hold")


def test_some_answers_come_before_the_form() -> None:
    given(*in_review).when(SubmitIntake(answers=SOME, partial=True), at=day(2)).rejected("send the whole form")
    given(*matching).when(SubmitIntake(answers=SOME, partial=True), at=day(5)).rejected("belongs to the stage intake")


def test_sending_the_same_intake_twice_changes_nothing() -> None:
    given(*in_review).when(SubmitIntake(answers=JOB), at=day(2)).nothing()
    given(*matching).when(SubmitIntake(answers=JOB), at=day(5)).nothing()


def test_an_intake_can_be_corrected_until_it_is_reviewed() -> None:
    other = {"goal": "promotion"}
    given(*in_review).when(SubmitIntake(answers=other), at=day(2)).then(
        IntakeSubmitted(at=day(2), answers=other, review_due_at=day(4))
    )
    given(*matching).when(SubmitIntake(answers=other), at=day(2)).rejected("belongs to the stage intake")


def test_approval_follows_the_route_of_the_answers() -> None:
    approve = ReviewIntake(by="ops:eve", verdict="approve")
    approved = (
        given(*in_review).when(approve, at=day(2)).then(IntakeApproved(at=day(2), pathway=FAST, match_due_at=day(7)))
    )
    assert approved.awaits == ["match#1"]
    approved.when(approve, at=day(3)).nothing()


def test_the_reviewer_may_choose_another_pathway() -> None:
    elsewhere = ReviewIntake(verdict="approve", pathway=STEADY)
    given(*in_review).when(elsewhere, at=day(2)).then(IntakeApproved(at=day(2), pathway=STEADY, match_due_at=day(7)))
    given(*matching).when(elsewhere, at=day(2)).rejected("approved for the pathway 'fast'")
    nowhere = ReviewIntake.model_validate({"verdict": "approve", "pathway": "moon"})
    given(*in_review).when(nowhere, at=day(2)).rejected("it has: fast, steady")


def test_answers_that_no_pathway_welcomes_need_a_person_to_choose() -> None:
    narrow = kit_with(pathways=[KIT.pathways[0].model_dump()])
    story = (*started, IntakeSubmitted(at=day(1), answers={"goal": "promotion"}, review_due_at=day(3)))
    given(*story, kit=narrow).when(ReviewIntake(verdict="approve"), at=day(2)).rejected("name one of: fast")


def test_asking_for_more_information_awaits_the_learner_again() -> None:
    ask = ReviewIntake(verdict="more_information", reason="which job?")
    asked = (
        given(*in_review)
        .when(ask, at=day(2))
        .then(MoreInformationRequested(at=day(2), reason="which job?", intake_due_at=day(16)))
    )
    assert asked.awaits == ["intake#2"]
    assert asked.timer("intake.reminders.0").at == day(5)
    asked.when(ask, at=day(3)).nothing()
    asked.when(ReviewIntake(verdict="approve"), at=day(3)).rejected("has not sent in the intake")
    again = asked.when(SubmitIntake(answers=JOB), at=day(3)).then(
        IntakeSubmitted(at=day(3), answers=JOB, review_due_at=day(5))
    )
    assert again.awaits == ["intake_review#2"]


def test_declining_closes_the_journey() -> None:
    decline = ReviewIntake(verdict="decline", reason="wants a course, not a mentor")
    declined = (
        given(*in_review)
        .when(decline, at=day(2))
        .then(JourneyClosed(at=day(2), ending="declined", reason="wants a course, not a mentor"))
    )
    assert declined.awaits == []
    declined.when(decline, at=day(3)).nothing()


@pytest.mark.parametrize("verdict", ["more_information", "decline"])
def test_a_learner_is_owed_a_reason(verdict: str) -> None:
    review = ReviewIntake.model_validate({"verdict": verdict, "reason": " "})
    given(*in_review).when(review, at=day(2)).rejected("a reason is missing")


def test_an_intake_must_be_there_to_be_reviewed() -> None:
    given(*started).when(ReviewIntake(verdict="approve"), at=day(2)).rejected("has not sent in the intake")
    given(*started).when(ReviewIntake(verdict="more_information", reason="?"), at=day(2)).rejected("has not sent in")


def test_the_learner_is_reminded_of_the_intake_once_for_each_reminder() -> None:
    reminded = (
        given(*started)
        .when_due("intake.reminders.0")
        .then(ReminderFellDue(at=day(3), rule="intake.reminders.0", about="intake#1", duty="intake", to="learner"))
    )
    assert reminded.rules == ["intake.reminders.1", "intake.within"]
    reminded.when(given(*started).timer("intake.reminders.0").then, at=day(3)).nothing()  # type: ignore[arg-type]


def test_a_reminder_of_what_is_no_longer_awaited_says_nothing() -> None:
    late = given(*started).timer("intake.reminders.0").then
    given(*in_review).when(late, at=day(3)).nothing()  # type: ignore[arg-type]


def test_an_intake_never_sent_ends_the_journey() -> None:
    given(*started).when_due("intake.within").then(
        JourneyClosed(at=day(14), ending="ended_early", reason="the intake was not sent in")
    )
    given(*started).when(GiveUpIntake(), at=day(13)).nothing()
    given(*in_review).when(GiveUpIntake(), at=day(14)).nothing()


def test_an_intake_not_read_in_time_nudges_the_reader() -> None:
    nudged = (
        given(*in_review)
        .when_due("escalations.late-intake-review")
        .then(Nudged(at=day(3), rule="late-intake-review", about="intake_review#1", to="ops"))
    )
    assert nudged.rules == []
    assert nudged.awaits == ["intake_review#1"]
