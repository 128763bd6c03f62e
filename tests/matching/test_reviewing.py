"""What `program check` finds about the matching of a kit."""

from typing import Any

import pytest

from domain.kit import findings_of
from domain.kit.matching import Matching
from kits.policy import policy_in_words
from tests.matching.pools import kit

EVENINGS = {"kind": "choices", "options": ["evenings", "weekends"], "tells": "availability"}
HOURS = {"evenings": "mon-fri 18:00-20:00", "weekends": "sat,sun 10:00-16:00"}
SEGMENT = {"id": "new", "title": "T", "need": "n", "urgency": "u", "level": "l"}


def found(matching: dict[str, Any], *questions: dict[str, Any], grave: bool = True, **fields: Any) -> list[str]:
    asked = [{"id": f"q{nth}", "ask": "?"} | one for nth, one in enumerate(questions)]
    one = kit(matching, intake={"questions": asked}, **fields)
    concerned = ("matching", "intake", "templates")
    return [
        f"{'.'.join(map(str, one.place))}: {one.says}; {one.remedy}"
        for one in findings_of(one)
        if one.grave == grave and one.place[0] in concerned and "message" not in one.says
    ]


def test_a_kit_that_asks_for_what_it_weights_is_fine() -> None:
    matching = {
        "weights": {"skills": 2, "times": 1, "ideal_learner": 1, "time_zone": 1},
        "rules": ["common_hours", "language", "leave", "capacity"],
        "hours": HOURS,
        "skills_by": "any",
        "wishes": {"of_learners": 3},
        "rounds": {"urgent": {"q0": ["evenings"]}},
    }
    asked: list[dict[str, Any]] = [EVENINGS, *({"tells": one} for one in ("skills", "languages", "wishes", "never"))]
    assert found(matching, *asked, segments=[SEGMENT]) == []
    assert found(matching, *asked, grave=False, segments=[SEGMENT]) == []


@pytest.mark.parametrize(
    ("matching", "questions", "says"),
    [
        (
            {"weights": {"skill": 1}},
            [],
            "weights.skill: there is no criterion 'skill'; did you mean 'skills'?",
        ),
        (
            {"rules": ["leave", "languages"]},
            [],
            "rules.1: there is no rule 'languages'; did you mean 'language'?",
        ),
        (
            {"weights": {"pace": 1}},
            [],
            "matching.weights.pace: 'pace' compares what nobody is asked: no question tells `pace`; "
            "give a question of the intake `tells: pace`, or remove 'pace'",
        ),
        ({"rules": ["common_hours"]}, [], "matching.rules.0: 'common_hours' compares what nobody is asked"),
        (
            {"weights": {"ideal_learner": 1}},
            [],
            "'ideal_learner' compares the learner's segment",
        ),
        ({"hours": HOURS}, [{}], "matching.hours.evenings: these hours are never looked at"),
        (
            {"hours": HOURS | {"evening": "mon 18:00-19:00"}},
            [EVENINGS],
            "there is no option 'evening' of",
        ),
        (
            {"hours": {"evenings": HOURS["evenings"]}},
            [EVENINGS],
            "matching.hours: nobody knows which hours 'weekends' means, an option of 'q0'; "
            "add it to `matching.hours`, such as `weekends: mon-fri 18:00-20:00`",
        ),
        ({"wishes": {"of_learners": 3}}, [], "wishes.of_learners: learners may rank mentors, and no question asks"),
        ({}, [{"tells": "wishes"}], "intake.questions.0.tells: question 'q0' asks for wishes, and none counts"),
        ({"wishes": {"of_mentors": 3, "points": 0}}, [], "wishes.points: wishes are ranked, and count 0 points"),
        ({}, [{"tells": "pace", "kind": "number"}], "questions.0.tells: question 'q0' cannot tell `pace`: a number"),
        ({}, [{"tells": "confidence"}], "question 'q0' cannot tell `confidence`: free text is no number"),
        (
            {},
            [{"tells": "confidence", "kind": "choice", "options": ["1: low", "high"]}],
            "the option 'high' begins with no number",
        ),
        (
            {},
            [{"tells": "time_zone", "kind": "choice", "options": ["Europe/Berlin", "Berlin"]}],
            "the option 'Berlin' is no time zone",
        ),
        ({"unmatched": {"points": 90, "most": 60}}, [], "unmatched.most: waiting costs 90 points from the beginning"),
        ({"least_points": 101}, [], "matching.least_points: no pair has 101 points"),
        ({"common_hours": "0 hours", "rules": ["common_hours"]}, [EVENINGS], "common_hours: no time at all"),
        ({"common_hours": "8 days", "rules": ["common_hours"]}, [EVENINGS], "common_hours: a week has no stretch"),
        (
            {"rounds": {"urgent": {"q": ["x"]}}},
            [{}],
            "rounds.urgent.q: there is no question 'q' of the intake",
        ),
        ({"rounds": {"urgent": {"q0": ["evening"]}}}, [EVENINGS], "there is no option 'evening' of question 'q0'"),
    ],
)
def test_what_cannot_work_keeps_a_kit_from_being_published(
    matching: dict[str, Any], questions: list[dict[str, Any]], says: str
) -> None:
    assert [one for one in found(matching, *questions) if says in one], found(matching, *questions)


