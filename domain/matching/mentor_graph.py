"""Who could move where: a graph whose nodes are the mentors and one for "nowhere", which has all who are unmatched.

An edge from one mentor to another costs what the cheapest move of one of their learners costs. An edge to nowhere is a
place that is taken in addition, or a learner who is left unmatched; one from nowhere is a place given back, or a
learner who was unmatched. Whatever can be changed about an assignment is a set of paths and cycles of this graph.
"""

import numpy as np

from domain.matching.exact import LIMIT, NEVER, Exact
from domain.matching.problem import Ints


class NegativeCycle(ArithmeticError):
    """Some learners could change places and everything would be cheaper: the assignment is not the optimum."""


def moves(problem: Exact, at: Ints, taken: Ints) -> Ints:
    """The cost of each edge, NEVER where there is none. The last row and column are nowhere.

    `at` has the mentor of each learner, or the number of mentors for nowhere; `taken` how many places each uses.
    """
    nowhere = problem.mentors
    edges = np.full((nowhere + 1, nowhere + 1), NEVER, np.int64)
    _learners_move(problem, at, edges)
    mentors = np.arange(nowhere)
    edges[:nowhere, nowhere] = np.minimum(edges[:nowhere, nowhere], problem.seats[mentors, taken])
    edges[nowhere, :nowhere] = np.minimum(edges[nowhere, :nowhere], _given_back(problem, taken))
    np.fill_diagonal(edges, 0)
    return edges


def _learners_move(problem: Exact, at: Ints, edges: Ints) -> None:
    order = np.argsort(at, kind="stable")
    present, starts = np.unique(at[order], return_index=True)
    if not len(present):
        return
    now = cost_now(problem, at)
    edges[present, :-1] = np.minimum.reduceat((problem.costs - now[:, None])[order], starts, axis=0)
    edges[present, -1] = np.minimum.reduceat((problem.unmatched - now)[order], starts)
    edges[edges >= LIMIT] = NEVER


def _given_back(problem: Exact, taken: Ints) -> Ints:
    """What it costs to give back the last place of each mentor: less than nothing."""
    return np.where(taken > 0, -problem.seats[np.arange(problem.mentors), taken - 1], NEVER)


def cost_now(problem: Exact, at: Ints) -> Ints:
    """What each learner's place costs, without the load of the mentor."""
    matched = at < problem.mentors
    now = problem.unmatched.copy()
    now[matched] = problem.costs[matched, at[matched]]
    return now


def distances(edges: Ints) -> Ints:
    """The cheapest way from each node to each other (Floyd and Warshall); at least LIMIT where there is none.

    Raises NegativeCycle.
    """
    found, through = edges.copy(), np.empty_like(edges)
    for node in [len(edges) - 1, *range(len(edges) - 1)]:  # nowhere first: so no sum on the way is longer than needed
        np.add(found[:, node, None], found[node], out=through)
        np.minimum(found, through, out=found)
    if (found.diagonal() < 0).any():
        raise NegativeCycle("some learners could change places and everything would be cheaper")
    return found
