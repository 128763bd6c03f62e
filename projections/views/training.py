"""Which mentors have acknowledged which steps of which program's training, and since when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ids import KitDigest, MentorId
from domain.mentor.training import TrainingAcknowledged
from projections.projection import SqlProjection
from projections.reading import View
from projections.sql import query
from store.database import Pool


class Training(SqlProjection):
    name = "training"
    version = 1
    handles = frozenset({TrainingAcknowledged.type})
    statements = ("training_apply",)


@dataclass(frozen=True, slots=True)
class Acknowledgment:
    mentor: MentorId
    step: str
    since: datetime
    kit: KitDigest
    """The version that held then."""


_TRAINING = View(training=1)


async def acknowledgments(pool: Pool, program: str) -> Sequence[Acknowledgment]:
    """By mentor, in the order in which they came."""
    return [Acknowledgment(*row) for row in await _TRAINING.fetch(pool, query("training_of_program"), program)]


async def steps_of(pool: Pool, program: str, mentors: Sequence[MentorId]) -> dict[MentorId, frozenset[str]]:
    """The steps that each of these mentors has acknowledged; without those who have acknowledged none."""
    rows = await _TRAINING.fetch(pool, query("training_of_mentors"), program, list(mentors))
    return {MentorId(row["mentor"]): frozenset(row["steps"]) for row in rows}
