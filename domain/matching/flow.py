"""The optimum among some of the pairs, as a flow of least cost from learners through mentors and their places.

OR-Tools calculates with whole numbers and returns no prices, so they are found afterwards: what one more learner would
cost each mentor. They say at once which of the pairs that were left out would make everything cheaper.
"""

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from domain.matching.exact import LIMIT, NEVER, Exact
from domain.matching.mentor_graph import cost_now
from domain.matching.problem import BadProblem, Ints, Marks


class NoFlow(ValueError):
    """Not everybody who must be matched can be, with these pairs."""


def cheapest(problem: Exact, pairs: Marks) -> Ints:
    """The mentor of each learner, or the number of mentors: nowhere. Raises NoFlow."""
    may_wait = problem.unmatched < problem.must
    return _solve(pairs, problem.costs, np.where(may_wait, problem.unmatched, NEVER), problem.seats)


def as_many_as_possible(problem: Exact, pairs: Marks) -> Ints:
    """The same, whatever it costs, with the fewest who are left unmatched."""
    seats = np.where(problem.seats < LIMIT, 0, NEVER)
    return _solve(pairs, np.zeros_like(problem.costs), np.ones_like(problem.unmatched), seats)


def _solve(pairs: Marks, costs: Ints, unmatched: Ints, seats: Ints) -> Ints:
    learners, mentors = pairs.shape
    sink, flow = learners + mentors, SimpleMinCostFlow()
    who, whom = np.nonzero(pairs)
    arcs = _add(flow, who, learners + whom, costs[who, whom])
    waiting = np.flatnonzero(unmatched < LIMIT)
    _add(flow, waiting, np.full(len(waiting), sink), unmatched[waiting])
    whose, places = np.nonzero(seats < LIMIT)
    _add(flow, learners + whose, np.full(len(whose), sink), seats[whose, places])
    flow.set_nodes_supplies(np.arange(learners), np.ones(learners, np.int64))
    flow.set_node_supply(sink, -learners)
    _run(flow)
    at, used = np.full(learners, mentors), flow.flows(arcs) > 0
    at[who[used]] = whom[used]
    return at


def _add(flow: SimpleMinCostFlow, tails: Ints, heads: Ints, costs: Ints) -> Ints:
    arcs: Ints = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, np.ones(len(tails), np.int64), costs)
    return arcs


def _run(flow: SimpleMinCostFlow) -> None:
    status = flow.solve()
    if status == flow.INFEASIBLE:
        raise NoFlow
    if status != flow.OPTIMAL:
        raise BadProblem(f"the solver cannot calculate with these costs: {status.name}")


def prices(problem: Exact, pairs: Marks, at: Ints) -> Ints:
    """What one more learner would cost each mentor, if only these pairs could be made: the cheapest way to nowhere."""
    nowhere, now = problem.mentors, cost_now(problem, at)
    matched = np.flatnonzero(at < nowhere)
    who, to = np.nonzero(pairs & (at < nowhere)[:, None])
    saved = np.append(problem.costs[who, to] - now[who], problem.unmatched[matched] - now[matched])
    edges = np.append(at[who] * (nowhere + 1) + to, at[matched] * (nowhere + 1) + nowhere)
    order = np.argsort(edges)
    edges, first = np.unique(edges[order], return_index=True)
    saved = np.minimum.reduceat(saved[order], first) if len(first) else saved
    whence, to = np.divmod(edges, nowhere + 1)
    present, first = np.unique(whence, return_index=True)  # the others have nobody who could move
    taken = np.bincount(at, minlength=nowhere + 1)[:-1]
    costs = np.append(np.minimum(problem.seats[np.arange(nowhere), taken], NEVER), 0)
    while len(present):
        found = np.minimum.reduceat(saved + costs[to], first)
        cheaper = found < costs[present]
        if not cheaper.any():
            break
        costs[present[cheaper]] = found[cheaper]
    return costs[:-1]
