"""Pausing, closing, and what can still be said afterwards."""

from datetime import timedelta

import pytest

from domain.ids import CaseId
from domain.journey import Finish, NamedCommand, fold, next_action
from domain.journey.commands import (
    ApproveMatch,
    CloseAtEnd,
    CompleteWrapUp,
    EndEarly,
    EndPathway,
    Pause,
    RecordAttendance,
    RecordOutcome,
    ResolveCase,
    Resume,
    SubmitMilestone,
    Withdraw,
)
from domain.journey.events import (
    CommandRejected,
    JourneyClosed,
    JourneyEvent,
    JourneyPaused,
    JourneyResumed,
    OutcomeRecorded,
)
from tests.domain.specification import given
from tests.domain.stories import (
    ANA,
    CV,
    JOB,
    KIT,
    S1,
    all_but_one,
    day,
    handed_in,
    in_review,
    in_sessions,
    kit_with,
    matching,
    started,
    wrapping_up,
)

withdrawn: tuple[JourneyEvent, ...] = (
    *in_sessions,
    JourneyClosed(at=day(5), ending="withdrawn", reason="found a job"),
)
paused: tuple[JourneyEvent, ...] = (*handed_in, JourneyPaused(at=day(9, 6), reason="ill", until=day(69, 6)))
STAGES = [started, in_review, matching, in_sessions, wrapping_up]


def test_the_closing_conversation_completes_the_journey() -> None:
    complete = CompleteWrapUp(reason="took the job")
    closed = (
        given(*wrapping_up)
        .when(complete, at=day(20))
        .then(JourneyClosed(at=day(20), ending="completed", reason="took the job"))
    )
    assert next_action(KIT, closed.state) == Finish(ending="completed")
    closed.when(complete, at=day(21)).nothing()
    given(*in_sessions).when(complete, at=day(20)).rejected("belongs to the stage wrap-up")


def test_a_completion_without_a_word_says_what_was_reached() -> None:
    given(*wrapping_up).when(CompleteWrapUp(), at=day(20)).then(
        JourneyClosed(at=day(20), ending="completed", reason="1 of 2 milestones passed")
    )


def test_a_pathway_without_milestones_has_none_to_count() -> None:
    over = given(*matching, kit=kit_with(pathways=[KIT.pathways[0].model_dump() | {"milestones": []}]))
    matched = over.when(ApproveMatch(mentor=ANA), at=day(3)).so().when_due("pathways.fast.ends").so()
    matched.when(CompleteWrapUp(), at=day(32)).then(
        JourneyClosed(at=day(32), ending="completed", reason="the pathway is complete")
    )


def test_a_story_begins_at_its_beginning() -> None:
    with pytest.raises(ValueError, match=r"a journey begins with journey\.started"):
        fold(withdrawn[1:])


def test_a_journey_closes_by_itself_when_nobody_wraps_it_up() -> None:
    given(*wrapping_up).when_due("service_levels.wrap_up").then(
        JourneyClosed(at=day(25), ending="completed", reason="1 of 2 milestones passed")
    )
    given(*wrapping_up).when(CloseAtEnd(), at=day(24)).nothing()
    given(*in_sessions).when(CloseAtEnd(), at=day(40)).nothing()


@pytest.mark.parametrize("story", STAGES)
def test_a_learner_may_leave_at_any_time(story: tuple[JourneyEvent, ...]) -> None:
    leave = Withdraw(by="learner:lea", reason="found a job")
    left = (
        given(*story).when(leave, at=day(30)).then(JourneyClosed(at=day(30), ending="withdrawn", reason="found a job"))
    )
    left.when(leave, at=day(31)).nothing()


@pytest.mark.parametrize("story", STAGES)
def test_a_program_may_end_a_journey_at_any_time(story: tuple[JourneyEvent, ...]) -> None:
    end = EndEarly(reason="the program moves")
    ended = (
        given(*story)
        .when(end, at=day(30))
        .then(JourneyClosed(at=day(30), ending="ended_early", reason="the program moves"))
    )
    ended.when(end, at=day(31)).nothing()


def test_closing_takes_the_open_cases_along() -> None:
    with_case = given(*matching).when_due("escalations.no-mentor").so()
    closed = with_case.when(Withdraw(reason="no mentor"), at=day(9)).so()
    assert closed.state.cases == ()


