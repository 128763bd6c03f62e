"""The problem as the solver sees it: in an order that follows from the keys, and with ties broken.

Each cost is shifted left by `shift` bits and gets a hash of its pair in the bits below. The hashes of all learners
together stay below one unit of cost, so they decide between equal results and never against a cheaper one.

All sums that occur are of costs along paths that visit each mentor once at most, and the solver multiplies each cost
by the number of nodes of its graph. `LIMIT` bounds both, so that nothing overflows: the wider the costs, the fewer bits
are left for the hashes, and BadProblem is raised when there are too few.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from domain.matching.problem import FORBIDDEN, BadProblem, Ints, Keys, Problem, blocks

NEVER: Final = 1 << 61
"""The scaled cost of what is forbidden. Two of them can be added."""
LIMIT: Final = 1 << 60
"""Every sum of scaled costs with nothing forbidden in it is smaller in absolute value; every other one is larger."""
_FEWEST_TIE_BITS: Final = 6
_MOST_TIE_BITS: Final = 24


@dataclass(frozen=True, eq=False)
class Exact:
    """Rows and columns in the order of their keys; scaled costs."""

    rows: Ints
    """For each row here, the row of the problem."""
    columns: Ints
    costs: Ints
    """NEVER where the pair is forbidden or the mentor has no place."""
    unmatched: Ints
    """`must` where the learner must not be left unmatched."""
    seats: Ints
    """For each mentor what the next place costs when so many are taken; NEVER from the last one on."""
    shift: int
    must: int
    """More than any change of the others' places can save."""

    @property
    def learners(self) -> int:
        return int(self.costs.shape[0])

    @property
    def mentors(self) -> int:
        return int(self.costs.shape[1])

    def options(self, rows: Ints, mentor: int) -> Ints:
        """What this mentor costs each of these learners; the number of mentors stands for being unmatched."""
        return self.unmatched[rows] if mentor == self.mentors else self.costs[rows, mentor]

    @cached_property
    def row_of(self) -> Ints:
        """For each row of the problem, the row here."""
        return np.argsort(self.rows)

    @cached_property
    def column_of(self) -> Ints:
        return np.argsort(self.columns)


def exact(problem: Problem) -> Exact:
    rows, columns = np.argsort(problem.learner_keys), np.argsort(problem.mentor_keys)
    shift, tie_bits, must = _widths(problem)
    seats = _seats(problem, columns, shift)
    costs = problem.costs[np.ix_(rows, columns)]
    never = (costs == FORBIDDEN) | (seats[:, 0] == NEVER)
    costs <<= shift
    for block in blocks(problem.learners):
        costs[block] += _ties(problem.learner_keys[rows[block], None], problem.mentor_keys[columns], tie_bits)
    np.copyto(costs, NEVER, where=never)
    unmatched = problem.unmatched[rows]
    free = unmatched != FORBIDDEN
    scaled = (unmatched << shift) + _ties(problem.learner_keys[rows], np.array([_NOBODY], np.uint64), tie_bits)
    return Exact(rows, columns, costs, np.where(free, scaled, must), seats, shift, must)


_NOBODY: Final = 0x9E3779B97F4A7C15
"""Stands for the key of a mentor in the ties of those who stay unmatched."""


def _ties(learners: Keys, mentors: Keys, bits: int) -> Ints:
    """A hash of each pair of keys, below 2^bits."""
    mixed = (learners | np.uint64(1)) * (mentors | np.uint64(1))  # modulo 2^64
    mixed >>= np.uint64(64 - bits)
    return mixed.view(np.int64)


def _widths(problem: Problem) -> tuple[int, int, int]:
    """How far costs are shifted, how many bits each hash has, and the price of leaving somebody who must be matched."""
    hops = problem.mentors + 2 if _choices_of_those_who_must(problem) else 8
    for tie_bits in range(_MOST_TIE_BITS, _FEWEST_TIE_BITS - 1, -1):
        shift = tie_bits + max(problem.learners, 1).bit_length()
        most = (problem.largest + 1) << shift
        must = 4 * hops * most
        if must <= LIMIT // 8 and most * (problem.learners + problem.mentors + 2) <= LIMIT:
            return shift, tie_bits, must
    raise BadProblem(
        f"costs up to {problem.largest} are too large for {problem.learners} learners and {problem.mentors} mentors"
    )


def _choices_of_those_who_must(problem: Problem) -> bool:
    """Whether somebody who must not be left unmatched can have more than one mentor.

    Otherwise nobody's move forces another one without end: everybody who can move at all can also wait.
    """
    must = problem.unmatched == FORBIDDEN
    return bool(((problem.costs[must] != FORBIDDEN).sum(axis=1) > 1).any())


def _seats(problem: Problem, columns: Ints, shift: int) -> Ints:
    most = min(max((len(load) for load in problem.load), default=0), problem.learners)
    seats = np.full((problem.mentors, most + 1), NEVER, np.int64)
    for row, column in enumerate(columns):
        load = np.array(problem.load[column][:most], np.int64)
        seats[row, : len(load)] = load << shift
    return seats
