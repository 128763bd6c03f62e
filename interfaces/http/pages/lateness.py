"""What every page says while views are far behind the log or are being rebuilt: what it shows may not be the latest."""

import asyncio
import time
from collections.abc import Sequence
from datetime import timedelta

from domain.values import roughly
from projections.status import ProjectionStatus, statuses
from store.database import Pool

LATE_SECONDS = 60.0
"""A live view that is so far behind is worth a word."""
_BELIEVED_SECONDS = 5.0
_MOST_NAMED = 3


class Lateness:
    """Asked of the database at most every few seconds. Meanwhile, and while it is being asked, pages have the answer of
    before: nobody waits for it but the first."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lock = asyncio.Lock()
        self._known: tuple[float, str] | None = None

    async def said(self) -> str:
        """Empty while views are up to date."""
        known = self._known
        if known and (time.monotonic() < known[0] or self._lock.locked()):
            return known[1]
        async with self._lock:
            if self._known is known:
                self._known = (time.monotonic() + _BELIEVED_SECONDS, in_words(await statuses(self._pool)))
        return self._known[1] if self._known else ""


def in_words(found: Sequence[ProjectionStatus]) -> str:
    late = [one for one in found if one.status == "live" and one.behind_seconds > LATE_SECONDS]
    built = [f"{one.name} ({one.built or 0:.0%})" for one in found if one.status == "building"]
    return " ".join(filter(None, (_late(late), _built(built))))


def _late(views: Sequence[ProjectionStatus]) -> str:
    if not views:
        return ""
    behind = timedelta(seconds=max(one.behind_seconds for one in views))
    return f"What you see may be {roughly(behind)} old: what happened since then is still being taken in."


def _built(views: Sequence[str]) -> str:
    if not views:
        return ""
    more = f" and {len(views) - _MOST_NAMED} more" if len(views) > _MOST_NAMED else ""
    return f"Being rebuilt: {', '.join(views[:_MOST_NAMED])}{more}. Until then pages show what they had before."
