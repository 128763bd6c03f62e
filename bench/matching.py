"""Matching: from a pool and a kit to the draft with scores, proof, and the price of every pair; and explanations.

The same scores go to scipy's assignment in the same run, with a column for each place. Its result must not be cheaper.
Seconds are those of the clock on the wall, the least of some runs.
"""

from collections.abc import Callable
from time import perf_counter

from bench.options import quick
from bench.pools import KIT, pool
from bench.table import Figure, report
from domain.matching.assignment import solve
from domain.matching.certificate import verify
from domain.matching.explaining import explained
from domain.matching.match import draft_of
from domain.matching.matched import Matched
from domain.matching.pool import Pool
from runtime import ending
from runtime.exits import Exit
from tests.matching.by_scipy import Places


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
    places, costs = Places(problem), list[int]()
    theirs = least_seconds(lambda: costs.append(places.least_cost()), 1)
    assert costs == [solution.objective], f"scipy found {costs}, the optimum is {solution.objective}"
    ours = least_seconds(lambda: solve(problem), rounds)
    return theirs / ours, f"scipy's assignment of {problem.learners:,} to {problem.mentors}: {theirs:.2f} s"


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
    """Of several rounds."""

    def once() -> float:
        began = perf_counter()
        work()
        return perf_counter() - began

    return min(once() for _ in range(rounds))


def main() -> None:
    report("Matching", measure())


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
