"""Explanations: every price is what solving anew costs more, and the words say what the numbers do."""

import numpy as np
import pytest
from hypothesis import given, settings

from domain.ids import LearnerId, MentorId
from domain.kit import Kit
from domain.matching.assignment import Infeasible, solve
from domain.matching.explaining import explain, explained, imagined, what_if
from domain.matching.explanation import Choice, Explanation
from domain.matching.matched import Matched
from domain.matching.policy import POINT
from domain.matching.pool import Pool
from domain.matching.problem import FORBIDDEN
from domain.refusal import Rejected
from tests.matching.pools import available, candidate, kit, kits, pair, pool, pools

FITTING = kit({"weights": {"problem_type": 1}, "balance": 0, "unmatched": {"points": 100}})
LETTERS = tuple("abcdefghij")


def solved_anew(matched: Matched, row: int, mentor: MentorId | None) -> float | None:
    """What everything costs more when the learner must have this mentor, or nobody."""
    problem = matched.problem
    try:
        if mentor:
            forced = solve(problem.pinned([(row, matched.roster.column[mentor])])).objective
            return (forced - matched.solution.objective) / POINT
        costs = problem.costs.copy()
        costs[row] = FORBIDDEN
        alone = type(problem)(costs, problem.unmatched, problem.load, problem.learner_keys, problem.mentor_keys)
        return (solve(alone).objective - matched.solution.objective) / POINT
    except Infeasible:
        return None


@settings(max_examples=50, deadline=None)
@given(pools(), kits())
def test_every_price_is_that_of_solving_anew(pool: Pool, kit: Kit) -> None:
    matched = Matched(pool, kit)
    for row, one in enumerate(matched.roster.candidates):
        for choice in explained(matched, one.learner).choices:
            assert choice.price == solved_anew(matched, row, choice.mentor)


@settings(max_examples=50, deadline=None)
@given(pools(), kits())
def test_the_moves_of_a_choice_cost_what_it_is_said_to(pool: Pool, kit: Kit) -> None:
    """They are carried out, and everything is added up."""
    matched = Matched(pool, kit)
    for one in matched.roster.candidates:
        for choice in explained(matched, one.learner).choices:
            if choice.price is None:
                continue
            after = matched.solution.mentor_of.copy()
            for learner, gets in [(one.learner, choice.mentor), *((move.learner, move.gets) for move in choice.moves)]:
                after[matched.roster.rows[learner][0]] = -1 if gets is None else matched.roster.column[gets]
            assert cost(matched, after) - matched.solution.objective == round(choice.price * POINT)


def cost(matched: Matched, mentor_of: np.ndarray) -> int:
    problem = matched.problem
    pairs = [
        int(problem.unmatched[row]) if column < 0 else int(problem.costs[row, column])
        for row, column in enumerate(mentor_of)
    ]
    load = [sum(those[: int((mentor_of == column).sum())]) for column, those in enumerate(problem.load)]
    return sum(pairs) + sum(load)


@settings(max_examples=50, deadline=None)
@given(pools(), kits())
def test_everybody_is_either_a_choice_or_excluded(pool: Pool, kit: Kit) -> None:
    matched = Matched(pool, kit)
    for one in matched.roster.candidates:
        found = explained(matched, one.learner)
        possible = {choice.mentor for choice in found.choices} | {found.mentor}
        excluded = {each.mentor for each in found.excluded}
        assert possible - {None} | excluded == {each.mentor for each in pool.mentors}
        assert not possible & excluded
        assert all(choice.says for choice in found.choices)
        for mentor in matched.roster.mentors:
            imagined_one = imagined(matched, one.learner, mentor.mentor)
            assert imagined_one.says
            assert bool(imagined_one.excluded) == (mentor.mentor in excluded)


def three() -> Pool:
    """The first two want the same mentor; the third would do as well with two of them."""
    return pool(
        candidate("l-1", problem_type=LETTERS),
        candidate("l-2", problem_type=LETTERS[:5]),
        candidate("l-3", problem_type=("z",)),
        available("m-1", expertise=LETTERS),
        available("m-2", expertise=(*LETTERS[:4], "z")),
        available("m-3", expertise=("z",)),
        available("m-4", expertise=("a",), free=0),
    )


def of(found: Explanation, mentor: str | None) -> Choice:
    return next(one for one in found.choices if one.mentor == mentor)


