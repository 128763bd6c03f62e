"""Waits for the views that an upgrade requires to be rebuilt, and reports progress."""

import asyncio
from collections.abc import Callable, Sequence
from time import monotonic

from projections.builds import Build, builds, outdated
from projections.registry import PROJECTIONS
from store.database import Pool

_LOOK_SECONDS = 0.2
_STANDSTILL_SECONDS = 30.0


async def outdated_views(pool: Pool) -> list[str]:
    """The names of the views that the projector has to rebuild for this version of Trellis."""
    return await outdated(pool, PROJECTIONS.values())


async def rebuilt(pool: Pool, progress: Callable[[str], None], patience: float = _STANDSTILL_SECONDS) -> list[str]:
    """Returns when the projector has rebuilt all views that an older Trellis left, or has got no further for
    `patience` seconds; with the names of those that are still outdated then.

    `progress` is called with a sentence.
    """
    before: object = None
    moved = monotonic()
    while left := await outdated_views(pool):
        under_way = await builds(pool)
        now = (left, [(one.name, one.done) for one in under_way])
        if now != before:
            before, moved = now, monotonic()
            progress(_in_words(left, under_way))
        elif monotonic() - moved > patience:
            return left
        await asyncio.sleep(_LOOK_SECONDS)
    return []


def _in_words(left: Sequence[str], under_way: Sequence[Build]) -> str:
    if not under_way:
        return f"{', '.join(left)} to be rebuilt"
    return "; ".join(f"{one.name}: {one}" for one in under_way)
