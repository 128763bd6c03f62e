"""Who is a row and who a column: the people of a pool in an order of their own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from domain.matching.pool import Available, Candidate, Pair, Pool

Cells = tuple[NDArray[np.intp], NDArray[np.intp]]
"""Rows and columns of single cells."""


@dataclass(frozen=True)
class Roster:
    candidates: Sequence[Candidate]
    """By journey."""
    mentors: Sequence[Available]
    """By id."""

    @property
    def shape(self) -> tuple[int, int]:
        return len(self.candidates), len(self.mentors)

    @cached_property
    def column(self) -> Mapping[str, int]:
        return {one.mentor: nth for nth, one in enumerate(self.mentors)}

    @cached_property
    def rows(self) -> Mapping[str, Sequence[int]]:
        """By learner, who may wait in several journeys."""
        found: dict[str, list[int]] = {}
        for row, one in enumerate(self.candidates):
            found.setdefault(one.learner, []).append(row)
        return found

    def cells_of(self, pairs: Iterable[Pair]) -> Cells:
        """Of those pairs who are both in the pool."""
        known = [one for one in pairs if one.mentor in self.column]
        return cells((row, self.column[one.mentor]) for one in known for row in self.rows.get(one.learner, ()))


def cells(those: Iterable[tuple[int, int]]) -> Cells:
    found = np.array(sorted(set(those)), np.intp).reshape(-1, 2)
    return found[:, 0], found[:, 1]


def roster_of(pool: Pool) -> Roster:
    return Roster(
        sorted(pool.candidates, key=lambda one: one.journey), sorted(pool.mentors, key=lambda one: one.mentor)
    )
