"""Who is asked what and when; nobody more often than the kit allows; each survey is answered once."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given as holds_for
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.ids import JourneyId, RespondentId, SurveyRequestId
from domain.journey import JourneyEvent, fold
from domain.journey.events import AttendanceRecorded, JourneyPaused
from domain.kit import Asking, Kit, Survey
from domain.refusal import NotFound, Rejected
from domain.survey import (
    RESPONDENT,
    Answer,
    Ask,
    DueSurvey,
    Expire,
    Remind,
    RespondentState,
    pulses_due,
    surveys_after,
)
from domain.survey.events import SurveyAnswered, SurveyEvent, SurveyExpired, SurveyReminded, SurveyRequested
from tests.domain.full_program import FULL, met, together
from tests.domain.stories import S1, day

JOURNEY = JourneyId("first-steps.lea")
ASKING = Asking(least_gap=timedelta(days=3), most=3, within=timedelta(days=30), open_for=timedelta(days=7))


def survey(**fields: Any) -> Survey:
    questions = [
        {"id": "confident", "ask": "How confident are you?", "kind": "scale", "tells": "confidence", "required": True},
        {"id": "clear", "ask": "Is your next step clear?", "kind": "yes_no", "tells": "clarity"},
        {"id": "pace", "ask": "How is the pace?", "kind": "choice", "options": ["slow", "right", "fast"]},
        {"id": "change", "ask": "What should change?"},
    ]
    given = {"id": "after", "title": "After", "of": "learner", "after": "session", "questions": questions, **fields}
    return Survey.model_validate(given)


def kit(*surveys: Survey, asking: Asking | None = ASKING) -> Kit:
    return FULL.model_copy(update={"surveys": surveys, "asking": asking})


def after(kit: Kit, *events: JourneyEvent) -> list[DueSurvey]:
    state = fold(events)
    assert state
    return list(surveys_after(kit, JOURNEY, state, events[-1], len(events)))


def test_a_session_that_was_held_is_followed_by_its_survey_with_all_its_connections() -> None:
    (due,) = after(kit(survey(wait="2 hours")), *met)
    assert due.ask_at == met[-1].at + timedelta(hours=2)
    about = due.ask.about
    assert (due.ask.respondent, about.session, about.mentor, about.stage) == ("learner.lea", S1, "ana", "sessions")
    assert about.pathway and about.template and about.kit_version == FULL.version
    assert due.ask.request == "first-steps.lea--after.s1--1"


def test_nothing_is_asked_where_the_kit_does_not_say_how_often() -> None:
    assert not after(kit(survey(), asking=None), *met)


def test_a_session_that_was_missed_is_followed_by_none() -> None:
    missed = AttendanceRecorded(at=day(6, 1), session=S1, attendance="missed_by_learner")
    assert not after(kit(survey()), *together, missed)


def test_other_sessions_and_other_occasions_are_left_alone() -> None:
    assert not after(kit(survey(sessions=["s2"])), *met)
    assert not after(kit(survey(after="milestone")), *met)


@pytest.mark.parametrize(("role", "respondent"), [("mentor", "mentor.ana"), ("ops", "ops.first-steps")])
def test_each_role_is_asked_by_its_own_name(role: str, respondent: str) -> None:
    (due,) = after(kit(survey(of=role)), *met)
    assert due.ask.respondent == respondent


def _pulses(at: datetime, *events: JourneyEvent) -> list[DueSurvey]:
    state = fold(events)
    assert state
    pulse = survey(id="pulse", after=None, every="20 days", first="10 days")
    return list(pulses_due(kit(pulse), JOURNEY, state, day(3), at))


def test_a_pulse_comes_at_its_first_time_and_then_at_each_interval() -> None:
    assert not _pulses(day(12.9), *met)
    assert [one.ask.about.occurrence for one in _pulses(day(13), *met)] == [1]
    assert [one.ask.request for one in _pulses(day(33), *met)] == ["first-steps.lea--pulse--2"]


def test_after_a_standstill_a_pulse_is_asked_once_and_of_whoever_pauses_not_at_all() -> None:
    assert len(_pulses(day(99), *met)) == 1
    (paused,) = _pulses(day(14), *met, JourneyPaused(at=day(7), until=day(60), reason="Away"))
    assert paused.ask.unless == "paused"


def ask(number: int = 1, **fields: Any) -> Ask:
    (due,) = after(kit(survey()), *met)
    request = SurveyRequestId(f"{JOURNEY}--after.s1--{number}")
    return due.ask.model_copy(update={"request": request, **fields})


def answer(answers: Mapping[str, Any], number: int = 1) -> Answer:
    request = SurveyRequestId(f"{JOURNEY}--after.s1--{number}")
    return Answer(request=request, survey=survey(), answers=answers, by="learner:lea")


def asked(*commands: tuple[Any, datetime]) -> tuple[RespondentState, list[SurveyEvent]]:
    state, events = RESPONDENT.initial, list[SurveyEvent]()
    for command, at in commands:
        new = RESPONDENT.decide(state, command, at)
        state, events = RESPONDENT.fold(new, state), [*events, *new]
    return state, events


GOOD = {"confident": 7, "clear": True, "pace": "right", "change": "Shorter sessions"}


def test_asked_twice_it_asks_once() -> None:
    _, events = asked((ask(), day(7)), (ask(), day(8)))
    assert [type(one) for one in events] == [SurveyRequested]
    assert isinstance(events[0], SurveyRequested)
    assert events[0].expires_at == day(14)


def test_nobody_is_asked_again_within_the_gap() -> None:
    _, events = asked((ask(1), day(7)), (ask(2), day(9)), (ask(3), day(10)))
    assert [getattr(one, "because", "asked") for one in events] == ["asked", "too_soon", "asked"]


def test_nobody_is_asked_more_often_than_the_kit_allows() -> None:
    _, events = asked(*((ask(nth), day(7 + 4 * nth)) for nth in range(1, 9)))
    assert [getattr(one, "because", "asked") for one in events[:4]] == ["asked", "asked", "asked", "too_many"]


@holds_for(hours=st.lists(st.integers(0, 24 * 90), max_size=40))
def test_whatever_falls_due_the_limits_hold(hours: list[int]) -> None:
    moments = sorted(hours)
    _, events = asked(*((ask(nth), day(7, hour)) for nth, hour in enumerate(moments)))
    times = [one.at for one in events if isinstance(one, SurveyRequested)]
    assert len(events) == len(moments)
    assert all(later - earlier >= ASKING.least_gap for earlier, later in pairwise(times))
    for moment in times:
        assert sum(moment - ASKING.within < one <= moment for one in times) <= ASKING.most


def test_an_answer_is_recorded_and_another_one_is_refused() -> None:
    state, events = asked((ask(), day(7)), (answer(GOOD), day(8)))
    assert isinstance(events[-1], SurveyAnswered)
    with pytest.raises(Rejected, match="has been answered") as refusal:
        RESPONDENT.decide(state, answer({**GOOD, "confident": 2}), day(8))
    assert refusal.value.code == "survey_answered"


def test_the_same_answers_sent_twice_are_recorded_once() -> None:
    state, _ = asked((ask(), day(7)), (answer(GOOD), day(8)))
    assert list(RESPONDENT.decide(state, answer(GOOD), day(9))) == []


def test_a_form_with_no_answer_at_all_is_none() -> None:
    optional = Survey.model_validate(
        {"id": "a", "title": "A", "of": "learner", "after": "match", "questions": ["Why?"]}
    )
    state, _ = asked((ask(), day(7)))
    with pytest.raises(Rejected, match="answer at least one"):
        RESPONDENT.decide(state, answer({}).model_copy(update={"survey": optional}), day(8))


def test_what_has_expired_is_refused_whether_or_not_that_is_recorded() -> None:
    state, _ = asked((ask(), day(7)))
    with pytest.raises(Rejected, match="could be answered until"):
        RESPONDENT.decide(state, answer(GOOD), day(14))
    state, events = asked((ask(), day(7)), (Expire(request=ask().request), day(14)))
    assert isinstance(events[-1], SurveyExpired)
    with pytest.raises(Rejected, match="could be answered until"):
        RESPONDENT.decide(state, answer(GOOD), day(13))


@pytest.mark.parametrize(
    ("answers", "question"),
    [
        ({}, "confident"),
        ({"confident": 0}, "confident"),
        ({"confident": 11}, "confident"),
        ({"confident": 7.5}, "confident"),
        ({"confident": True}, "confident"),
        ({"confident": float("inf")}, "confident"),
        ({**GOOD, "clear": "yes"}, "clear"),
        ({**GOOD, "pace": "Right"}, "pace"),
        ({**GOOD, "change": "x" * 4_001}, "change"),
        ({**GOOD, "mood": 1}, "mood"),
    ],
)
def test_answers_that_do_not_fit_are_refused_by_their_question(answers: Mapping[str, Any], question: str) -> None:
    state, _ = asked((ask(), day(7)))
    with pytest.raises(Rejected) as refusal:
        RESPONDENT.decide(state, Answer.model_construct(**{**dict(answer(GOOD)), "answers": answers}), day(8))
    assert refusal.value.data == {"questions": [question]}


def test_a_reminder_comes_once_and_only_while_the_survey_is_open() -> None:
    remind = Remind(request=ask().request, reminder=1)
    _, events = asked((ask(), day(7)), (remind, day(10)), (remind, day(10)), (remind, day(20)))
    assert [type(one) for one in events] == [SurveyRequested, SurveyReminded]
    _, events = asked((ask(), day(7)), (answer(GOOD), day(8)), (remind, day(10)))
    assert isinstance(events[-1], SurveyAnswered)


def test_whoever_was_never_asked_has_nothing_to_answer() -> None:
    with pytest.raises(NotFound, match="trellis surveys list"):
        RESPONDENT.decide(RESPONDENT.initial, answer(GOOD), day(8))


def test_a_survey_without_anybody_to_ask_says_so() -> None:
    _, events = asked((ask(unless="nobody", respondent=RespondentId("mentor.nobody")), day(7)))
    assert getattr(events[0], "because", None) == "nobody"


def test_a_sentence_is_a_question_to_be_answered_in_words() -> None:
    (question,) = survey(questions=["What should change?"]).questions
    assert (question.id, question.kind, question.required) == ("question-1", "text", False)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"after": None}, "either `after`"),
        ({"every": "30 days"}, "either `after`"),
        ({"after": None, "every": "1 hour"}, "more than once a day"),
        ({"after": "match", "sessions": ["s1"]}, "needs `after: session`"),
        ({"first": "3 days"}, "write `wait`"),
        ({"questions": [{"id": "a", "ask": "A", "kind": "choice", "options": ["x"]}]}, "at least two"),
        ({"questions": [{"id": "a", "ask": "A", "options": ["x", "y"]}]}, "give it the kind 'choice'"),
        ({"questions": [{"id": "a", "ask": "A", "tells": "clarity"}]}, "needs the kind"),
        ({"questions": [{"id": "a", "ask": "A", "kind": "scale", "least": 5, "most": 5}]}, "a scale from 5 to 5"),
    ],
)
def test_a_survey_that_cannot_be_asked_is_refused(fields: Mapping[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        survey(**fields)


def test_a_reminder_after_the_end_is_refused() -> None:
    with pytest.raises(ValidationError, match="does not come while the survey is open"):
        Asking(reminders=(timedelta(days=7),))
