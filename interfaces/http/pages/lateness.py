"""What pages say while views are far behind the log or are being rebuilt: what they show may not be the latest."""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

from domain.values import roughly
from projections.status import ProjectionStatus, statuses
from store.database import Pool

LATE_SECONDS = 60.0
"""A live view that is so far behind is worth a word."""
_BELIEVED_SECONDS = 5.0
_MOST_NAMED = 3
_Late = Callable[[str], str]
"""Says how long views are behind."""
_Built = Callable[[Sequence[ProjectionStatus]], str]
"""Says which are being rebuilt."""


class Lateness:
    """Asked of the database at most every few seconds. Meanwhile, and while it is being asked, pages have the answer of
    before: nobody waits for it but the first."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._lock = asyncio.Lock()
        self._known: tuple[float, Sequence[ProjectionStatus]] | None = None

    async def known(self) -> Sequence[ProjectionStatus]:
        known = self._known
        if known and (time.monotonic() < known[0] or self._lock.locked()):
            return known[1]
        async with self._lock:
            if self._known is known:
                self._known = (time.monotonic() + _BELIEVED_SECONDS, await statuses(self._pool))
        return self._known[1] if self._known else ()


def for_ops(found: Sequence[ProjectionStatus]) -> str:
    """Empty while views are up to date."""
    return _in_words(found, _late, _built)


def for_people(found: Sequence[ProjectionStatus], views: Collection[str]) -> str:
    """On somebody's own page, which is made of these views; the rest of it comes from the log, and is never late."""
    said = _in_words([one for one in found if one.name in views], _late_for_people, _built_for_people)
    return f"{said} What you send is recorded all the same." if said else ""


def _in_words(found: Sequence[ProjectionStatus], late: _Late, built: _Built) -> str:
    behind = [one.behind_seconds for one in found if one.status == "live" and one.behind_seconds > LATE_SECONDS]
    building = [one for one in found if one.status == "building"]
    says = (late(roughly(timedelta(seconds=max(behind)))) if behind else "", built(building) if building else "")
    return " ".join(filter(None, says))


def _late(behind: str) -> str:
    return f"What you see may be {behind} old: what happened since then is still being taken in."


def _late_for_people(behind: str) -> str:
    return f"What happened in the last {behind} may not be on this page yet."


def _built(views: Sequence[ProjectionStatus]) -> str:
    named = ", ".join(f"{one.name} ({one.built or 0:.0%})" for one in views[:_MOST_NAMED])
    more = f" and {len(views) - _MOST_NAMED} more" if len(views) > _MOST_NAMED else ""
    return f"Being rebuilt: {named}{more}. Until then pages show what they had before."


def _built_for_people(views: Sequence[ProjectionStatus]) -> str:
    done = min(one.built or 0 for one in views)
    return f"This page is being brought up to date ({done:.0%} done). Until then something may be missing from it."
