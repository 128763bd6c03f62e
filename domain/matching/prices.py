"""What every other choice would cost, exactly, and who would have to move for it.

The price of a choice is how much more everything costs in the best assignment that makes it. It comes from the
cheapest ways through the mentors' graph: whoever gets a place pushes somebody on, until a free place is reached, or
the place that they left, or somebody who stays unmatched. No price is negative exactly when the assignment is the
optimum, so that pricing all pairs proves it, whatever the solver looked at.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from domain.matching.exact import LIMIT, Exact
from domain.matching.mentor_graph import cost_now, distances, moves
from domain.matching.problem import FORBIDDEN, UNMATCHED, Ints


@dataclass(frozen=True, slots=True)
class Move:
    """Somebody who is with one mentor, or UNMATCHED, and would be with another, or UNMATCHED."""

    learner: int
    mentor: int
    instead: int


@dataclass(frozen=True, eq=False)
class Prices:
    """Of one assignment. Learners and mentors are the rows and columns of the problem; UNMATCHED may be chosen too."""

    problem: Exact
    at: Ints
    """The mentor of each learner, or the number of mentors: nowhere."""

    def of(self, learner: int, mentor: int) -> int | None:
        """What it would cost to give this learner this mentor instead: 0 or more, 0 where they have them already.

        None where it is forbidden, or would leave somebody unmatched who must not be.
        """
        row, column = self._place(learner, mentor)
        return self._unscaled(self._cost(row, column) - int(self.now[row]) + int(self.ways[column, self.at[row]]))

    def of_learner(self, learner: int) -> Sequence[int | None]:
        """The price of each mentor for this learner, as `of` has them."""
        row = self.problem.row_of[learner]
        raw = self.problem.costs[row] - self.now[row] + self.ways[:-1, self.at[row]]
        return [self._unscaled(price) for price in raw[self.problem.column_of].tolist()]

    def all(self) -> Ints:
        """The prices of all pairs, by row and column of the problem. FORBIDDEN where there is none."""
        prices = self.raw()
        none = prices >= self.problem.must // 2
        prices += self.ties
        prices >>= self.problem.shift
        np.copyto(prices, FORBIDDEN, where=none)
        return prices[np.ix_(self.problem.row_of, self.problem.column_of)]

    def moves(self, learner: int, mentor: int) -> Sequence[Move]:
        """Who would move, and where to, if this learner had this mentor: the learner first, then whom they push on.

        Everybody else stays. Empty where they have them already. Raises ValueError where the choice has no price.
        """
        if self.of(learner, mentor) is None:
            raise ValueError(f"learner {learner} cannot have mentor {mentor}")
        row, column = self._place(learner, mentor)
        if column == self.at[row]:
            return ()
        return [self._move(row, column), *self._others_move(column, int(self.at[row]))]

    def raw(self) -> Ints:
        """Scaled prices by row and column of the scaled problem."""
        raw = self.ways[:-1].T[self.at]
        raw += self.problem.costs
        raw -= self.now[:, None]
        return raw

    @cached_property
    def taken(self) -> Ints:
        """How many places each mentor uses."""
        taken: Ints = np.bincount(self.at, minlength=self.problem.mentors + 1)[:-1]
        return taken

    @cached_property
    def now(self) -> Ints:
        return cost_now(self.problem, self.at)

    @cached_property
    def edges(self) -> Ints:
        return moves(self.problem, self.at, self.taken)

    @cached_property
    def ways(self) -> Ints:
        """Raises NegativeCycle where the assignment is not the optimum."""
        return distances(self.edges)

    @cached_property
    def ties(self) -> int:
        """The part of the total below one unit of cost."""
        return int((self.now & ((1 << self.problem.shift) - 1)).sum())

    def _place(self, learner: int, mentor: int) -> tuple[int, int]:
        column = self.problem.mentors if mentor == UNMATCHED else int(self.problem.column_of[mentor])
        return int(self.problem.row_of[learner]), column

    def _cost(self, row: int, column: int) -> int:
        return int(self.problem.unmatched[row] if column == self.problem.mentors else self.problem.costs[row, column])

    def _unscaled(self, raw: int) -> int | None:
        return (raw + self.ties) >> self.problem.shift if raw < self.problem.must // 2 else None

    def _move(self, row: int, to: int) -> Move:
        return Move(int(self.problem.rows[row]), self._mentor(int(self.at[row])), self._mentor(to))

    def _mentor(self, column: int) -> int:
        return UNMATCHED if column == self.problem.mentors else int(self.problem.columns[column])

    def _others_move(self, start: int, end: int) -> Iterator[Move]:
        following, node = self._following(end), start
        while node != end:
            to = int(following[node])
            if (row := self._who(node, to)) is not None:
                yield self._move(row, to)
            node = to

    def _who(self, node: int, to: int) -> int | None:
        """The learner behind an edge; None where it is a place taken or given back."""
        order, starts = self._by_place
        theirs = order[starts[node] : starts[node + 1]]
        if not len(theirs):
            return None
        costs = self.problem.options(theirs, to) - self.now[theirs]
        best = int(costs.argmin())
        return int(theirs[best]) if costs[best] == self.edges[node, to] else None

    @cached_property
    def _by_place(self) -> tuple[Ints, Ints]:
        """The learners in the order of their mentors, and where those of each mentor begin."""
        order = np.argsort(self.at, kind="stable")
        return order, np.searchsorted(self.at[order], np.arange(self.problem.mentors + 2))

    def _following(self, end: int) -> Ints:
        """For each node the next one on the cheapest way to `end`; of equal ways, on one with the fewest steps."""
        if end not in self._trees:
            self._trees[end] = self._tree(end)
        return self._trees[end]

    @cached_property
    def _trees(self) -> dict[int, Ints]:
        return {}

    def _tree(self, end: int) -> Ints:
        cost = self.ways[:, end]
        on_the_way = self.edges + cost == cost[:, None]
        following, lost = np.full(len(cost), end), cost < LIMIT
        lost[end], reached = False, np.array([end])
        while len(reached):
            steps = on_the_way[:, reached]
            found = np.flatnonzero(lost & steps.any(axis=1))
            following[found] = reached[steps[found].argmax(axis=1)]
            lost[found] = False
            reached = found
        return following
