"""The scores of sessions, a row for each question that was answered and each dimension that was marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from analysis.samples import Scale
from domain.quality.scores import EVENTS, Role
from projections.projection import SqlProjection
from projections.reading import View
from projections.sql import query
from store.database import Pool


class SessionScores(SqlProjection):
    name = "session_scores"
    version = 1
    handles = frozenset(EVENTS)
    statements = ("session_scores_forget", "session_scores_apply")


@dataclass(frozen=True, slots=True)
class Tally:
    kind: Literal["question", "dimension"]
    name: str
    role: Role
    scores: int
    mean: float
    variance: float
    """Of the sample; 0 where there is one score."""


SCALES: Mapping[str, Scale] = {"question": Scale(0.0, 1.0), "dimension": Scale(1.0, 5.0)}
"""Where scores lie, by their kind."""


class Judged(NamedTuple):
    """What one reviewer said of a session that was scored twice."""

    kind: Literal["question", "dimension"]
    name: str
    stream: str
    session: str
    round: str
    by: str
    value: float


_SCORES = View(session_scores=1)


async def tallies(
    pool: Pool, program: str, since: datetime | None = None, until: datetime | None = None, mentor: str | None = None
) -> Sequence[Tally]:
    """Of sessions held in [since, until). Raises BeingRebuilt."""
    rows = await _SCORES.fetch(pool, query("session_scores_figures"), program, since, until, mentor)
    return [Tally(*row) for row in rows]


async def scored_twice(
    pool: Pool, program: str, since: datetime | None = None, until: datetime | None = None
) -> Sequence[Judged]:
    """Of sessions held in [since, until), at most 100,000 values. Raises BeingRebuilt."""
    return [Judged(*row) for row in await _SCORES.fetch(pool, query("session_scores_twice"), program, since, until)]


async def marks_by_mentor(pool: Pool, program: str, since: datetime) -> Mapping[str, Mapping[float, int]]:
    """Of each mentor, how often others gave each mean mark to a session held since then. Raises BeingRebuilt."""
    found: dict[str, dict[float, int]] = {}
    for mentor, mark, times in await _SCORES.fetch(pool, query("session_scores_by_mentor"), program, since):
        found.setdefault(mentor, {})[mark] = times
    return found
