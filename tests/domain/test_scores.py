"""The scores of sessions, on the kit's rubric."""

import pytest
from pydantic import ValidationError

from domain.ids import JourneyId, KitDigest, MentorId, PathwayId, ProgramId, SessionId
from domain.kit import Kit
from domain.kit.quality import Quality, Rubric
from domain.quality.scores import INITIAL, SCORES, About, Given, Role, ScoreCorrected, ScoreSession, SessionScored
from domain.refusal import Rejected
from tests.domain.stories import KIT
from tests.support.events import AT

RUBRIC = Rubric.model_validate(
    {
        "questions": [
            "Was the problem clarified?",
            {"id": "next", "ask": "Is there a next step?", "look_for": "a date"},
        ],
        "dimensions": ["confidence gain", {"id": "depth", "title": "Depth", "low": "chat", "high": "work"}],
    }
)
ABOUT = About(
    journey=JourneyId("p.lea"),
    session=SessionId("s1"),
    program=ProgramId("p"),
    kit=KitDigest("k"),
    kit_version="1",
    pathway=PathwayId("fast"),
    mentor=MentorId("max"),
    held_at=AT,
)
GIVEN = Given(questions={"next": "yes"}, dimensions={"depth": 4}, notes="clear", minutes=10)


def score(given: Given = GIVEN, by: str = "ops:ana", role: Role = "qa", **fields: object) -> ScoreSession:
    whole = {"about": ABOUT, "rubric": RUBRIC, "given": given, "by": by, "role": role, **fields}
    return ScoreSession.model_validate(whole)


SCORED = SCORES.decide(INITIAL, score(), AT)
AFTER = SCORES.fold(SCORED, INITIAL)


def test_what_is_written_as_a_text_has_an_id_and_stays_a_text() -> None:
    assert [one.id for one in RUBRIC.questions] == ["was-the-problem-clarified", "next"]
    assert [one.id for one in RUBRIC.dimensions] == ["confidence-gain", "depth"]
    assert Rubric.model_validate_json(RUBRIC.model_dump_json()) == RUBRIC
    assert RUBRIC.model_dump()["questions"][0] == "Was the problem clarified?"


def test_a_text_without_letters_gets_an_id_of_its_own() -> None:
    first, second = Rubric.model_validate({"dimensions": ["信頼", "明確さ"]}).dimensions
    assert first.id != second.id and first.id.isalnum()


def test_two_of_one_id_are_no_rubric() -> None:
    rubric = {"questions": ["How?", "how"]}
    with pytest.raises(ValidationError, match="another question has the id 'how' already"):
        Kit.model_validate(KIT.model_dump(mode="json") | {"rubric": rubric})


def test_a_score_is_recorded_with_what_it_is_about() -> None:
    (event,) = SCORED
    assert type(event) is SessionScored
    assert (event.mentor, event.kit_version, event.questions, event.dimensions) == (
        "max",
        "1",
        GIVEN.questions,
        {"depth": 4},
    )


def test_the_same_again_changes_nothing_and_others_score_beside_it() -> None:
    assert SCORES.decide(AFTER, score(), AT) == []
    assert len(SCORES.decide(AFTER, score(by="mentor:max", role="self"), AT)) == 1
    assert len(SCORES.decide(AFTER, score(round="p-1", item="p-1.2"), AT)) == 1


def test_another_opinion_is_a_correction_with_a_reason() -> None:
    other = GIVEN.model_copy(update={"dimensions": {"depth": 2}})
    with pytest.raises(Rejected, match="send `corrects` and a reason"):
        SCORES.decide(AFTER, score(other), AT)
    with pytest.raises(Rejected, match="needs a reason"):
        SCORES.decide(AFTER, score(other, corrects=True, reason=" "), AT)
    with pytest.raises(Rejected, match="nothing to correct"):
        SCORES.decide(INITIAL, score(other, corrects=True, reason="misread"), AT)
    (event,) = SCORES.decide(AFTER, score(other, corrects=True, reason="misread"), AT)
    assert isinstance(event, ScoreCorrected) and event.dimensions == {"depth": 2}
    assert SCORES.decide(SCORES.evolve(AFTER, event), score(other, corrects=True, reason="misread"), AT) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (Given(), "answer at least one question"),
        (
            Given(questions={"nxt": "yes"}),
            "questions.nxt: is not in the rubric; it has next, was-the-problem-clarified",
        ),
        (Given(dimensions={"depth": 6}), "dimensions.depth: wants a whole number from 1 to 5"),
        (Given(dimensions={"width": 3}), "dimensions.width: is not in the rubric"),
    ],
)
def test_a_score_that_does_not_fit_the_rubric_is_refused(given: Given, says: str) -> None:
    with pytest.raises(Rejected, match=says) as refused:
        SCORES.decide(INITIAL, score(given), AT)
    assert refused.value.data["fields"]


def test_without_a_rubric_there_is_nothing_to_score_by() -> None:
    with pytest.raises(Rejected, match="has no rubric"):
        SCORES.decide(INITIAL, score(rubric={}), AT)


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"minutes": 10}, "not even one review fits"),
        ({"minutes": 100_000}, "at most 200 reviews"),
        ({"open_for": "7 days"}, "let `open_for` be shorter than `every`"),
        ({"most_share": 1}, "less than 1"),
    ],
)
def test_rounds_that_cannot_be_held_are_refused(terms: dict[str, object], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        Quality.model_validate(terms)
