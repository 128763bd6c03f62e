"""The mentors who can lead the groups that are being formed: when, and which of them rather than others."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from domain.matching.pool import Available
from domain.matching.tables import distinct
from domain.matching.week_cells import CELLS, Cells, book, starts

Columns = NDArray[np.intp]


class GroupMentors:
    """By columns. What a group takes of a mentor is not free for the next one."""

    def __init__(
        self, mentors: Sequence[Available], free: Sequence[Cells], length: timedelta, buffer: timedelta
    ) -> None:
        """`mentors`: those who can take a group at least, and first who is to come first of equal ones. `free`: the
        hours of each; `buffer`: what is kept free between two meetings."""
        self.mentors = mentors
        self._free, self._length, self._buffer = free, length, buffer
        self._starts = np.array([starts(one, length) for one in free], bool).reshape(len(mentors), CELLS)
        self._most, self._led = np.array([one.free for one in mentors], np.int64), np.zeros(len(mentors), np.int64)
        self._expertise = distinct(one.profile.expertise for one in mentors)
        self.many_at: NDArray[np.int64] = self._starts.sum(axis=0)
        """How many can begin to lead another group at each hour of the week."""

    def best(self, many: int, cell: int | None, topics: Mapping[str, int], welcome: NDArray[np.int64]) -> Columns:
        """As many as there are, up to so many: those whom most learners may meet, who know their subjects and have led
        least. `topics`: how many learners have each subject; `welcome`: how many may meet each mentor."""
        can = self._led < self._most
        free = np.flatnonzero(can if cell is None else can & self._starts[:, cell])
        known = [sum(topics.get(word, 0) for word in words) for words in self._expertise.values]
        knows = np.array(known, np.int64)[self._expertise.index[free]]
        order = np.lexsort((self._led[free], -knows, -welcome[free]))  # of equal ones, in the order of columns
        chosen: Columns = free[order[:many]]
        return chosen

    def lead(self, column: int, cell: int | None) -> None:
        """One group more."""
        self.many_at -= self._starts[column]
        self._led[column] += 1
        if cell is not None:
            book(self._free[column], cell, self._length, self._buffer)
            self._starts[column] = starts(self._free[column], self._length)
        if self._led[column] < self._most[column]:
            self.many_at += self._starts[column]
