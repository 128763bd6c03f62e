"""Detectors find what they name, say why without a word of anybody's, and leave good work alone."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.detecting import detect
from domain.finding import (
    FINDINGS,
    ConfirmFinding,
    DismissFinding,
    FindingRaised,
    Raised,
    RaiseFindings,
)
from domain.ids import FindingId, JourneyId, ProgramId
from domain.journey import JourneyEvent, fold
from domain.journey.events import ActionItem, FollowUpCorrected, FollowUpSent
from domain.kit import Kit
from domain.kit.detectors import (
    CopiedText,
    Detectors,
    NoDeadline,
    RepeatedBasics,
    SessionWritten,
    StepWritten,
    TalkShare,
    VagueStep,
)
from domain.refusal import NotFound, Rejected
from tests.domain.full_program import FULL, met, together
from tests.domain.stories import ANA, S1, day

JOURNEY = JourneyId("first-steps.lea")
FIRST = datetime(2026, 3, 2, 17, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def written(
    nth: int = 0,
    *,
    steps: Sequence[tuple[str, timedelta]] = (),
    notes: Mapping[str, object] | None = None,
    summary: str = "",
    next_after: timedelta | None = 7 * DAY,
    planned: Sequence[str] = (),
    asks: Mapping[str, str] | None = None,
) -> SessionWritten:
    held = FIRST + nth * 7 * DAY
    return SessionWritten(
        session=f"week-{nth}",
        held_at=held,
        ended_at=held + HOUR,
        notes=notes or {},
        asks=asks or {},
        planned=planned,
        summary=summary,
        steps=[StepWritten(f"week-{nth}.{i}", text, held + due) for i, (text, due) in enumerate(steps)],
        next_at=held + next_after if next_after else None,
    )


@pytest.mark.parametrize(
    "text",
    [
        *("Work on the CV", "think about which jobs suit", "Try to apply to some companies", "Be more confident, soon"),
        *("CV", "read more", "Look into interviews as needed", "  Improve\tthe letter "),
    ],
)
def test_a_step_in_vague_words_is_found(text: str) -> None:
    (found,) = VagueStep().find([written(steps=[(text, DAY)])])
    assert found.subject == "week-0.0"
    assert found.quotes == (text,)


@pytest.mark.parametrize(
    "text",
    [
        "Rewrite the first third of the CV around the three results",
        "Work on 3 letters",
        "Look into https://example.org/ads and underline what they ask for",
        "Send the letter to the bakery on Elm Street",
        'Improve the paragraph "What I did at the desk"',
    ],
)
def test_a_step_that_can_be_looked_at_is_left_alone(text: str) -> None:
    assert not list(VagueStep().find([written(steps=[(text, DAY)])]))


def test_the_phrases_of_a_kit_in_another_language_count() -> None:
    steps = [("Am Lebenslauf arbeiten wie bisher", DAY)]
    assert not list(VagueStep().find([written(steps=steps)]))
    assert list(VagueStep(phrases=("arbeiten",)).find([written(steps=steps)]))


def test_a_phrase_counts_as_words_not_as_letters() -> None:
    assert not list(VagueStep(phrases=("art",)).find([written(steps=[("Start the letter to Aunt Martha", DAY)])]))


def test_no_step_before_the_next_session_is_found() -> None:
    (found,) = NoDeadline().find([written(steps=[("one", 8 * DAY), ("another", 9 * DAY)])])
    assert found.because == "the first step is due 1 week after the session, which is after the next session"


def test_one_near_step_is_enough() -> None:
    assert not list(NoDeadline().find([written(steps=[("one", 5 * DAY), ("another", 60 * DAY)])]))


def test_without_another_session_the_kit_says_how_late_is_too_late() -> None:
    late = written(steps=[("one", 15 * DAY)], next_after=None)
    assert list(NoDeadline(latest=14 * DAY).find([late]))
    assert not list(NoDeadline(latest=21 * DAY).find([late]))


STUCK = "She wants to move to data analysis and says that nobody reads her CV"


def test_the_same_answer_in_three_sessions_is_found_once() -> None:
    sessions = [written(nth, notes={"diagnosis": f"{STUCK} again"}) for nth in range(5)]
    (found,) = RepeatedBasics(questions=("diagnosis",)).find(sessions)
    assert (found.session, found.subject, len(found.quotes)) == ("week-2", "diagnosis", 3)


def test_different_answers_and_short_ones_are_left_alone() -> None:
    different = ["The letter names no result", "Two interviews went by without a question", "Pay is never mentioned"]
    notes = [written(nth, notes={"diagnosis": text}) for nth, text in enumerate([*different, *["all well"] * 4])]
    assert not list(RepeatedBasics(questions=("diagnosis",)).find(notes))


def test_a_follow_up_in_the_words_of_the_kit_is_found() -> None:
    kit = "Tell one story to somebody outside the program and ask what they heard"
    (found,) = CopiedText().find([written(planned=[kit], summary=f"{kit}!")])
    assert (found.subject, found.because) == ("summary", "the follow-up repeats the wording of the kit")


def test_notes_that_repeat_their_question_are_found() -> None:
    asks = {"goal": "What was the goal of this session, as agreed at its start?"}
    (found,) = CopiedText().find(
        [written(asks=asks, notes={"goal": "the goal of this session, as agreed at its start was"})]
    )
    assert found.subject == "goal"


def test_the_same_follow_up_again_is_found_in_the_later_session() -> None:
    text = "We spoke about the letter and about what comes next"
    (found,) = CopiedText().find([written(0, summary=text), written(1, summary=text)])
    assert found.session == "week-1"


@pytest.mark.parametrize(("share", "expected"), [(75, True), (60, False), (101, False), ("75", False), (True, False)])
def test_the_share_of_talking_is_looked_at_where_it_is_a_share(share: object, expected: bool) -> None:
    assert bool(list(TalkShare(question="talk").find([written(notes={"talk": share})]))) is expected


ALL = Detectors(
    vague_step=VagueStep(),
    no_deadline=NoDeadline(),
    repeated_basics=RepeatedBasics(questions=("goal",)),
    copied_text=CopiedText(),
    talk_share=TalkShare(question="talk"),
)


def test_all_five_are_used_where_a_kit_names_them_and_none_where_it_does_not() -> None:
    assert [one.name for one in ALL.used] == [name for name in Detectors.model_fields if name != "every"]
    assert not Detectors().used


ANY_TEXT = st.text(max_size=60)


@given(texts=st.lists(st.tuples(ANY_TEXT, ANY_TEXT, ANY_TEXT), max_size=6), data=st.data())
def test_whatever_is_written_each_finding_is_named_once_and_its_reason_quotes_nobody(
    texts: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    sessions = [
        written(nth, steps=[(step, data.draw(st.integers(0, 30)) * DAY)], notes={"goal": note}, summary=summary)
        for nth, (step, note, summary) in enumerate(texts)
    ]
    for detector in ALL.used:
        found = list(detector.find(sessions))
        assert len({(one.session, one.subject) for one in found}) == len(found)
        assert found == list(detector.find(sessions))
        for one in found:
            assert not [text for text in one.quotes if len(text) > 20 and text in one.because]


def _following_up(text: str) -> tuple[JourneyEvent, ...]:
    items = (ActionItem(item="s1-1", owner="learner", due_at=day(8), text=text),)
    return (*met, FollowUpSent(at=day(7), session=S1, summary="It went as it went", items=items))


LOOKED_AT = FULL.model_copy(update={"detectors": Detectors(vague_step=VagueStep())})


def _detected(*events: JourneyEvent, kit: Kit = LOOKED_AT) -> tuple[Raised, ...]:
    state = fold(events)
    assert state
    return detect(kit, JOURNEY, state, events)


def test_a_journey_is_looked_at_through_its_events_and_the_mentor_of_the_session_is_named() -> None:
    (found,) = _detected(*_following_up("Work on the CV"))
    assert (found.detector, found.session, found.mentor, found.subject) == ("vague_step", S1, ANA, "s1-1")
    assert found.finding == _detected(*_following_up("Work on the CV"))[0].finding


def test_nothing_is_found_where_the_kit_names_no_detector_and_before_a_session_is_held() -> None:
    assert not _detected(*_following_up("Work on the CV"), kit=FULL)
    assert not _detected(*together)


def test_what_was_corrected_counts_as_it_reads_today() -> None:
    items = (ActionItem(item="s1-2", owner="learner", due_at=day(9), text="Send the letter to the bakery"),)
    better = FollowUpCorrected(at=day(8), session=S1, summary="So", items=items, reason="It was vague", by="mentor:ana")
    assert not _detected(*_following_up("Work on the CV"), better)


def raising(found: Sequence[Raised]) -> RaiseFindings:
    return RaiseFindings(program=ProgramId("first-steps"), journey=JOURNEY, found=tuple(found))


def test_a_finding_is_raised_once_however_often_detectors_look() -> None:
    found = _detected(*_following_up("Work on the CV"))
    first = FINDINGS.decide(FINDINGS.initial, raising(found), day(9))
    assert [type(one) for one in first] == [FindingRaised]
    assert not FINDINGS.decide(FINDINGS.fold(first, FINDINGS.initial), raising((*found, *found)), day(10))


def test_a_person_confirms_or_dismisses_and_says_why_another_time() -> None:
    found = _detected(*_following_up("Work on the CV"))
    events = list(FINDINGS.decide(FINDINGS.initial, raising(found), day(9)))
    state, one = FINDINGS.fold(events, FINDINGS.initial), found[0].finding
    confirmed = FINDINGS.decide(state, ConfirmFinding(finding=one), day(10))
    state = FINDINGS.fold(confirmed, state)
    assert state.standings == {one: "confirmed"}
    assert not FINDINGS.decide(state, ConfirmFinding(finding=one), day(11))
    with pytest.raises(Rejected, match="confirmed already; say why"):
        FINDINGS.decide(state, DismissFinding(finding=one, reason=" "), day(11))
    assert FINDINGS.decide(state, DismissFinding(finding=one, reason="It names the CV"), day(11))


def test_a_finding_that_is_not_there_is_said_to_be_missing() -> None:
    with pytest.raises(NotFound, match="trellis findings list"):
        FINDINGS.decide(FINDINGS.initial, ConfirmFinding(finding=FindingId("vague_step-1")), day(9))
