"""Pairs who would both rather have each other than whom they have.

The optimum serves all together, so there can be some: a person sees them before a round is released.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Truths = NDArray[np.bool_]


def blocking_pairs(
    points: NDArray[np.int32], possible: Truths, mentor_of: NDArray[np.int64], settled: Truths, room: Truths
) -> Sequence[tuple[int, int]]:
    """Rows and columns, those with the most to gain together first.

    `mentor_of` has the column of each row, -1 for none; `settled` rows are pinned, and want nobody else; the mentors
    with `room` would take any further learner.
    """
    if not points.size:
        return []
    matched = mentor_of >= 0
    now = np.full(len(points), np.iinfo(np.int32).min, np.int64)
    now[matched] = points[matched, mentor_of[matched]]
    least = _least_of(points, mentor_of, matched & ~settled)
    least[room] = np.minimum(least[room], -1)
    wanted = possible & (points > now[:, None]) & (points > least) & ~settled[:, None]
    cells = np.argwhere(wanted)
    gains = points[wanted] - np.maximum(now[cells[:, 0]], 0) + points[wanted] - np.maximum(least[cells[:, 1]], 0)
    order = np.lexsort((cells[:, 1], cells[:, 0], -gains))
    return [(int(row), int(column)) for row, column in cells[order]]


def _least_of(points: NDArray[np.int32], mentor_of: NDArray[np.int64], movable: Truths) -> NDArray[np.int64]:
    """The fewest points of the learners that each mentor could let go; very many where there is none."""
    least = np.full(points.shape[1], np.iinfo(np.int32).max, np.int64)
    rows = np.flatnonzero(movable)
    np.minimum.at(least, mentor_of[rows], points[rows, mentor_of[rows]])
    return least
