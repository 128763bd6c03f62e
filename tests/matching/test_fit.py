"""Each criterion and each rule by itself, with its words."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.fit.comparison import missing
from domain.fit.criteria import CRITERIA
from domain.fit.hours import MINUTES_A_WEEK, both, free, longest, starts, total
from domain.fit.rules import RULES
from domain.fit.terms import Terms
from domain.fit.wishes import in_words, wish_points
from domain.profiles import LearnerProfile, MentorProfile
from domain.scheduling.week import WEEKDAYS, Window, read_window
from tests.matching.pools import AT, available, candidate, random_learner, random_mentor

TERMS = Terms(at=AT)
EVENINGS = (read_window("mon-fri 18:00-20:00"),)


@pytest.mark.parametrize(
    ("name", "learner", "mentor", "fit", "says"),
    [
        ("problem_type", {"problem_type": ("CV", "talks")}, {"expertise": ("cv",)}, 0.5, "helps with CV, 1 of 2"),
        ("problem_type", {"problem_type": ("talks",)}, {"expertise": ("cv",)}, 0, "does not help with talks"),
        ("goals", {"goals": ("a job",)}, {"outcomes": ("a job", "a raise")}, 1, "brings learners to 'a job'"),
        (
            *("outcomes", {"goals": ("a job",)}, {"outcomes": ("a job", "a raise")}, 0.5),
            "typically brings learners to 'a job', which this one wants: 1 of 2",
        ),
        (
            *("outcomes", {"goals": ("peace",)}, {"outcomes": ("a job",)}, 0),
            "typically brings learners to 'a job', which is not what this one wants",
        ),
        ("skills", {"skills": ("Go", "C")}, {"skills": ("go", "rust")}, 0.5, "knows Go, 1 of 2"),
        ("ideal_learner", {"segment": "new"}, {"ideal_learner": ("new",)}, 1, "helps learners of the segment new best"),
        (
            *("ideal_learner", {"segment": "new"}, {"ideal_learner": ("old", "odd")}, 0),
            "helps learners of the segment old and odd best, and this one belongs to new",
        ),
        (
            *("confidence", {"confidence": 4}, {"supports_from": 3}, 1),
            "helps well from a confidence of 3, and the learner has 4",
        ),
        (
            *("confidence", {"confidence": 1}, {"supports_from": 10}, 0),
            "helps well from a confidence of 10, and the learner has only 1",
        ),
        ("pace", {"pace": ("fast", "slow")}, {"pace": ("slow",)}, 1, "works at the pace slow"),
        (
            "communication_style",
            {"communication_style": ("mail",)},
            {"session_style": ("talk",)},
            0,
            "in the style mail",
        ),
        ("learning_style", {"learning_style": ("doing",)}, {"learning_style": ("doing",)}, 1, "by doing"),
        ("channel", {"channel": ("chat",)}, {"channel": ("mail",)}, 0, "cannot be reached by chat"),
        ("time_zone", {"time_zone": "UTC"}, {"time_zone": "Europe/London"}, 1, "has the same time of day"),
        ("time_zone", {"time_zone": "UTC"}, {"time_zone": "Asia/Kolkata"}, 1 - 5.5 / 12, "is 5.5 hours apart"),
        (
            "time_zone",
            {"time_zone": "Pacific/Kiritimati"},
            {"time_zone": "Pacific/Honolulu"},
            1,
            "the same time of day",
        ),
        ("times", {"availability": EVENINGS}, {"availability": EVENINGS}, 1, "at the same time for 10 hours a week"),
        (
            *("times", {"availability": EVENINGS}, {"availability": (read_window("mon 19:00-20:00"),)}, 0.25),
            "is free at the same time for 1 hour a week",
        ),
        (
            *("times", {"availability": EVENINGS}, {"availability": EVENINGS, "time_zone": "Asia/Tokyo"}, 0),
            "is never free at the same time",
        ),
    ],
)
def test_a_criterion_gives_its_share_and_says_why(
    name: str, learner: dict[str, Any], mentor: dict[str, Any], fit: float, says: str
) -> None:
    criterion = CRITERIA[name]
    wanted = criterion.wanted(candidate("l-1", **learner), TERMS)
    offered = criterion.offered(available("m-1", **mentor), TERMS)
    assert criterion.fit(wanted, offered, TERMS) == pytest.approx(fit)
    assert says in criterion.reason(wanted, offered, TERMS)


@pytest.mark.parametrize(("measure", "fit"), [("share", 1 / 2), ("jaccard", 1 / 4), ("any", 1)])
def test_skills_are_compared_by_the_measure_of_the_kit(measure: Any, fit: float) -> None:
    terms = Terms(at=AT, skills_by=measure)
    wanted, offered = ("go", "c"), ("Go", "Rust", "Zig")
    assert CRITERIA["skills"].fit(wanted, offered, terms) == pytest.approx(fit)
    says = CRITERIA["skills"].reason(wanted, offered, terms)
    words = {"share": "knows go, 1 of 2", "jaccard": "knows go, 1 of 2; 1 of 4 that either has", "any": "knows go"}
    assert says == words[measure]


def day(days: float) -> str:
    return (AT + timedelta(days=days)).isoformat()


LEAVE = {"starts_at": day(1), "ends_at": day(15)}
DAY_OFF = {"starts_at": day(-1), "ends_at": day(1)}


@pytest.mark.parametrize(
    ("name", "learner", "mentor", "says"),
    [
        ("oneself", {}, {}, "is the learner"),
        (
            "mentor_type",
            {"mentor_type": "peer"},
            {"mentor_type": "lead"},
            "is a mentor of the kind 'lead', and",
        ),
        ("mentor_type", {"mentor_type": "peer"}, {"mentor_type": "Peer"}, None),
        ("conflict_of_interest", {"affiliation": ("ACME",)}, {"affiliation": ("Acme",)}, "also belongs to ACME"),
        ("conflict_of_interest", {"affiliation": ("ACME",)}, {"affiliation": ("Other",)}, None),
        ("ruled_out_by_learner", {"never": ("x",)}, {}, "has been ruled out by the learner"),
        ("ruled_out_by_mentor", {}, {"never": ("x",)}, "has ruled out the learner"),
        ("declined_before", {"declined": ("x",)}, {}, "was offered before and declined, or has left the journey"),
        ("declined_before", {"declined": ("y",)}, {}, None),
        ("language", {"languages": ("fr", "es")}, {"languages": ("de",)}, "does not speak fr and es"),
        ("format", {"format": ("cohort",)}, {"format": ("hybrid",)}, "holds no sessions in the format cohort"),
        ("channel", {"channel": ("chat",)}, {"channel": ("mail",)}, "cannot be reached by chat"),
        ("common_hours", {"availability": EVENINGS}, {"availability": EVENINGS}, None),
        (
            *("common_hours", {"availability": EVENINGS}, {"availability": (read_window("mon 19:30-21:00"),)}),
            "is free at the same time for 0.5 hours at most, and 1 hour at one stretch are needed",
        ),
        (
            *("common_hours", {"availability": EVENINGS}, {"availability": EVENINGS, "time_zone": "Asia/Tokyo"}),
            "is never free at the same time",
        ),
        ("checks_valid", {}, {"checks": [{"check": "b", "valid_until": "2026-03-25"}]}, None),
        (
            "checks_valid",
            {},
            {"checks": [{"check": "b", "valid_until": "2026-03-24"}]},
            "'b' that expired on 24 Mar",
        ),
        ("onboarded", {}, {"onboarded_on": "2026-03-25"}, None),
        ("onboarded", {}, {}, "is not onboarded yet"),
        ("training_acknowledged", {}, {"trained": False}, "has steps of the training open"),
        ("leave", {}, {"leave": [DAY_OFF]}, None),
        ("leave", {}, {"leave": [LEAVE]}, "is on leave for most of the coming week, until 09 Apr 2026"),
        ("resting", {}, {"rests_until": day(2)}, "is left in peace until 27 Mar 2026, after a declined offer"),
        ("resting", {}, {"rests_until": day(-2)}, None),
        ("capacity", {}, {"free": 0}, "has no free place"),
        ("capacity", {}, {"free": 1, "to_target": 0}, None),
    ],
)
def test_a_rule_says_why_it_excludes(
    name: str, learner: dict[str, Any], mentor: dict[str, Any], says: str | None
) -> None:
    rule = RULES[name]
    wanted = rule.wanted(candidate("x", **learner), TERMS)
    offered = rule.offered(available("x", **mentor), TERMS)
    assert rule.allows(wanted, offered, TERMS) == (says is None)
    assert says is None or says in rule.reason(wanted, offered, TERMS)


def test_a_check_that_is_needed_must_be_there() -> None:
    terms = Terms(at=AT, checks=("background", "safety"))
    mentor = available("m-1", checks=[{"check": "safety"}])
    assert RULES["checks_valid"].offered(mentor, terms) == ("has no check 'background'",)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32))
def test_whoever_says_nothing_is_neither_preferred_nor_excluded(seed: int) -> None:
    learner, mentor = random_learner(seed), random_mentor(seed)
    silent = learner.model_copy(update={"profile": LearnerProfile(), "mentor_type": None})
    quiet = mentor.model_copy(update={"profile": MentorProfile()})
    for criterion in CRITERIA.values():
        assert missing(criterion.wanted(silent, TERMS), criterion.offered(quiet, TERMS)) == "neither side has said"
    for rule in RULES.values():
        if rule.tells or rule.name == "mentor_type":
            assert rule.wanted(silent, TERMS) is None
            assert rule.offered(quiet, TERMS) is None


def test_each_further_wish_adds_a_point_less() -> None:
    terms = Terms(at=AT, wishes_of_learners=3, wishes_of_mentors=1, wish_points=2)
    learner = candidate("l-1", wishes=("m-1", "m-2", "m-1", "m-3", "m-4"))
    assert [wish_points(learner, available(f"m-{nth}"), terms) for nth in (1, 2, 3, 4)] == [2, 1, 0, 0]
    assert in_words(learner, available("m-2"), terms) == "is wish 2 of the learner"
    assert in_words(learner, available("m-2", wishes=("l-9", "l-1")), terms) == "is wish 2 of the learner"


WINDOWS = st.builds(
    lambda day, start, length: Window(days=(day,), start=start, end=min(start + length, 1440)),
    st.sampled_from(WEEKDAYS),
    st.integers(0, 1439),
    st.integers(1, 1440),
)
FREE = st.builds(lambda those, east: free(tuple(those), east), st.lists(WINDOWS, max_size=4), st.integers(-720, 840))


@given(FREE, FREE, st.sampled_from([1, 15, 60, 600, 3_000, 10_080, 10_081]))
def test_hours_are_those_that_minute_by_minute_both_have(one: Any, other: Any, length: int) -> None:
    minutes = [{minute for begin, end in hours for minute in range(begin, end)} for hours in (one, other)]
    common = minutes[0] & minutes[1]
    assert total(both(one, other)) == len(common)
    run = best = 0
    for minute in [*range(MINUTES_A_WEEK), *range(MINUTES_A_WEEK)]:
        run = run + 1 if minute in common else 0
        best = max(best, run)
    assert longest(both(one, other)) == min(best, MINUTES_A_WEEK)
    begins = [
        {minute for first, last in starts(hours, length) for minute in range(first, last + 1)} for hours in (one, other)
    ]
    assert bool(begins[0] & begins[1]) == (longest(both(one, other)) >= length)


def test_wall_time_is_shifted_by_the_zone_over_the_end_of_the_week() -> None:
    assert free((read_window("mon 00:00-02:00"),), 60) == ((0, 60), (MINUTES_A_WEEK - 60, MINUTES_A_WEEK))
    assert longest(free((read_window("mon 00:00-02:00"),), 60)) == 120
