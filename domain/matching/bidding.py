"""The first part of solving: prices of mentors rise until hardly anybody is without a place.

As in an auction. Everybody wants the mentor who is best for them at the present prices. Where more want a mentor than
there are places, the price rises to the point at which enough of them would rather go elsewhere. Prices only rise and
are never higher than in the optimum, and everybody is always where it is best for them, so whatever is left to do is
to find a way to a free place for those who are too many (`augmenting`).
"""

from dataclasses import dataclass

import numpy as np

from domain.matching.exact import NEVER, Exact
from domain.matching.problem import Ints

_MOST_ROUNDS = 200


@dataclass
class Standing:
    """Where everybody is. A mentor may have more learners than places taken: the rest of them must move on."""

    at: Ints
    """The mentor of each learner, or the number of mentors: nowhere."""
    prices: Ints
    """Everybody is where cost and price together are least; being nowhere has no price."""
    taken: Ints
    """How many places each mentor uses: all that cost less than the price, and none that costs more."""

    def too_many(self) -> Ints:
        return np.bincount(self.at, minlength=len(self.prices) + 1)[:-1] - self.taken


def bid(problem: Exact) -> Standing:
    prices = problem.seats[:, 0].copy()
    at = _favorites(problem, prices, np.arange(problem.learners))
    for _ in range(_MOST_ROUNDS):
        crowded = _wanted(problem, at) > _supply(problem, prices)
        if not crowded.any():
            break
        movers = _raise(problem, prices, at, np.flatnonzero(np.append(crowded, False)[at]))
        at[movers] = _favorites(problem, prices, movers)
    return Standing(at, prices, np.minimum(_wanted(problem, at), _supply(problem, prices)))


def _wanted(problem: Exact, at: Ints) -> Ints:
    wanted: Ints = np.bincount(at, minlength=problem.mentors + 1)[:-1]
    return wanted


def _supply(problem: Exact, prices: Ints) -> Ints:
    """How many places of each mentor cost no more than the price."""
    supply: Ints = (problem.seats <= prices[:, None]).sum(axis=1)
    return supply


def _favorites(problem: Exact, prices: Ints, who: Ints) -> Ints:
    if not problem.mentors:
        return np.zeros(len(who), np.int64)
    total = problem.costs[who] + prices
    best = total.argmin(axis=1)
    return np.where(total[np.arange(len(who)), best] < problem.unmatched[who], best, problem.mentors)


def _raise(problem: Exact, prices: Ints, at: Ints, who: Ints) -> Ints:
    """Raises the prices of the mentors of these learners until supply meets demand. Returns who then moves on."""
    leaves_at = _leaves_at(problem, prices, at, who)
    order = np.lexsort((-leaves_at, at[who]))
    who, leaves_at = who[order], leaves_at[order]
    mentors, starts, counts = np.unique(at[who], return_index=True, return_counts=True)
    rank = np.arange(len(who)) - np.repeat(starts, counts)
    seats = problem.seats[at[who], np.minimum(rank, problem.seats.shape[1] - 1)]
    moves = leaves_at <= seats
    kept = counts - np.add.reduceat(moves.astype(np.int64), starts)
    first = np.minimum(starts + kept, len(who) - 1)
    outbid = np.where(kept < counts, leaves_at[first], prices[mentors])
    last_seat = np.where(kept > 0, problem.seats[mentors, kept - 1], prices[mentors])
    prices[mentors] = np.maximum(prices[mentors], np.maximum(outbid, last_seat))
    movers: Ints = who[moves]
    return movers


def _leaves_at(problem: Exact, prices: Ints, at: Ints, who: Ints) -> Ints:
    """The price of their mentor above which each of these learners would rather go elsewhere."""
    total = problem.costs[who] + prices
    rows = np.arange(len(who))
    total[rows, at[who]] = NEVER
    elsewhere: Ints = np.minimum(total.min(axis=1), problem.unmatched[who])
    return elsewhere - problem.costs[who, at[who]]
