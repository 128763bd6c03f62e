"""What is known of a learner by the answers of the intake."""

import pytest

from domain.kit import Kit
from domain.matching.learner import learner_profile
from domain.profiles import LearnerProfile
from domain.scheduling.week import read_window

CHOICES: dict[str, object] = {"kind": "choices", "options": ["evenings", "weekends", "unclear"]}


def kit(*questions: dict[str, object], **matching: object) -> Kit:
    asked = [{"ask": "?", "required": False, "id": f"q{nth}"} | one for nth, one in enumerate(questions)]
    return Kit.model_validate(
        {
            "program": "p",
            "version": "1",
            "title": "P",
            "promise": {
                "outcome": "o",
                "audience": "a",
                "duration": "8 weeks",
                "cadence": "c",
                "support": "s",
                "measures": ["m"],
            },
            "intake": {"questions": asked},
            "segments": [{"id": "s-1", "title": "S", "need": "n", "urgency": "u", "level": "l"}],
            "pathways": [{"id": "main", "title": "Main", "mentor_type": "mentor", "ends": "8 weeks"}],
            "matching": matching,
        }
    )


def told(question: dict[str, object], answer: object, **matching: object) -> LearnerProfile:
    return learner_profile(kit(question, **matching), {"q0": answer})


@pytest.mark.parametrize(
    ("question", "answer", "trait", "known"),
    [
        ({"tells": "goals"}, "a job; a network,\na portfolio", "goals", ("a job", "a network", "a portfolio")),
        ({"tells": "pace", "kind": "choice", "options": ["slow, steady", "fast"]}, "fast", "pace", ("fast",)),
        ({"tells": "skills", "kind": "choices", "options": ["Go", "C"]}, ["C", "Go"], "skills", ("C", "Go")),
        ({"tells": "confidence", "kind": "number"}, 4, "confidence", 4.0),
        ({"tells": "confidence", "kind": "choice", "options": ["3: low", "8: high"]}, "8: high", "confidence", 8.0),
        ({"tells": "confidence"}, "hard to say", "confidence", None),
        ({"tells": "time_zone"}, "Europe/Berlin", "time_zone", "Europe/Berlin"),
        ({"tells": "time_zone"}, "middle of nowhere", "time_zone", None),
        ({"tells": "availability"}, "sat,sun 10:00-12:30", "availability", (read_window("sat,sun 10:00-12:30"),)),
        ({"tells": "availability"}, "whenever", "availability", ()),
        ({"tells": "pace", "kind": "choice", "options": ["a", "b"]}, "no option", "pace", ()),
        ({}, "Go", "skills", ()),
    ],
)
def test_an_answer_tells_what_its_question_says(
    question: dict[str, object], answer: object, trait: str, known: object
) -> None:
    assert getattr(told(question, answer), trait) == known


def test_options_mean_the_hours_that_the_kit_says() -> None:
    hours = {"evenings": "mon-fri 18:00-20:00", "weekends": ["sat 10:00-12:00", "sun 10:00-12:00"]}
    known = told(CHOICES | {"tells": "availability"}, ["weekends", "unclear", "evenings"], hours=hours)
    windows = ("sat 10:00-12:00", "sun 10:00-12:00", "mon-fri 18:00-20:00")
    assert known.availability == tuple(map(read_window, windows))


def test_as_many_wishes_count_as_the_kit_allows() -> None:
    answer = "m-3, m-1, who helped my sister, m-2"
    assert told({"tells": "wishes"}, answer, wishes={"of_learners": 2}).wishes == ("m-3", "m-1")
    assert told({"tells": "wishes"}, answer).wishes == ()


def test_mentors_can_be_ruled_out() -> None:
    assert told({"tells": "never"}, "m-3; my former boss, m-1").never == ("m-3", "m-1")


def test_several_questions_may_tell_the_same() -> None:
    both = kit({"tells": "skills"}, {"tells": "skills"})
    assert learner_profile(both, {"q1": "Go, C", "q0": "C, Rust"}).skills == ("C", "Rust", "Go")


def test_the_time_zone_is_the_persons_unless_an_answer_tells_it() -> None:
    asked = kit({"tells": "time_zone"})
    assert learner_profile(asked, {}, "Asia/Tokyo").time_zone == "Asia/Tokyo"
    assert learner_profile(asked, {"q0": "Europe/Paris"}, "Asia/Tokyo").time_zone == "Europe/Paris"


def test_the_segment_is_the_first_that_fits() -> None:
    assert learner_profile(kit(), {}).segment == "s-1"
