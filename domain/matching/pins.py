"""Which of the pairs that a person has pinned can hold."""

from collections.abc import Mapping
from dataclasses import dataclass

from domain.matching.pool import Pair, Pool
from domain.matching.scores import Scores
from domain.values import together
from domain.words import plain


@dataclass(frozen=True, slots=True)
class Pins:
    columns: Mapping[int, int]
    """The mentor of each learner whose pin holds, by row and column."""
    remarks: tuple[str, ...]
    """Why the others do not, in words."""


def pins_of(pool: Pool, scores: Scores, places: list[int]) -> Pins:
    """In the order of the pairs' ids. `places` has the free places of each mentor."""
    left, columns, remarks = list(places), dict[int, int](), list[str]()
    for pair in sorted(set(pool.pinned), key=lambda one: (one.learner, one.mentor)):
        if problem := _problem(pair, scores, columns, left):
            remarks.append(f"{pair.learner} is not given {pair.mentor}, although it was pinned: {problem}")
            continue
        column = scores.roster.column[pair.mentor]
        for row in scores.roster.rows[pair.learner][:1]:
            columns[row] = column
            left[column] -= 1
    return Pins(columns, tuple(remarks))


def _problem(pair: Pair, scores: Scores, columns: Mapping[int, int], left: list[int]) -> str | None:
    roster = scores.roster
    if pair.learner not in roster.rows:
        return f"{pair.learner} does not wait for a mentor"
    if pair.mentor not in roster.column:
        return f"{pair.mentor} is not a mentor of this round"
    row, column = roster.rows[pair.learner][0], roster.column[pair.mentor]
    if reasons := [plain(one) for one in scores.reasons_of(row, column)]:
        return f"{together(reasons)} forbid{'s' if len(reasons) == 1 else ''} it"
    if row in columns:
        return f"{pair.learner} is pinned to {roster.mentors[columns[row]].mentor} as well"
    return None if left[column] else f"{pair.mentor} has no place left beside the other pins"