@pytest.mark.parametrize(
    "command",
    [
        Pause(reason="ill"),
        Resume(),
        EndEarly(reason="too late"),
        SubmitMilestone(milestone=CV),
        RecordAttendance(session=S1, attendance="late"),
        ResolveCase(case=CaseId("case-1"), resolution="called"),
        CompleteWrapUp(),
    ],
)
def test_a_closed_journey_takes_nothing_but_outcomes(command: NamedCommand) -> None:
    given(*withdrawn).when(command, at=day(6)).rejected("closed on 07 March 2026 (withdrawn)")


def test_timers_that_come_after_the_closing_say_nothing() -> None:
    given(*withdrawn).when(EndPathway(), at=day(31)).nothing()
    given(*withdrawn).when(CloseAtEnd(), at=day(31)).nothing()


@pytest.mark.parametrize("story", [in_sessions, withdrawn])
def test_an_outcome_can_be_recorded_long_after(story: tuple[JourneyEvent, ...]) -> None:
    outcome = RecordOutcome(kind="offer", value="junior analyst")
    told = (
        given(*story)
        .when(outcome, at=day(200))
        .then(OutcomeRecorded(at=day(200), kind="offer", value="junior analyst"))
    )
    told.when(outcome, at=day(201)).nothing()


def test_a_pause_stops_every_clock_but_its_own() -> None:
    pause = Pause(reason="ill")
    halted = (
        given(*handed_in).when(pause, at=day(9, 6)).then(JourneyPaused(at=day(9, 6), reason="ill", until=day(69, 6)))
    )
    assert halted.awaits == []
    assert halted.rules == ["pausing.limit"]
    halted.when(pause, at=day(10)).nothing()


def test_a_pause_lasts_no_longer_than_the_kit_allows() -> None:
    story = given(*handed_in)
    story.when(Pause(reason="ill", until=day(71)), at=day(10)).rejected("until 11 May 2026 at most")
    story.when(Pause(reason="ill", until=day(9)), at=day(10)).rejected("would end before it began")
    story.when(Pause(reason="ill", until=day(20)), at=day(10)).then(
        JourneyPaused(at=day(10), reason="ill", until=day(20))
    )


def test_a_paused_journey_asks_to_be_resumed_first() -> None:
    given(*paused).when(SubmitMilestone(milestone=CV), at=day(10)).rejected("paused since 11 March 2026; resume it")


def test_a_paused_journey_ignores_timers_that_were_on_their_way() -> None:
    given(*paused).when(EndPathway(), at=day(40)).nothing()


def test_a_pause_ends_by_itself() -> None:
    given(*paused).when_due("pausing.limit").then(JourneyResumed(at=day(69, 6), paused_for=timedelta(days=60)))


def test_resuming_moves_every_open_deadline_by_the_length_of_the_pause() -> None:
    before = given(*handed_in)
    resumed = (
        given(*paused).when(Resume(), at=day(19, 6)).then(JourneyResumed(at=day(19, 6), paused_for=timedelta(days=10)))
    )
    assert {one.rule: one.at + timedelta(days=10) for one in before.timers if "s1" not in one.rule} == {
        one.rule: one.at for one in resumed.timers if "s1" not in one.rule
    }
    resumed.when(Resume(), at=day(20)).nothing()


def test_a_pause_leaves_alone_what_is_settled_and_when_a_session_was_held() -> None:
    story = (*all_but_one, JourneyPaused(at=day(17), reason="ill", until=day(60)))
    after = given(*story).when(Resume(), at=day(27)).so().state
    assert [one.starts_at for one in after.sessions] == [day(6), day(11), day(28)]
    assert [one.due_at for one in after.milestones] == [day(10), day(23)]
    held = (*in_sessions, JourneyPaused(at=day(6, 3), reason="ill", until=day(60)))
    first = given(*held).when(Resume(), at=day(16, 3)).so().state.sessions[0]
    assert (first.starts_at, first.attendance_due_at) == (day(6), day(17, 1))


def test_what_a_rejected_command_asked_for_leaves_everything_as_it_was() -> None:
    before = given(*in_sessions).state
    refused = CommandRejected(at=day(4), command="submit_milestone", reason="not a milestone")
    assert given(*in_sessions, refused).state == before


def test_a_refusal_can_be_recorded_whatever_was_asked_for() -> None:
    refused = CommandRejected(at=day(4), command="pau\x00se", reason="no command 'x\ud800'")
    assert (refused.command, refused.reason) == ("pau\ufffdse", "no command 'x?'")


def test_the_mentor_and_the_answers_stay_known_to_the_end() -> None:
    state = given(*withdrawn).state
    assert (state.mentor, state.answers) == (ANA, JOB)
