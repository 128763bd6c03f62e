"""The second part of solving: everybody who is too many goes the cheapest way to a free place, or to nowhere.

Each such way (a shortest path in the mentors' graph) keeps the assignment the best one for as many as have a place, so
that it is the optimum when the last one has. Ways that share no mentor are taken at once.
"""

import numpy as np

from domain.matching.bidding import Standing
from domain.matching.exact import LIMIT, NEVER, Exact
from domain.matching.mentor_graph import moves
from domain.matching.problem import Ints


def augment(problem: Exact, standing: Standing) -> None:
    """Changes `standing` until no mentor has more learners than places taken."""
    too_many = standing.too_many()
    edges = moves(problem, standing.at, standing.taken)
    while too_many.any():
        costs, following = _ways_out(edges)
        changed = _take_ways(problem, standing, too_many, costs, following)
        _recount(problem, standing, edges, changed)


def _ways_out(edges: Ints) -> tuple[Ints, Ints]:
    """For each node what the cheapest way to nowhere costs, and the next node on it."""
    nowhere = len(edges) - 1
    costs, following = edges[:, nowhere].copy(), np.full(len(edges), nowhere)
    changed = np.flatnonzero(costs < LIMIT)
    changed = changed[changed != nowhere]
    while len(changed):
        through = edges[:, changed] + costs[changed]
        best = through.argmin(axis=1)
        cost = through[np.arange(len(edges)), best]
        better = cost < costs
        costs[better], following[better] = cost[better], changed[best[better]]
        changed = np.flatnonzero(better)
    return costs, following


def _take_ways(problem: Exact, standing: Standing, too_many: Ints, costs: Ints, following: Ints) -> Ints:
    """Takes ways that share no mentor, the cheapest first. Returns the mentors whose learners or places changed."""
    touched = np.zeros(len(following), bool)
    crowded = np.flatnonzero(too_many)
    for mentor in crowded[np.argsort(costs[crowded], kind="stable")]:
        way = _way(int(mentor), following)
        if touched[way].any():
            continue
        touched[way] = True
        too_many[mentor] -= 1
        for node, after in zip(way, [*way[1:], len(following) - 1], strict=True):
            _move(problem, standing, node, after)
    return np.flatnonzero(touched)


def _way(mentor: int, following: Ints) -> list[int]:
    way = [mentor]
    while (after := int(following[way[-1]])) < len(following) - 1:
        way.append(after)
    return way


def _move(problem: Exact, standing: Standing, mentor: int, to: int) -> None:
    """The learner for whom it costs least moves; or, towards nowhere, one more place is taken if that costs less."""
    theirs = np.flatnonzero(standing.at == mentor)
    there = problem.unmatched[theirs] if to == problem.mentors else problem.costs[theirs, to]
    costs = there - problem.costs[theirs, mentor]
    if to == problem.mentors and (not len(costs) or problem.seats[mentor, standing.taken[mentor]] <= costs.min()):
        standing.taken[mentor] += 1
    else:
        standing.at[theirs[costs.argmin()]] = to


def _recount(problem: Exact, standing: Standing, edges: Ints, changed: Ints) -> None:
    """Brings the edges from these mentors up to date. Edges from nowhere are on no way to it, and stay as they are."""
    nowhere = problem.mentors
    for mentor in changed:
        theirs = np.flatnonzero(standing.at == mentor)
        now = problem.costs[theirs, mentor]
        edges[mentor] = NEVER
        if len(theirs):
            edges[mentor, :nowhere] = (problem.costs[theirs] - now[:, None]).min(axis=0)
            edges[mentor, nowhere] = (problem.unmatched[theirs] - now).min()
        edges[mentor, nowhere] = min(edges[mentor, nowhere], problem.seats[mentor, standing.taken[mentor]])
        edges[mentor, edges[mentor] >= LIMIT] = NEVER
        edges[mentor, mentor] = 0
