"""The assignment is the cheapest there is, by trying all of them, and so is what every other choice would cost."""

import numpy as np
import pytest

from domain.matching.assignment import Infeasible, Solution, explain, solve
from domain.matching.certificate import verify
from domain.matching.problem import FORBIDDEN, UNMATCHED, Problem
from tests.matching.problems import Everything, cost_of, everything, random_problem

SMALL_POOLS = 2_000


def small(seed: int) -> Problem:
    learners, mentors = 1 + seed % 5, 1 + seed % 4
    return random_problem(seed, learners, mentors, places=3, must=0.3 if seed % 7 == 0 else 0.0)


def test_small_pools_are_assigned_as_well_as_by_trying_everything() -> None:
    infeasible = 0
    for seed in range(SMALL_POOLS):
        problem, tried = small(seed), everything(small(seed))
        if tried.least == FORBIDDEN:
            infeasible += 1
            with pytest.raises(Infeasible):
                solve(problem)
            continue
        solution = solve(problem)
        assert solution.objective == cost_of(problem, solution.mentor_of) == tried.least, seed
        assert solution.certificate.gap == 0
        verify(problem, solution.mentor_of, solution.certificate)
        prices_are_those_of(tried, solution, problem, seed)
    assert 20 < infeasible < 200


def prices_are_those_of(tried: Everything, solution: Solution, problem: Problem, seed: int) -> None:
    table = solution.prices.all()
    for learner in range(problem.learners):
        row = solution.prices.of_learner(learner)
        for mentor in [*range(problem.mentors), UNMATCHED]:
            price, least = solution.prices.of(learner, mentor), tried.least_with(learner, mentor)
            assert price == (None if least == FORBIDDEN else least - tried.least), (seed, learner, mentor)
            if mentor != UNMATCHED:
                assert row[mentor] == price
                assert table[learner, mentor] == (FORBIDDEN if price is None else price)
            if price is not None:
                the_moves_cost_the_price(problem, solution, learner, mentor, price)


def the_moves_cost_the_price(problem: Problem, solution: Solution, learner: int, mentor: int, price: int) -> None:
    after = solution.mentor_of.copy()
    for move in solution.prices.moves(learner, mentor):
        assert after[move.learner] == move.mentor, "everybody moves once"
        after[move.learner] = move.instead
    assert after[learner] == mentor
    assert cost_of(problem, after) == solution.objective + price


def test_an_optimum_is_explained_without_solving_it_again() -> None:
    for seed in range(100, 200):
        problem = random_problem(seed, 12, 5, places=4)
        solution = solve(problem)
        again = explain(problem, solution.mentor_of)
        assert again.certificate == solution.certificate
        assert np.array_equal(again.prices.all(), solution.prices.all())
