"""The cheapest assignment of learners to mentors, with the prices of everything else and the proof."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from domain.matching.certificate import Certificate, certify, placed
from domain.matching.exact import LIMIT, Exact, exact
from domain.matching.flow import NoFlow, as_many_as_possible
from domain.matching.optimum import optimum
from domain.matching.prices import Prices
from domain.matching.problem import UNMATCHED, Ints, Problem


class Infeasible(ValueError):
    """Not everybody who must have a mentor can have one."""

    def __init__(self, learners: tuple[int, ...], mentors: tuple[int, ...], places: int) -> None:
        super().__init__(
            f"{len(learners)} learners must have a mentor, and there are {places} places for them with "
            f"{len(mentors)} mentors"
        )
        self.learners = learners
        """Too many learners who must be matched, and can only be so with `mentors`."""
        self.mentors = mentors
        self.places = places


@dataclass(frozen=True, eq=False)
class Assignment:
    """Who has which mentor, without prices and proof: these take a time that grows with the cube of the mentors."""

    scaled: Exact
    at: Ints
    """The mentor of each row of the scaled problem, or the number of mentors for nowhere."""

    @cached_property
    def mentor_of(self) -> Ints:
        """The mentor of each learner, or UNMATCHED."""
        mentor_of: Ints = np.append(self.scaled.columns, UNMATCHED)[self.at][self.scaled.row_of]
        return mentor_of


@dataclass(frozen=True, eq=False)
class Solution:
    mentor_of: Ints
    """The mentor of each learner, or UNMATCHED."""
    objective: int
    """The costs of all pairs, of all who are unmatched, and of the load."""
    prices: Prices
    certificate: Certificate


def assign(problem: Problem) -> Assignment:
    """The optimum. Of several, the one that the keys choose, whatever the order of rows and columns.

    Raises Infeasible, and BadProblem where the costs are too large to be calculated with exactly.
    """
    scaled = exact(problem)
    try:
        return Assignment(scaled, optimum(scaled))
    except NoFlow:
        raise _infeasible(scaled) from None


def solve(problem: Problem) -> Solution:
    """As `assign`, with prices and proof."""
    return prove(problem, assign(problem))


def explain(problem: Problem, mentor_of: Ints) -> Solution:
    """The prices and the proof of an assignment that is known to be the optimum. Raises NegativeCycle if it is not."""
    scaled = exact(problem)
    return prove(problem, Assignment(scaled, placed(scaled, mentor_of)))


def prove(problem: Problem, best: Assignment) -> Solution:
    """Raises NegativeCycle if it is not the optimum."""
    prices = Prices(best.scaled, best.at)
    certificate = certify(problem, prices)
    return Solution(best.mentor_of, certificate.objective, prices, certificate)


def _infeasible(problem: Exact) -> Infeasible:
    """Too many are those who are left, whoever has a mentor that they could have, and so on for these."""
    must = problem.unmatched == problem.must
    pairs = (problem.costs < LIMIT) & must[:, None]
    at = as_many_as_possible(problem, pairs)
    who, mentors = must & (at == problem.mentors), np.zeros(problem.mentors, bool)
    while ((more := pairs[who].any(axis=0)) > mentors).any():
        mentors, who = more, who | np.append(more, False)[at]
    places = int((problem.seats[mentors] < LIMIT).sum())
    return Infeasible(_sorted(problem.rows[who]), _sorted(problem.columns[mentors]), places)


def _sorted(numbers: Ints) -> tuple[int, ...]:
    return tuple(np.sort(numbers).tolist())
