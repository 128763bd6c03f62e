"""The same problem for scipy's assignment of one to one, with a column for each place."""

import numpy as np
from scipy.optimize import linear_sum_assignment

from domain.matching.problem import FORBIDDEN, Ints, Problem

_MUST = 1 << 40
"""Saved by a pair that must be made."""


class Places:
    """What each place of each mentor would save each learner against being unmatched; 0 where it saves nothing.

    Nobody of the problem must be matched.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.owner = np.repeat(np.arange(problem.mentors), [len(one) for one in problem.load])
        load = np.array([cost for one in problem.load for cost in one], np.int64)
        costs = problem.costs[:, self.owner]
        self.allowed = costs != FORBIDDEN
        self.saved = np.where(self.allowed, costs - problem.unmatched[:, None] + load, 0)

    def least_cost(self) -> int:
        return self._assigned(np.minimum(self.saved, 0))

    def least_cost_with(self, learner: int, mentor: int) -> int | None:
        """Of the assignments in which this learner has this mentor; None if there is none."""
        theirs = (self.owner == mentor) & self.allowed[learner]
        if not theirs.any():
            return None
        saved = np.minimum(self.saved, 0)
        saved[learner] = np.where(theirs, self.saved[learner] - _MUST, 0)
        return self._assigned(saved) + _MUST

    def _assigned(self, saved: Ints) -> int:
        rows, places = linear_sum_assignment(saved)
        return int(saved[rows, places].sum() + self.problem.unmatched.sum())
