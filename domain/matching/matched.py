"""A pool as a problem in numbers, by a kit's policy, and its solution."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np

from domain.kit import Kit
from domain.matching.assignment import Assignment, Solution, assign, prove
from domain.matching.blocking import blocking_pairs
from domain.matching.costs import least_points, load, unmatched
from domain.matching.pins import Pins, pins_of
from domain.matching.policy import FULL, Policy, policy_of
from domain.matching.pool import Pool
from domain.matching.problem import FORBIDDEN, UNMATCHED, Problem, keys
from domain.matching.roster import Roster, roster_of
from domain.matching.scores import Scores, score


class Matched:
    """The best assignment for a pool. Everything that can be said about it follows from the pool and the kit.

    Rows and columns are those of the roster. Raises BadProblem where costs are too large to be calculated with exactly.
    """

    def __init__(self, pool: Pool, kit: Kit) -> None:
        self.pool = pool
        self.kit = kit

    @cached_property
    def policy(self) -> Policy:
        return policy_of(self.kit, self.pool.at)

    @cached_property
    def roster(self) -> Roster:
        return roster_of(self.pool)

    @cached_property
    def least(self) -> Sequence[int]:
        """The fewest points with which a pair is proposed to each learner, in hundredths."""
        return [least_points(self.kit, one, self.pool.at) for one in self.roster.candidates]

    @cached_property
    def scores(self) -> Scores:
        return score(self.policy, self.pool, self.roster, np.array(self.least, np.int64))

    @cached_property
    def pins(self) -> Pins:
        return pins_of(self.pool, self.scores, [len(one) for one in self._load])

    @cached_property
    def problem(self) -> Problem:
        return self.problem_with(self.pins.columns)

    def problem_with(self, pinned: Mapping[int, int], allowed: tuple[int, int] | None = None) -> Problem:
        """With these rows pinned to these columns, and with one pair allowed that is not possible by the rules."""
        costs = np.subtract(FULL, self.scores.points, dtype=np.int64)
        np.copyto(costs, FORBIDDEN, where=~self.scores.possible)
        if allowed:
            costs[allowed] = FULL - int(self.scores.points[allowed])
        waiting = [unmatched(self.kit, one, self.policy.terms) for one in self.roster.candidates]
        learners = keys(self.pool.key, (one.journey for one in self.roster.candidates))
        mentors = keys(self.pool.key, (one.mentor for one in self.roster.mentors))
        problem = Problem(costs, np.array(waiting, np.int64), self._load, learners, mentors)
        return problem.pinned(pinned.items()) if pinned else problem

    @cached_property
    def best(self) -> Assignment:
        return assign(self.problem)

    @cached_property
    def solution(self) -> Solution:
        """The same with prices and proof."""
        return prove(self.problem, self.best)

    def mentor_of(self, row: int) -> int | None:
        """The column of a learner's mentor; None when they have none."""
        column = int(self.best.mentor_of[row])
        return None if column == UNMATCHED else column

    @cached_property
    def blocking(self) -> Sequence[tuple[int, int]]:
        """Rows and columns of those who would both rather have each other, those with the most to gain first."""
        settled = np.zeros(len(self.roster.candidates), bool)
        settled[list(self.pins.columns)] = True
        taken = np.bincount(self.solution.mentor_of + 1, minlength=len(self.roster.mentors) + 1)[1:]
        room = taken < np.array([len(one) for one in self._load], np.int64)
        return blocking_pairs(self.scores.points, self.scores.possible, self.solution.mentor_of, settled, room)

    @cached_property
    def _load(self) -> list[list[int]]:
        return [load(self.kit, one, self.policy.terms) for one in self.roster.mentors]
