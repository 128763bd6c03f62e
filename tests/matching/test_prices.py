"""Prices and optimum against another solver, on problems too large for trying everything."""

from random import Random

import numpy as np
import pytest

from domain.matching import optimum
from domain.matching.assignment import explain, solve
from domain.matching.mentor_graph import NegativeCycle
from domain.matching.problem import FORBIDDEN, Problem
from tests.matching.by_scipy import Places
from tests.matching.problems import cost_of, named, random_problem

PROBLEMS = 50
PAIRS_OF_EACH = 40


def test_no_other_solver_finds_a_cheaper_assignment() -> None:
    for seed in range(200):
        problem = random_problem(seed, learners=60, mentors=12, places=9)
        solution = solve(problem)
        assert solution.objective == cost_of(problem, solution.mentor_of) == Places(problem).least_cost()


def test_each_price_is_what_solving_anew_with_that_pair_costs_more() -> None:
    draw = Random(11)  # noqa: S311 - the same pairs in every run
    for seed in range(PROBLEMS):
        problem = random_problem(1_000 + seed, learners=40, mentors=8, places=8)
        solution, anew = solve(problem), Places(problem)
        for _ in range(PAIRS_OF_EACH):
            learner, mentor = draw.randrange(problem.learners), draw.randrange(problem.mentors)
            least = anew.least_cost_with(learner, mentor)
            price = solution.prices.of(learner, mentor)
            assert price == (None if least is None else least - solution.objective)


def everybody_prefers_the_same(seed: int) -> Problem:
    """The best few mentors of each learner have far too few places: most pairs of the optimum are brought in."""
    chance = np.random.default_rng(seed)
    costs = chance.integers(0, 50_000, 60)[None, :] + chance.integers(0, 500, (150, 60))
    costs[chance.random(costs.shape) < 0.2] = FORBIDDEN
    return named(costs, np.full(150, 90_000), [[0, 10, 20]] * 60, str(seed))


@pytest.mark.parametrize("best", [1, 3, 20, 60])
def test_what_the_solver_sees_at_first_does_not_matter(best: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimum, "_BEST", best)
    for seed in range(3):
        problem = everybody_prefers_the_same(seed)
        solution = solve(problem)
        assert solution.objective == Places(problem).least_cost()
        assert solution.certificate.pairs_priced == (problem.costs != FORBIDDEN).sum()
        assert solution.mentor_of.tolist() == CHOSEN.setdefault(seed, solution.mentor_of.tolist())


CHOSEN: dict[int, list[int]] = {}
"""By the first of the above runs."""


def test_prices_of_an_assignment_that_is_not_the_optimum_are_refused() -> None:
    for seed in range(50):
        problem = random_problem(seed, learners=20, mentors=5, places=5)
        solution = solve(problem)
        changes = [(row, to) for row in range(20) for to in range(5) if (solution.prices.of(row, to) or 0) > 0]
        if not changes:
            continue
        worse = solution.mentor_of.copy()
        for move in solution.prices.moves(*changes[0]):
            worse[move.learner] = move.instead
        with pytest.raises(NegativeCycle):
            explain(problem, worse).prices.of(0, 0)
