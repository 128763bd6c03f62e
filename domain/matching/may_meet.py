"""Who may meet whom in a group: nobody leads one of which they are a member, or one with somebody whom either side does
not want to meet; and they speak a common language, where both have said which.

Most people speak the same few sets of languages, so those are compared set by set; only pairs that somebody names are
kept pair by pair.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from domain.matching.pool import Available, Candidate
from domain.matching.roster import Roster, cells
from domain.matching.tables import distinct

Indexes = NDArray[np.intp]


class MayMeet:
    """Learners by rows, mentors by columns."""

    def __init__(self, learners: Sequence[Candidate], mentors: Sequence[Available]) -> None:
        spoken = distinct(one.profile.languages or None for one in learners)
        offered = distinct(one.profile.languages or None for one in mentors)
        self._common = np.ones((len(spoken.values) + 1, len(offered.values) + 1), bool)
        for nth, some in enumerate(spoken.values):
            self._common[nth, :-1] = [not set(some).isdisjoint(others) for others in offered.values]
        self._spoken, self._offered = spoken.index, offered.index
        rows, columns = cells(_named(Roster(learners, mentors)))
        could = self._common[self._spoken[rows], self._offered[columns]]
        self._apart = rows[could], columns[could]
        """Those who have a language in common, and may not meet all the same."""

    def welcome(self, rows: Indexes) -> NDArray[np.int64]:
        """How many of these learners may meet each mentor."""
        speakers = np.bincount(self._spoken[rows], minlength=len(self._common))
        found = (speakers @ self._common)[self._offered]
        apart, whom = self._apart
        np.subtract.at(found, whom[np.isin(apart, rows)], 1)
        return found

    def all_of(self, rows: Indexes, columns: Indexes) -> NDArray[np.bool_]:
        """Which of these learners may meet each of these mentors."""
        apart, whom = self._apart
        common = self._common[self._spoken[rows]][:, self._offered[columns]].all(axis=1)
        found: NDArray[np.bool_] = common & ~np.isin(rows, apart[np.isin(whom, columns)])
        return found


def _named(roster: Roster) -> Iterator[tuple[int, int]]:
    for row, learner in enumerate(roster.candidates):
        for name in (learner.learner, *learner.profile.never, *learner.declined):
            if name in roster.column:
                yield row, roster.column[name]
    for column, mentor in enumerate(roster.mentors):
        for name in mentor.profile.never:
            for row in roster.rows.get(name, ()):
                yield row, column
