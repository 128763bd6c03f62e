"""What a problem may be, and what follows from its parts."""

from collections import Counter
from dataclasses import replace
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.matching.assignment import Infeasible, Solution, solve
from domain.matching.certificate import Certificate, Refuted, verify
from domain.matching.exact import exact
from domain.matching.problem import FORBIDDEN, UNMATCHED, BadProblem, Problem, keys
from tests.matching.problems import cost_of, everything, named, random_problem


def even(learners: int, mentors: int, places: int, secret: str = "") -> Problem:
    """Everything costs the same."""
    return named(np.full((learners, mentors), 7), np.full(learners, 9), [[0] * places] * mentors, secret)


@st.composite
def problems(draw: st.DrawFn, learners: int = 12, mentors: int = 6) -> Problem:
    seed = draw(st.integers(0, 2**31))
    rows, columns = draw(st.integers(0, learners)), draw(st.integers(0, mentors))
    return random_problem(seed, rows, columns, places=4)


def shuffled(problem: Problem, rows: list[int], columns: list[int]) -> Problem:
    return Problem(
        problem.costs[rows][:, columns],
        problem.unmatched[rows],
        [problem.load[column] for column in columns],
        problem.learner_keys[rows],
        problem.mentor_keys[columns],
    )


@given(problems(learners=8, mentors=5), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_rows_and_columns_does_not_matter(problem: Problem, draw: Random) -> None:
    rows, columns = list(range(problem.learners)), list(range(problem.mentors))
    draw.shuffle(rows)
    draw.shuffle(columns)
    one, other = solve(problem), solve(shuffled(problem, rows, columns))
    assert one.certificate == other.certificate
    again = [columns[mentor] if mentor != UNMATCHED else UNMATCHED for mentor in other.mentor_of.tolist()]
    assert again == one.mentor_of[rows].tolist()
    assert np.array_equal(other.prices.all(), one.prices.all()[np.ix_(rows, columns)])
    for place, row in enumerate(rows):
        for nth, column in enumerate(columns):
            if one.prices.of(row, column) is not None:
                assert moves_named(other, place, nth, rows, columns) == moves_named(one, row, column)


def moves_named(
    solution: Solution, learner: int, mentor: int, rows: list[int] | None = None, columns: list[int] | None = None
) -> list[tuple[int, int, int]]:
    def named_mentor(number: int) -> int:
        return number if number == UNMATCHED or columns is None else columns[number]

    return [
        (rows[one.learner] if rows else one.learner, named_mentor(one.mentor), named_mentor(one.instead))
        for one in solution.prices.moves(learner, mentor)
    ]


@given(problems())
@settings(max_examples=100, deadline=None)
def test_nothing_is_cheaper_than_the_optimum_and_every_place_is_kept(problem: Problem) -> None:
    solution = solve(problem)
    assert cost_of(problem, solution.mentor_of) == solution.objective  # fails where a place is taken twice
    assert (solution.prices.all() >= 0).all()
    assert solution.certificate.gap == 0
    verify(problem, solution.mentor_of, solution.certificate)


@given(problems(learners=6, mentors=4), st.data())
@settings(max_examples=100, deadline=None)
def test_a_pin_costs_what_its_price_said(problem: Problem, data: st.DataObject) -> None:
    if not problem.learners or not problem.mentors:
        return
    learner = data.draw(st.integers(0, problem.learners - 1))
    mentor = data.draw(st.integers(0, problem.mentors - 1))
    solution = solve(problem)
    price, pinned = solution.prices.of(learner, mentor), problem.pinned([(learner, mentor)])
    if price is None:
        with pytest.raises(Infeasible):
            solve(pinned)
        return
    after = solve(pinned)
    assert after.mentor_of[learner] == mentor
    assert after.objective == solution.objective + price
    assert all(after.prices.of(learner, other) is None for other in range(problem.mentors) if other != mentor)
    assert after.prices.of(learner, UNMATCHED) is None


def test_more_pins_than_places_are_named() -> None:
    problem = even(6, 3, places=2).pinned([(0, 1), (3, 1), (4, 1), (5, 2)])
    with pytest.raises(Infeasible, match="3 learners must have a mentor, and there are 2 places") as refused:
        solve(problem)
    assert (refused.value.learners, refused.value.mentors, refused.value.places) == ((0, 3, 4), (1,), 2)


@given(st.integers(0, 2**31))
@settings(max_examples=150, deadline=None)
def test_whoever_is_named_as_too_many_has_no_other_mentors_and_too_few_places(seed: int) -> None:
    problem = random_problem(seed, learners=8, mentors=4, places=2, must=0.8)
    try:
        solve(problem)
    except Infeasible as refused:
        theirs = problem.costs[list(refused.learners)] != FORBIDDEN
        with_places = [mentor for mentor in range(4) if problem.load[mentor]]
        assert {mentor for mentor in with_places if theirs[:, mentor].any()} <= set(refused.mentors)
        assert (problem.unmatched[list(refused.learners)] == FORBIDDEN).all()
        assert refused.places == sum(len(problem.load[mentor]) for mentor in refused.mentors) < len(refused.learners)


def test_whoever_costs_more_than_waiting_waits() -> None:
    costs = np.array([[10, 50], [20, 60]])
    solution = solve(named(costs, np.array([15, 55]), [[0], [0]]))
    assert solution.mentor_of.tolist() == [UNMATCHED, 0]
    assert solution.objective == 15 + 20
    assert solution.prices.of(0, 0) == 10 + 55 - 35
    assert [(one.learner, one.mentor, one.instead) for one in solution.prices.moves(0, 0)] == [(0, -1, 0), (1, 0, -1)]
    assert solution.prices.of(1, UNMATCHED) == 10 + 55 - 35


def test_waiting_longer_gives_the_place_to_whoever_fits_less() -> None:
    costs, load = np.array([[10], [30]]), [[0]]
    assert solve(named(costs, np.array([60, 70]), load)).mentor_of.tolist() == [0, UNMATCHED]
    assert solve(named(costs, np.array([60, 90]), load)).mentor_of.tolist() == [UNMATCHED, 0]


def test_rising_costs_of_places_share_the_load() -> None:
    problem = named(np.zeros((10, 5), np.int64), np.full(10, 100), [[0, 3, 6, 9, 12]] * 5)
    assert set(Counter(solve(problem).mentor_of.tolist()).values()) == {2}


def test_falling_costs_of_places_are_refused() -> None:
    with pytest.raises(BadProblem, match="the load costs of mentor 1 fall"):
        named(np.zeros((1, 2), np.int64), np.zeros(1, np.int64), [[1, 1], [2, 1]])


def test_ties_are_broken_by_the_keys_alone() -> None:
    chosen = {tuple(solve(even(5, 5, 1, secret)).mentor_of.tolist()) for secret in "abcdefgh"}
    assert len(chosen) > 4, "another secret, another choice"
    again = {tuple(solve(even(5, 5, 1, "a")).mentor_of.tolist()) for _ in range(3)}
    assert len(again) == 1


def test_of_equal_assignments_the_one_with_the_least_hashes_is_chosen() -> None:
    for secret in range(30):
        problem = even(4, 3, places=2, secret=str(secret))
        scaled = exact(problem)
        again = named(scaled.costs, scaled.unmatched, [[0, 0]] * 3)
        chosen = solve(problem).mentor_of[scaled.rows]
        at = [int(scaled.column_of[one]) if one != UNMATCHED else UNMATCHED for one in chosen.tolist()]
        tried = everything(again)
        assert cost_of(again, np.array(at)) == tried.least


def test_of_equal_choices_no_other_is_equal_in_its_hashes_too() -> None:
    prices = solve(even(30, 10, places=3)).prices
    assert prices.all().max() == 0
    assert (prices.raw() == 0).sum() == 30


def test_those_who_must_be_matched_may_push_each_other_on_to_the_last() -> None:
    """Each has two mentors, their own and the next one. Nobody can wait, so everybody moves."""
    many, step = 30, 1_000
    costs = np.full((many, many + 1), FORBIDDEN)
    costs[np.arange(many), np.arange(many)] = 0
    costs[np.arange(many), np.arange(many) + 1] = step
    solution = solve(named(costs, np.full(many, FORBIDDEN), [[0]] * (many + 1)))
    assert solution.mentor_of.tolist() == list(range(many))
    assert solution.prices.of(0, 1) == many * step
    assert [one.learner for one in solution.prices.moves(0, 1)] == list(range(many))
    assert solution.prices.of(0, UNMATCHED) is None


def test_those_who_must_be_matched_get_mentors_who_are_nobodys_best() -> None:
    costs = np.repeat(np.arange(40)[None, :], 40, axis=0)
    solution = solve(named(costs, np.full(40, FORBIDDEN), [[0]] * 40))
    assert sorted(solution.mentor_of.tolist()) == list(range(40))


@pytest.mark.parametrize(("learners", "mentors"), [(0, 0), (0, 3), (3, 0)])
def test_nobody_on_one_side(learners: int, mentors: int) -> None:
    solution = solve(even(learners, mentors, places=1))
    assert solution.mentor_of.tolist() == [UNMATCHED] * learners
    assert solution.objective == 9 * learners
    assert (solution.certificate.pairs_priced, solution.certificate.least_price) == (0, 0)


def test_mentors_without_places_are_nobodys_choice() -> None:
    solution = solve(named(np.zeros((2, 2), np.int64), np.full(2, 5), [[], [1]]))
    assert solution.prices.all()[:, 0].tolist() == [FORBIDDEN] * 2
    assert sorted(solution.mentor_of.tolist()) == [UNMATCHED, 1]


@pytest.mark.parametrize("must", [False, True])
def test_the_largest_costs_that_are_accepted_are_calculated_exactly(must: bool) -> None:
    """Just below the limit nothing overflows; from there on the problem is refused."""
    largest = 1
    while accepted(extreme(2 * largest, must=must)):
        largest *= 2
    for seed in range(20):
        problem = extreme(largest, must=must, seed=seed)
        tried, solution = everything(problem), solve(problem)
        assert solution.objective == tried.least
        for learner in range(problem.learners):
            for mentor in range(problem.mentors):
                least = tried.least_with(learner, mentor)
                expected = None if least == FORBIDDEN else least - tried.least
                assert solution.prices.of(learner, mentor) == expected
    assert largest > 10**9


def extreme(most: int, *, must: bool, seed: int = 0) -> Problem:
    chance = np.random.default_rng(seed)
    costs = chance.choice([-most, most, most - 1, 1 - most, 0, FORBIDDEN], (5, 4))
    unmatched = chance.choice([-most, most, 0], 5)
    costs[0, 0] = most
    if must:
        costs[0, :3], unmatched[0] = most, FORBIDDEN
    return named(costs, unmatched, [[-most, most], [0, most], [most, most], [-most]], str(seed))


def accepted(problem: Problem) -> bool:
    try:
        solve(problem)
    except BadProblem:
        return False
    return True


def test_shapes_and_keys_are_checked() -> None:
    good = even(3, 2, places=1)
    with pytest.raises(BadProblem, match="int64"):
        replace(good, costs=good.costs.astype(np.float64))
    with pytest.raises(BadProblem, match="shape"):
        replace(good, costs=good.costs.T.copy())
    with pytest.raises(BadProblem, match="costs of being unmatched"):
        replace(good, unmatched=good.unmatched[:2])
    with pytest.raises(BadProblem, match="2 mentors and load costs for 1"):
        replace(good, load=[[0]])
    with pytest.raises(BadProblem, match="the same key"):
        replace(good, learner_keys=keys("", ["a", "b", "a"]))


def test_a_certificate_proves_one_assignment_of_one_problem_only() -> None:
    problem = random_problem(8, learners=12, mentors=5, places=4)
    solution = solve(problem)
    certificate = Certificate.model_validate_json(solution.certificate.model_dump_json())
    verify(problem, solution.mentor_of, certificate)
    cheaper = problem.costs.copy()
    cheaper[0, 0] -= 1
    with pytest.raises(Refuted, match="another problem"):
        verify(replace(problem, costs=cheaper), solution.mentor_of, certificate)
    for learner in range(problem.learners):
        for mentor in [*range(problem.mentors), UNMATCHED]:
            other = solution.mentor_of.copy()
            other[learner] = mentor
            if other[learner] != solution.mentor_of[learner]:
                with pytest.raises(Refuted):
                    verify(problem, other, certificate)


@pytest.mark.parametrize("change", [1 << 55, -(1 << 55), 1 << 62, 1 << 70])
def test_prices_that_prove_nothing_are_refuted(change: int) -> None:
    problem = random_problem(8, learners=12, mentors=5, places=4)
    solution = solve(problem)
    with_learners = np.isin(exact(problem).columns, solution.mentor_of)
    assert with_learners.any()
    for nth in np.flatnonzero(with_learners).tolist():
        prices = list(solution.certificate.mentor_prices)
        prices[nth] += change
        changed = solution.certificate.model_copy(update={"mentor_prices": tuple(prices)})
        with pytest.raises(Refuted):
            verify(problem, solution.mentor_of, changed)
