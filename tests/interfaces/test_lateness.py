"""What pages say of views that are behind, or are being rebuilt."""

from dataclasses import replace

import pytest

from interfaces.http.pages.lateness import for_ops, for_people
from projections.status import ProjectionStatus

_LIVE = ProjectionStatus("board", 1, 3, "live", 9, 0, 0.0, 0.0, None, None, None, 0, None)
_BUILT = replace(_LIVE, status="building", built=0.42)


@pytest.mark.parametrize(
    ("views", "says"),
    [
        ([_LIVE, replace(_LIVE, behind_seconds=59)], ""),
        ([replace(_LIVE, behind_seconds=61)], "may be 1 minute old"),
        ([replace(_LIVE, behind_seconds=7_200), replace(_LIVE, behind_seconds=99)], "may be 2 hours old"),
        ([replace(_LIVE, behind_seconds=9 * 86_400)], "may be 9 days old"),
        ([replace(_LIVE, status="retired", behind_seconds=7_200)], ""),
        ([_LIVE, _BUILT], "Being rebuilt: board (42%). Until then"),
        ([_BUILT] * 5, "board (42%), board (42%), board (42%) and 2 more."),
    ],
)
def test_what_is_said_to_ops(views: list[ProjectionStatus], says: str) -> None:
    assert says in for_ops(views) and bool(says) == bool(for_ops(views))


@pytest.mark.parametrize(
    ("views", "says"),
    [
        ([_LIVE], ""),
        ([replace(_LIVE, behind_seconds=7_200)], "What happened in the last 2 hours may not be on this page yet."),
        ([replace(_LIVE, name="quality", behind_seconds=7_200)], ""),
        ([_LIVE, _BUILT], "being brought up to date (42% done)"),
        ([replace(_BUILT, name="quality")], ""),
    ],
)
def test_what_is_said_to_learners_and_mentors(views: list[ProjectionStatus], says: str) -> None:
    said = for_people(views, {"board"})
    assert says in said and bool(says) == bool(said) == said.endswith("recorded all the same.")
