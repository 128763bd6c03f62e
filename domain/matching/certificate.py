"""The proof that an assignment is the optimum, small enough to be stored and checked again without solving anything.

It is the classical one: a price for each mentor. However learners are assigned, everybody costs at least what the best
choice at these prices costs, less the prices, plus what the places cost. That is a bound from below for every
assignment; the one at hand reaches it, so none can be better.
"""

from typing import Annotated

import numpy as np
from pydantic import Field

from domain.matching.exact import LIMIT, Exact, exact
from domain.matching.mentor_graph import cost_now
from domain.matching.prices import Prices
from domain.matching.problem import FORBIDDEN, UNMATCHED, Ints, Problem
from domain.values import Frozen


class Certificate(Frozen):
    problem: str
    """SHA-256 of everything that was given: see Problem.digest."""
    objective: int
    """What everything costs together."""
    bound: int
    """No assignment costs less."""
    pairs_priced: Annotated[int, Field(ge=0)]
    """All that are not forbidden, whether the solver looked at them or not."""
    least_price: int
    """Of a choice that was not made; 0 if it would cost the same, never negative. 0 where there is no other choice."""
    mentor_prices: tuple[int, ...]
    """By the order of the mentors' keys, in the units of the scaled costs. They prove the bound."""

    @property
    def gap(self) -> int:
        return self.objective - self.bound


class Refuted(ValueError):
    """The certificate does not prove that this assignment is the optimum of this problem; the message says why."""


def certify(given: Problem, prices: Prices) -> Certificate:
    """Raises NegativeCycle where the assignment is not the optimum."""
    problem, others = prices.problem, prices.raw()
    matched = np.flatnonzero(prices.at < problem.mentors)
    others[matched, prices.at[matched]] = FORBIDDEN
    least = int(others.min(initial=FORBIDDEN))
    objective = total(problem, prices.at, prices.taken)
    mentor_prices = np.where(prices.ways[:-1, -1] < LIMIT, prices.ways[:-1, -1], 0)
    return Certificate(
        problem=given.digest,
        objective=objective >> problem.shift,
        bound=_bound(problem, mentor_prices) >> problem.shift,
        pairs_priced=int((problem.costs < LIMIT).sum()),
        least_price=(least + prices.ties) >> problem.shift if least < problem.must // 2 else 0,
        mentor_prices=tuple(mentor_prices.tolist()),
    )


def verify(given: Problem, mentor_of: Ints, certificate: Certificate) -> None:
    """Proves anew that the assignment is the optimum, by arithmetic alone. Raises Refuted."""
    if given.digest != certificate.problem:
        raise Refuted("the certificate is about another problem")
    if len(certificate.mentor_prices) != given.mentors or any(abs(one) >= LIMIT for one in certificate.mentor_prices):
        raise Refuted("the certificate has no usable price for each mentor")
    problem = exact(given)
    at = placed(problem, mentor_of)
    taken = np.bincount(at, minlength=problem.mentors + 1)[:-1]
    if (problem.seats[np.arange(problem.mentors), np.minimum(taken, problem.seats.shape[1]) - 1] >= LIMIT)[
        taken > 0
    ].any():
        raise Refuted("a mentor has more learners than places")
    if (cost_now(problem, at) >= problem.must // 2).any():
        raise Refuted("a pair is forbidden, or somebody is unmatched who must not be")
    objective = total(problem, at, taken)
    bound = _bound(problem, np.array(certificate.mentor_prices, np.int64))
    if objective != bound:
        raise Refuted(f"the assignment costs {objective >> problem.shift}, the prices prove {bound >> problem.shift}")
    if (objective >> problem.shift) != certificate.objective:
        raise Refuted(f"the assignment costs {objective >> problem.shift}, not {certificate.objective}")


def placed(problem: Exact, mentor_of: Ints) -> Ints:
    """The rows of the scaled problem with their mentor, or the number of mentors for nowhere."""
    ordered = mentor_of[problem.rows]
    return (
        np.where(ordered == UNMATCHED, problem.mentors, problem.column_of[ordered]) if problem.mentors else ordered + 1
    )


def total(problem: Exact, at: Ints, taken: Ints) -> int:
    """Scaled. Python's integers: a sum over all learners may need more than 64 bits."""
    places = problem.seats[np.arange(problem.seats.shape[1]) < taken[:, None]]
    return int(sum(cost_now(problem, at).tolist()) + sum(places.tolist()))


def _bound(problem: Exact, mentor_prices: Ints) -> int:
    best = np.minimum((problem.costs + mentor_prices).min(axis=1, initial=FORBIDDEN), problem.unmatched)
    gains = (mentor_prices[:, None] - problem.seats).clip(min=0)
    return int(sum(best.tolist()) - sum(gains.ravel().tolist()))
