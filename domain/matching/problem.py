"""A problem of assignment in plain numbers: what each pair costs, what it costs to wait, how many places there are."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]
Marks = NDArray[np.bool_]

FORBIDDEN: Final = 1 << 62
"""The cost of a pair that must not be made, and of being unmatched where that must not be."""
UNMATCHED: Final = -1
"""Stands for a mentor where there is none."""


_BLOCK: Final = 256


def blocks(rows: int) -> Iterator[slice]:
    """All rows in parts. What is calculated of large tables on the way is done part by part, so that it takes little
    memory, and stays in the cache of the processor."""
    return (slice(first, first + _BLOCK) for first in range(0, rows, _BLOCK))


class BadProblem(ValueError):
    """The numbers do not describe a problem, or are too large to be calculated with exactly."""


def keys(secret: str, names: Iterable[str]) -> Keys:
    """A number for each name that depends on the secret and the name alone, never on its place among the others."""
    hashed = (hashlib.blake2b(name.encode(), key=secret.encode()[:64], digest_size=8).digest() for name in names)
    return np.array([int.from_bytes(one, "big") for one in hashed], dtype=np.uint64)


@dataclass(frozen=True, eq=False)
class Problem:
    """Learners are rows, mentors columns. All costs are whole numbers in one unit, such as thousandths of a point.

    The arrays must not be changed afterwards. Raises BadProblem.
    """

    costs: Ints
    """What each pair costs, or FORBIDDEN. The lower the better; may be negative."""
    unmatched: Ints
    """What it costs to leave each learner unmatched, or FORBIDDEN."""
    load: Sequence[Sequence[int]]
    """For each mentor what the first of their free places costs, the second, and so on: never less than the one before.
    There are as many places as costs."""
    learner_keys: Keys
    """Break ties, with `mentor_keys`: see `keys`. The result depends on them and not on the order of rows."""
    mentor_keys: Keys

    def __post_init__(self) -> None:
        _check_shapes(self)
        _check_keys("learners", self.learner_keys)
        _check_keys("mentors", self.mentor_keys)
        for mentor, load in enumerate(self.load):
            if any(later < earlier for earlier, later in pairwise(load)):
                raise BadProblem(
                    f"the load costs of mentor {mentor} fall: {list(load)[:20]}; each must be at least the one before"
                )

    @property
    def learners(self) -> int:
        return int(self.costs.shape[0])

    @property
    def mentors(self) -> int:
        return int(self.costs.shape[1])

    def pinned(self, pairs: Iterable[tuple[int, int]]) -> "Problem":
        """The same problem in which these learners can have these mentors only, and not be left unmatched.

        A pin does not lift what is forbidden: such a pair makes the problem infeasible.
        """
        costs, unmatched = self.costs.copy(), self.unmatched.copy()
        for learner, mentor in pairs:
            kept = self.costs[learner, mentor]
            costs[learner] = FORBIDDEN
            costs[learner, mentor] = kept
            unmatched[learner] = FORBIDDEN
        return replace(self, costs=costs, unmatched=unmatched)

    @cached_property
    def largest(self) -> int:
        """The largest cost in absolute value, at least 1."""
        largest = 1
        for values in (self.costs, self.unmatched, *(np.array(load, np.int64) for load in self.load if load)):
            finite = values[values != FORBIDDEN]
            if finite.size:
                largest = max(largest, int(finite.max()), -int(finite.min()))
        return largest

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the whole problem, the same for any order of its rows and columns."""
        rows, columns = np.argsort(self.learner_keys), np.argsort(self.mentor_keys)
        found = hashlib.sha256(repr((self.learners, self.mentors)).encode())
        for values in (self.learner_keys[rows], self.mentor_keys[columns]):
            found.update(values.astype(">u8").tobytes())
        found.update(self.unmatched[rows].astype(">i8").tobytes())
        for row in rows:
            found.update(self.costs[row][columns].astype(">i8").tobytes())
        found.update(repr([[int(cost) for cost in self.load[column]] for column in columns]).encode())
        return found.hexdigest()


def _check_shapes(problem: Problem) -> None:
    costs, expected = problem.costs, (len(problem.learner_keys), len(problem.mentor_keys))
    if costs.shape != expected:
        raise BadProblem(
            f"costs have the shape {costs.shape}; by the keys of learners and mentors it must be {expected}"
        )
    if costs.dtype != np.int64 or problem.unmatched.dtype != np.int64:
        raise BadProblem(
            f"costs must be int64; they are {costs.dtype}, those of being unmatched {problem.unmatched.dtype}"
        )
    if problem.unmatched.shape != expected[:1]:
        raise BadProblem(f"there are {expected[0]} learners and {problem.unmatched.shape} costs of being unmatched")
    if len(problem.load) != expected[1]:
        raise BadProblem(f"there are {expected[1]} mentors and load costs for {len(problem.load)}")


def _check_keys(whose: str, values: Keys) -> None:
    if values.dtype != np.uint64:
        raise BadProblem(f"the keys of {whose} must be uint64; they are {values.dtype}")
    if len(np.unique(values)) != len(values):
        raise BadProblem(f"two of the {whose} have the same key")