@pytest.mark.parametrize(
    ("matching", "questions", "says"),
    [
        ({}, [{"tells": "pace"}], "question 'q0' tells `pace`, and neither a weight nor a rule looks at it"),
        ({"skills_by": "any"}, [], "`skills_by` has no effect: `matching.weights` does not name 'skills'"),
        ({"checks": ["background"]}, [], "`checks` has no effect: `matching.rules` does not name 'checks_valid'"),
        ({"rules": ["leave", "leave"]}, [], "matching.rules.1: 'leave' is named twice"),
        ({"weights": {"time_zone": 0}}, [], "every weight is 0"),
        ({"balance": 13}, [], "matching.balance: the last of a mentor's 6 places costs 65 points by `balance` alone"),
    ],
)
def test_what_is_doubtful_is_a_warning(matching: dict[str, Any], questions: list[dict[str, Any]], says: str) -> None:
    assert [one for one in found(matching, *questions, grave=False) if says in one]
    assert found(matching, *questions) == []


def test_only_answers_of_the_intake_tell_anything() -> None:
    template = {"id": "t", "title": "T", "questions": [{"id": "q", "ask": "?", "tells": "pace"}]}
    (says,) = found({}, templates=[template])
    assert says.startswith("templates.0.questions.0.tells: only answers of the intake tell something")


def test_groups_look_at_what_is_told_as_well() -> None:
    assert found({}, {"tells": "pace"}, grave=False, cohorts={"by": ["pace"]}) == []


def test_every_field_of_the_matching_has_a_sentence() -> None:
    """`program explain` tells a policy that uses everything."""
    whole = kit(
        {
            "rules": ["common_hours", "checks_valid", "language"],
            "weights": {"skills": 1, "times": 1},
            "skills_by": "jaccard",
            "checks": ["background"],
            "least_points": 20,
            "hours": HOURS,
            "wishes": {"of_learners": 3, "of_mentors": 1},
            "declines": {"busy": {"title": "No time", "rests": "14 days"}, "misfit": {"title": "It does not fit"}},
            "rounds": {"urgent": {"q0": ["soon"]}, "released_by": "schedule"},
        }
    )
    told = {one.place.split(".")[1] for one in policy_in_words(whole)}
    said_elsewhere = {"asks", "common_hours", "ample_hours", "checks", "skills_by"}
    assert told == set(Matching.model_fields) - said_elsewhere
    says = "\n".join(one.says for one in policy_in_words(whole))
    for words in (
        "both are free in the usual week, for 1 hour at one stretch.",
        "these checks of the mentor hold: background.",
        "skills, 50 points: the skills that the learner wants, and those of the mentor, by what they have in common",
        "the hours of a week in which both are free; 4 hours are a full fit.",
        "Learners may rank 3 mentors: the first wish adds 10 points, each further one 1 less.",
        "If an offer is declined because of “No time”, the mentor is left in peace for 2 weeks.",
        "because of “It does not fit”, the mentor is not proposed to this learner again.",
        "“weekends” means sat,sun 10:00-16:00.",
        "Timer: every 1 week a round finds mentors for all who wait; they are released as soon as they are made.",
        "For learners whose q0 is soon, a round begins at once.",
        "No pair with fewer than 20 points is made, however long a learner waits.",
    ):
        assert words in says
