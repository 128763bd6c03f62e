"""Whether learners of a program are more or less active than they were: the trend of `active_weeks` (R66)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from queries.measures.figures import Figure, Selection, figures
from store.database import Pool

WEEKS = 12
RECENT = 4
"""The latest weeks, which are held against as many before them."""
_MEASURE = "active_weeks"


@dataclass(frozen=True, slots=True)
class Trend:
    """Of whole weeks alone: the present one is not over."""

    weeks: Sequence[tuple[str, Figure]]
    """By Monday, the earliest first; at most twelve. Weeks without a journey under way are left out."""
    recent: Figure | None
    before: Figure | None
    """The latest four weeks, and the four before. None: no journey was under way."""


async def engagement(pool: Pool, program: str, whose: Selection, as_of: datetime) -> Trend:
    """Of the journeys that `whose` selects; its period is not used. Raises BeingRebuilt."""
    monday = datetime.combine(as_of.date() - timedelta(days=as_of.weekday()), time(), as_of.tzinfo)
    selection = Selection(
        since=monday - timedelta(weeks=WEEKS),
        until=monday,
        cohort=whose.cohort,
        version=whose.version,
        pathway=whose.pathway,
    )
    found = await figures(pool, program, by="week", selection=selection, only=[_MEASURE], as_of=as_of)
    weeks = [(key, part[_MEASURE]) for key, part in found.parts.items()]
    recent, before = (monday.date() - timedelta(weeks=number) for number in (RECENT, 2 * RECENT))
    return Trend(
        weeks=weeks,
        recent=_together(one for key, one in weeks if key >= str(recent)),
        before=_together(one for key, one in weeks if str(before) <= key < str(recent)),
    )


def _together(those: Iterable[Figure]) -> Figure | None:
    found: Figure | None = None
    for one in those:
        found = one if found is None else found.joined(one)
    return found