def test_a_choice_is_told_with_its_price_and_its_chain_of_moves() -> None:
    found = explain(three(), FITTING, LearnerId("l-2"))
    assert (found.mentor, found.points) == ("m-2", 80)
    assert found.says == "m-2 fits with 80 points. m-1 would fit with 100 points: " + of(found, "m-1").says
    assert of(found, "m-1").says == "m-1 instead would cost 40 points: l-1 would go to m-2."
    assert of(found, "m-3").says == "m-3 instead would cost 80 points: l-3 would go to m-2."


def test_who_gets_nobody_is_told_what_each_mentor_would_cost() -> None:
    policy = kit({"unmatched": {"points": 60, "a_day": 1}, "balance": 0})
    people = pool(candidate("l-1", days=5), candidate("l-2"), available("m-1"))
    found = explain(people, policy, LearnerId("l-2"))
    assert (found.mentor, found.why) == (None, "no_place")
    assert found.says.startswith("1 mentor fits, but every place would cost more in all than waiting, which costs 60 ")
    assert [one.says for one in found.choices] == ["m-1 would cost 5 points: l-1 would be left without a mentor."]


def test_nobody_is_a_choice_as_well() -> None:
    found = explain(three(), FITTING, LearnerId("l-1"))
    assert found.says == "m-1 fits with 100 points, the best of 3 who are possible."
    assert of(found, None).says.startswith("No mentor for now would cost ")


def test_whoever_is_excluded_is_so_by_a_rule_in_words() -> None:
    found = explain(three(), FITTING, LearnerId("l-1"))
    assert [(one.mentor, one.rule, one.says) for one in found.excluded] == [("m-4", "capacity", "has no free place")]


def test_what_each_criterion_gave_is_told_with_its_reason() -> None:
    policy = kit({"weights": {"problem_type": 3, "pace": 1}})
    found = explain(
        pool(candidate("l-1", problem_type=("a", "b")), available("m-1", expertise=("b",))), policy, LearnerId("l-1")
    )
    assert [(one.criterion, one.points, one.of, one.known, one.says) for one in found.contributions] == [
        ("problem_type", 37.5, 75, True, "helps with b, 1 of 2"),
        ("pace", 12.5, 25, False, "neither side has said, so it gives half"),
    ]


def test_wishes_come_on_top() -> None:
    policy = kit({"wishes": {"of_learners": 2, "of_mentors": 1, "points": 10}})
    found = explain(
        pool(candidate("l-1", wishes=("m-9", "m-1")), available("m-1", wishes=("l-1", "l-2"))), policy, LearnerId("l-1")
    )
    assert found.points == 50 + 9 + 10
    assert found.contributions[-1].says == "is wish 2 of the learner and has the learner as wish 1"


def test_what_if_tells_the_price_of_what_is_not_allowed() -> None:
    people = pool(
        candidate("l-1", languages=("Spanish",)),
        available("m-1", languages=("German",)),
        available("m-2", languages=("Spanish",)),
    )
    found = what_if(people, kit({"rules": ["language"], "balance": 0}), LearnerId("l-1"), MentorId("m-1"))
    assert (found.possible, found.says) == (
        False,
        "m-1 does not speak Spanish; if that were allowed, m-1 would cost nothing.",
    )


def test_what_if_tells_that_a_full_mentor_cannot_be_had() -> None:
    found = what_if(three(), FITTING, LearnerId("l-1"), MentorId("m-4"))
    assert found.says == "m-4 has no free place, and no place could be made free."


def test_what_if_tells_the_price_beside_a_pin() -> None:
    people = three().model_copy(update={"pinned": (pair("l-1", "m-3"),)})
    found = explain(people, FITTING, LearnerId("l-1"))
    assert (found.mentor, found.pinned) == ("m-3", True)
    assert found.says == "m-3 was set by a person, and fits with 0 points."
    assert [one.price for one in found.choices] == [None, None, None]
    imagined = what_if(people, FITTING, LearnerId("l-1"), MentorId("m-1"))
    assert imagined.says.startswith(
        "m-1 is not the mentor to whom the learner is pinned; if that were allowed, m-1 would "
    )


def test_who_is_not_in_the_round_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(Rejected, match="there is no learner 'l-10' of this round; did you mean 'l-1'") as refused:
        explain(three(), FITTING, LearnerId("l-10"))
    assert refused.value.code == "not_in_round"
    with pytest.raises(Rejected, match="there is no mentor 'mia' of this round"):
        what_if(three(), FITTING, LearnerId("l-1"), MentorId("mia"))
