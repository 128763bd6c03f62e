"""Matching: from a pool and a kit to the draft with scores, proof, and the price of every pair; and explanations.

The same scores go to scipy's assignment in the same run, with a column for each place. Its result must not be cheaper.
"""

from collections.abc import Callable
from time import perf_counter

import numpy as np
from scipy.optimize import linear_sum_assignment

from bench.options import quick
from bench.pools import KIT, pool
from bench.table import Figure, report
from domain.matching.assignment import solve
from domain.matching.certificate import verify
from domain.matching.explaining import explained
from domain.matching.match import draft_of
from domain.matching.matched import Matched
from domain.matching.pool import Pool
from domain.matching.problem import FORBIDDEN, Ints, Problem


def matched(given: Pool) -> Matched:
    """With everything that a round asks for, and the price of every pair."""
    done = Matched(given, KIT)
    draft_of(done)
    done.solution.prices.all()
    return done


def against_scipy(given: Pool, rounds: int) -> tuple[float, str]:
    """How many times as fast the same scores are solved, with the proof and the prices' distances."""
    problem = Matched(given, KIT).problem
    solution = solve(problem)
    verify(problem, solution.mentor_of, solution.certificate)
    theirs, cost = by_scipy(problem)
    assert solution.objective == cost, f"scipy found {cost}, the optimum is {solution.objective}"
    ours = least_seconds(lambda: solve(problem), rounds)
    return theirs / ours, f"scipy's assignment of {problem.learners:,} to {problem.mentors}: {theirs:.2f} s"


def by_scipy(problem: Problem) -> tuple[float, int]:
    """Its seconds, and what its assignment costs. What the places cost is made ready beforehand."""
    saved, owner, load = _what_each_place_saves(problem)
    began = perf_counter()
    rows, places = linear_sum_assignment(saved)
    seconds = perf_counter() - began
    used = saved[rows, places] < 0
    rows, places = rows[used], places[used]
    unmatched = np.delete(problem.unmatched, rows)
    cost = problem.costs[rows, owner[places]].sum() + load[places].sum() + unmatched.sum()
    return seconds, int(cost)


def _what_each_place_saves(problem: Problem) -> tuple[Ints, Ints, Ints]:
    """For each learner and place, against being unmatched; whatever saves nothing counts as being unmatched."""
    owner = np.repeat(np.arange(problem.mentors), [len(one) for one in problem.load])
    load = np.concatenate([np.array(one, np.int64) for one in problem.load])
    saved = problem.costs - problem.unmatched[:, None]
    saved[problem.costs == FORBIDDEN] = FORBIDDEN
    return np.minimum(saved[:, owner] + load, 0), owner, load


def measure() -> list[Figure]:
    rounds = 1 if quick() else 5
    small, large = pool(5_000, 250), pool(10_000, 500)
    done = matched(small)
    learners = [one.learner for one in done.roster.candidates[:: 50 if quick() else 20]]
    explaining = least_seconds(lambda: [explained(done, one) for one in learners], rounds)
    ratio, against = against_scipy(pool(*((1_000, 50) if quick() else (2_500, 125))), rounds)
    return [
        Figure("match_5000x250_s", least_seconds(lambda: matched(small), rounds), "s", None, None, "under 1.5"),
        Figure("match_10000x500_s", least_seconds(lambda: matched(large), rounds), "s", None, None, "under 4"),
        Figure("match_vs_scipy", ratio, "times as fast", None, against, "at least 1"),
        Figure("match_explanations_per_s", len(learners) / explaining, "1/s", None, "5,000 learners, 250 mentors"),
    ]


def least_seconds(work: Callable[[], object], rounds: int) -> float:
    """Of several rounds: other load on the machine affects it least."""

    def once() -> float:
        began = perf_counter()
        work()
        return perf_counter() - began

    return min(once() for _ in range(rounds))


def main() -> None:
    report("Matching", measure())


if __name__ == "__main__":
    main()
