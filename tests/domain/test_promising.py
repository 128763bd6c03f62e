"""What a kit may say of how its promise is fulfilled, and how it is said in words."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.kit import Fulfillment, Kit
from tests.domain.stories import KIT


def promising(rule: dict[str, Any] | None, outcomes: dict[str, list[str]] | None = None, second: str = "cv") -> Kit:
    """A kit with two pathways: `main` has the milestones cv and mock, `other` has the second."""
    content = KIT.model_dump(mode="json")
    pathway = content["pathways"][0] | {"when": {}, "sessions": []}
    ends = pathway["ends"]
    of_main = [{"id": one, "title": one.upper(), "due": ends} for one in ("cv", "mock")]
    of_other = [{"id": second, "title": second.upper(), "due": ends}]
    question = {"id": "way", "ask": "Which?", "kind": "choice", "options": ["main", "other"]}
    changes = {
        "intake": {"questions": [question]},
        "segments": [],
        "pathways": [
            pathway | {"id": "main", "when": {"way": ["main"]}, "milestones": of_main},
            pathway | {"id": "other", "milestones": of_other},
        ],
        "promise": content["promise"] | ({"fulfilled_by": rule} if rule is not None else {}),
        "outcomes": outcomes or {},
    }
    return Kit.model_validate(content | changes)


@pytest.mark.parametrize(
    ("rule", "outcomes", "says"),
    [
        ({}, {}, "it names neither an outcome nor milestones"),
        ({"values": ["Pass"], "milestones": ["cv"]}, {}, "these values belong to no outcome"),
        ({"outcome": "result", "values": ["Pass", "pass "]}, {}, "'pass' is listed twice"),
        ({"outcome": "result", "values": ["Pas"]}, {"result": ["Pass", "Fail"]}, "did you mean 'Pass'?"),
        ({"milestones": ["cvs"]}, {}, "there is no milestone 'cvs'; did you mean 'cv'?"),
        ({"milestones": ["mock"]}, {}, "none of these is on pathway 'other'"),
        ({"milestones": ["cv", "cv"]}, {}, "'cv' is listed twice"),
        (None, {"result": ["Pass", "PASS"]}, "'PASS' is listed twice"),
        (None, {"result": []}, "at least 1 item"),
        (None, {"x" * 61: ["Pass"]}, "at most 60 characters"),
        ({"outcome": "x" * 61}, {}, "at most 60 characters"),
    ],
)
def test_a_rule_that_no_journey_could_meet_is_refused(
    rule: dict[str, Any] | None, outcomes: dict[str, list[str]], says: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        promising(rule, outcomes)
    assert says in str(refused.value)


def test_what_outcomes_count_as_names_values_that_there_are() -> None:
    content = promising(None, {"work": ["Employed", "None"]}).model_dump(mode="json")
    rule = {"means": "job", "outcome": "work", "values": ["Employe"]}
    with pytest.raises(ValidationError, match="did you mean 'Employed'"):
        Kit.model_validate(content | {"outcome_meanings": [rule]})
    kit = Kit.model_validate(content | {"outcome_meanings": [rule | {"values": ["employed"]}]})
    assert kit.outcome_meanings[0].in_words() == "the outcome work is employed"


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"outcome": "result", "values": ["Pass", "Distinction"]}, "the outcome result is Pass or Distinction"),
        ({"outcome": "job"}, "an outcome job is recorded"),
        ({"milestones": ["cv"]}, "milestone cv is passed"),
        (
            {"outcome": "job", "milestones": ["cv", "mock"]},
            "an outcome job is recorded, and milestones cv and mock are passed, as far as they are on the pathway",
        ),
    ],
)
def test_a_rule_says_in_words_what_it_asks(rule: dict[str, Any], says: str) -> None:
    kit = promising(rule)
    assert kit.promise.fulfilled_by
    assert kit.promise.fulfilled_by.in_words() == says


def test_values_count_in_any_capitals() -> None:
    rule = Fulfillment(outcome="result", values=("Pass",))
    assert [rule.fulfills(one) for one in ("Pass", " pass ", "Fail", "")] == [True, True, False, False]
    assert Fulfillment(outcome="job").fulfills("anything")


def test_a_kit_that_says_nothing_of_it_has_the_digest_that_it_had() -> None:
    silent = promising(None)
    content = silent.model_dump(mode="json")
    del content["promise"]["fulfilled_by"], content["outcomes"]
    assert Kit.model_validate(content).digest == silent.digest
    assert promising({"milestones": ["cv"]}).digest != silent.digest
