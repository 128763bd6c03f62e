"""Bulk actions: where they stand, what is left, and what came of those that are finished."""

from collections.abc import Sequence

from projections import figures
from runtime.metrics.declaring import Family, Figures, Sample, samples_of
from store.database import Pool

_ACTIONS = Family("trellis_bulk_actions", "Bulk actions, by what they do and where they stand.", ("action", "status"))
_LEFT = Family(
    "trellis_bulk_journeys_left", "Journeys that bulk actions which run or are paused have yet to reach.", ("action",)
)
_OUTCOMES = Family(
    "trellis_bulk_outcomes",
    "Journeys of finished bulk actions, by outcome.",
    ("action", "outcome"),
    "counter",
)


async def _read(pool: Pool) -> Sequence[Sample]:
    return [
        *samples_of(await figures.bulk_actions(pool), 2, _ACTIONS),
        *samples_of(await figures.bulk_left(pool), 1, _LEFT),
        *samples_of(await figures.bulk_outcomes(pool), 2, _OUTCOMES),
    ]


BULKS = Figures(
    "bulk actions",
    "Bulk actions",
    "From the view `bulks` ([bulk.md](bulk.md)). `action` is what is done, `status` is `planned`, `running`, "
    "`paused`, `stopped` or `finished`, and an `outcome` is `done`, `unchanged`, `refused` or `unanswered`.",
    (_ACTIONS, _LEFT, _OUTCOMES),
    _read,
)
