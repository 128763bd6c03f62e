"""The optimum among all pairs, found by looking at few: each learner's best, and those that the prices ask for."""

from typing import Final

import numpy as np

from domain.matching.exact import LIMIT, Exact
from domain.matching.flow import cheapest, prices
from domain.matching.mentor_graph import cost_now
from domain.matching.problem import Ints, Marks, blocks

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
        most *= _MORE
        many, missing = _cheaper(problem, at, prices(problem, pairs, at), most)
        if not many:
            return at
        pairs = possible if many > _TOO_MANY * np.count_nonzero(possible) else pairs | missing


def _cheaper(problem: Exact, at: Ints, mentor_prices: Ints, most: int) -> tuple[int, Marks]:
    """How many pairs cost less than the learner's present place, at these prices, and of each row at most so many, the
    cheapest."""
    now = cost_now(problem, at) + np.append(mentor_prices, 0)[at]
    many, marks = 0, np.zeros(problem.costs.shape, bool)
    for block in blocks(problem.learners):
        instead = problem.costs[block] + mentor_prices
        instead -= now[block, None]
        cheaper = instead < 0
        many += int(np.count_nonzero(cheaper))
        rows = np.flatnonzero(cheaper.any(axis=1))
        marks[block.start + rows] = _least(instead[rows], most) & cheaper[rows]
    return many, marks


def _least(values: Ints, most: int) -> Marks:
    """Marks so many of the least values of each row."""
    if most >= values.shape[1]:
        return np.ones(values.shape, bool)
    marks = np.zeros(values.shape, bool)
    for block in blocks(len(values)):
        least = np.argpartition(values[block], most - 1, axis=1)[:, :most]
        np.put_along_axis(marks[block], least, True, axis=1)
    return marks
