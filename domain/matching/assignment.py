"""The cheapest assignment of learners to mentors, with the prices of everything else and the proof."""

from dataclasses import dataclass

import numpy as np

from domain.matching.augmenting import augment
from domain.matching.bidding import bid
from domain.matching.certificate import Certificate, certify, placed
from domain.matching.exact import Exact, exact
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
class Solution:
    mentor_of: Ints
    """The mentor of each learner, or UNMATCHED."""
    objective: int
    """The costs of all pairs, of all who are unmatched, and of the load."""
    prices: Prices
    certificate: Certificate


def solve(problem: Problem) -> Solution:
    """The optimum. Of several, the one that the keys choose, whatever the order of rows and columns.

    Raises Infeasible, and BadProblem where the costs are too large to be calculated with exactly.
    """
    scaled = exact(problem)
    standing = bid(scaled)
    augment(scaled, standing)
    _check_all_who_must(scaled, standing.at)
    return _solution(problem, Prices(scaled, standing.at, standing.taken))


def explain(problem: Problem, mentor_of: Ints) -> Solution:
    """The prices and the proof of an assignment that is known to be the optimum. Raises NegativeCycle if it is not."""
    scaled = exact(problem)
    at = placed(scaled, mentor_of)
    return _solution(problem, Prices(scaled, at, np.bincount(at, minlength=scaled.mentors + 1)[:-1]))


def _solution(problem: Problem, prices: Prices) -> Solution:
    scaled, certificate = prices.problem, certify(problem, prices)
    columns = np.append(scaled.columns, UNMATCHED)
    return Solution(columns[prices.at][scaled.row_of], certificate.objective, prices, certificate)


def _check_all_who_must(problem: Exact, at: Ints) -> None:
    """Too many are those who are left, whoever has a mentor that they could have, and so on for these."""
    who = (at == problem.mentors) & (problem.unmatched == problem.must)
    if not who.any():
        return
    mentors = np.zeros(problem.mentors, bool)
    while True:
        more = (problem.costs[who] < problem.must).any(axis=0)
        theirs = np.append(more, False)[at]
        if (more <= mentors).all() and (theirs <= who).all():
            break
        mentors, who = mentors | more, who | theirs
    places = int((problem.seats[mentors] < problem.must).sum())
    learners = np.sort(problem.rows[who]).tolist()
    raise Infeasible(tuple(learners), tuple(np.sort(problem.columns[mentors]).tolist()), places)
