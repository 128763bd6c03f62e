"""Random problems, and what is found out about small ones by trying every assignment."""

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from domain.matching.problem import FORBIDDEN, UNMATCHED, Ints, Problem, keys


def random_problem(seed: int, learners: int, mentors: int, places: int, *, must: float = 0.0) -> Problem:
    """Costs from a small range, so that many results cost the same; load that rises, also by nothing."""
    chance = np.random.default_rng(seed)
    most = int(chance.choice([3, 30, 100_000]))
    costs = chance.integers(-most // 3, most, (learners, mentors))
    costs[chance.random((learners, mentors)) < chance.choice([0, 0.3, 0.7])] = FORBIDDEN
    unmatched = chance.integers(0, 2 * most, learners)
    unmatched[chance.random(learners) < must] = FORBIDDEN
    load = [np.sort(chance.integers(0, most, chance.integers(0, places + 1))).tolist() for _ in range(mentors)]
    return named(costs, unmatched, load, str(seed))


def named(costs: Ints, unmatched: Ints, load: list[list[int]], secret: str = "") -> Problem:
    learner_keys = keys(secret, (f"learner-{row}" for row in range(costs.shape[0])))
    mentor_keys = keys(secret, (f"mentor-{column}" for column in range(costs.shape[1])))
    return Problem(costs.astype(np.int64), unmatched.astype(np.int64), load, learner_keys, mentor_keys)


@dataclass(frozen=True)
class Everything:
    """All assignments of a small problem, one in each row, with what they cost: FORBIDDEN where one is not allowed."""

    assignments: Ints
    costs: Ints

    @property
    def least(self) -> int:
        return int(self.costs.min())

    def least_with(self, learner: int, mentor: int) -> int:
        return int(self.costs[self.assignments[:, learner] == mentor].min(initial=FORBIDDEN))


def everything(problem: Problem) -> Everything:
    assignments = _assignments(problem.learners, problem.mentors)
    costs, allowed = np.zeros(len(assignments), np.int64), np.ones(len(assignments), bool)
    for learner in range(problem.learners):
        options = np.append(problem.costs[learner], problem.unmatched[learner])  # UNMATCHED is the last
        chosen = options[assignments[:, learner]]
        allowed &= chosen != FORBIDDEN
        costs += np.where(chosen != FORBIDDEN, chosen, 0)
    for mentor in range(problem.mentors):
        counts = (assignments == mentor).sum(axis=1)
        load = np.concatenate([[0], np.cumsum(np.array(problem.load[mentor], np.int64))])
        allowed &= counts < len(load)
        costs += load[np.minimum(counts, len(load) - 1)]
    return Everything(assignments, np.where(allowed, costs, FORBIDDEN))


@cache
def _assignments(learners: int, mentors: int) -> Ints:
    return np.array(list(product([*range(mentors), UNMATCHED], repeat=learners)), np.int64).reshape(-1, learners)


def cost_of(problem: Problem, mentor_of: Ints) -> int:
    """What an assignment costs, by the definition. Fails if it is not allowed."""
    cost = 0
    for learner, mentor in enumerate(mentor_of.tolist()):
        one = int(problem.unmatched[learner] if mentor == UNMATCHED else problem.costs[learner, mentor])
        assert one != FORBIDDEN
        cost += one
    for mentor, load in enumerate(problem.load):
        count = mentor_of.tolist().count(mentor)
        assert count <= len(load)
        cost += sum(load[:count])
    return cost
