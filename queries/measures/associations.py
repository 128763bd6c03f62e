"""What goes with good ends: behaviors of mentors, and pathways by the level of learners.

These are associations: learners who are alike in what was known at the start are compared, and what was not known can
still explain a difference. Each interval is widened for how many are looked at, so that all of them hold at once with a
confidence of 95 %. Nothing is said with less than the least evidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.ids import ProgramId
from kits.lookup import newest_published
from projections import associating
from queries.measures.behaviors import BehaviorAssociation, behaviors
from queries.measures.comparisons import LEAST_JOURNEYS, LEAST_MENTORS
from queries.measures.pathways import PathwayAssociation, by_level
from store import kits
from store.database import Pool


@dataclass(frozen=True, slots=True)
class Associations:
    program: str
    title: str
    as_of: datetime
    least_journeys: int
    least_mentors: int
    confidence_of_each: float
    """Of an interval of a behavior, so that all of them hold with 95 %."""
    behaviors: Sequence[BehaviorAssociation]
    pathways: Sequence[PathwayAssociation]


async def associations(
    pool: Pool, program: ProgramId, since: datetime | None = None, as_of: datetime | None = None
) -> Associations:
    """Of the journeys that began at `since` or later.

    Raises:
        NoSuchProgram: when no kit of it is published.
        BeingRebuilt: while a view is not there yet.
    """
    published = await newest_published(pool, program)
    kit = kits.read(published)
    as_of = as_of or datetime.now(UTC)
    cells = await associating.behaviors(pool, program, as_of, since)
    levels = {one.id: f"{one.title} ({one.level})" for one in kit.segments}
    found, confidence = behaviors(cells)
    return Associations(
        program=program,
        title=kit.title,
        as_of=as_of,
        least_journeys=LEAST_JOURNEYS,
        least_mentors=LEAST_MENTORS,
        confidence_of_each=confidence,
        behaviors=found,
        pathways=by_level(await associating.pathways(pool, program, as_of, since), levels),
    )
