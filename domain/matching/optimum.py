"""The optimum among all pairs, found by looking at few: each learner's best, and those that the prices ask for."""

from typing import Final

import numpy as np

from domain.matching.exact import LIMIT, Exact
from domain.matching.flow import cheapest, prices
from domain.matching.mentor_graph import cost_now
from domain.matching.problem import Ints, Marks

_BEST: Final = 20
"""How many pairs of each learner the solver sees at first."""
_MORE: Final = 4
"""Each time, so many times as many are brought in at most."""
_TOO_MANY: Final = 0.3
"""The share of missing pairs from which all are brought in: many learners want the same few mentors."""


def optimum(problem: Exact) -> Ints:
    """The mentor of each learner, or the number of mentors: nowhere. Raises NoFlow."""
    possible = problem.costs < LIMIT
    pairs = _least(problem.costs, _BEST)
    pairs |= (problem.unmatched == problem.must)[:, None]
    pairs &= possible
    most = _BEST
    while True:
        at = cheapest(problem, pairs)
        cheaper = _costs_instead(problem, at, prices(problem, pairs, at))
        missing = cheaper < 0
        if not (many := np.count_nonzero(missing)):
            return at
        if many > _TOO_MANY * np.count_nonzero(possible):
            pairs = possible
        else:
            most *= _MORE
            rows = np.flatnonzero(missing.any(axis=1))
            pairs[rows] |= _least(cheaper[rows], most) & missing[rows]


def _costs_instead(problem: Exact, at: Ints, mentor_prices: Ints) -> Ints:
    """For each pair what it costs more than the learner's present place, at these prices."""
    now = cost_now(problem, at) + np.append(mentor_prices, 0)[at]
    instead: Ints = problem.costs + mentor_prices
    instead -= now[:, None]
    return instead


def _least(values: Ints, most: int) -> Marks:
    """Marks so many of the least values of each row."""
    if most >= values.shape[1]:
        return np.ones(values.shape, bool)
    marks = np.zeros(values.shape, bool)
    np.put_along_axis(marks, np.argpartition(values, most - 1, axis=1)[:, :most], True, axis=1)
    return marks
