"""Answers about a whole program, kept until the views have moved on so far that they may be others.

What is counted over thousands of journeys takes seconds, and hardly differs from one event to the next. Such an answer
is made once for everybody who asks for it, and stands until a view has taken in half a percent more events. In a small
log that is the next event, so nobody who has just changed something reads what was before.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from projections.sql import query
from store.database import Pool

Answer = TypeVar("Answer")
Positions = Mapping[tuple[str, int], int]
"""How far each view is, by its name and generation."""

_GROWTH = 200
"""An answer stands until a view has taken in one of so many events more."""
_OLDEST = timedelta(minutes=5)
"""Answers depend on the clock as well."""
_MOST = 200
"""Answers that are kept in a process."""


@dataclass(frozen=True, slots=True)
class Made(Generic[Answer]):
    answer: Answer
    at: datetime
    """UTC. What it counts is as of then."""


class _Kept(NamedTuple):
    task: "asyncio.Task[Made[Any]]"
    positions: Positions
    began_at: datetime

    def stands(self, now: Positions, at: datetime) -> bool:
        if self.task.done() and (self.task.cancelled() or self.task.exception()):
            return False
        moved = (now[view] - was <= was // _GROWTH for view, was in self.positions.items() if view in now)
        return self.positions.keys() == now.keys() and all(moved) and at - self.began_at < _OLDEST


class Recent:
    """Keeps the latest answers of one process. Everybody who asks while an answer is made waits for the same one."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()

    async def get(self, key: Hashable, make: Callable[[], Awaitable[Answer]]) -> Made[Answer]:
        """`key` names all that the answer depends on, but for the views and the clock. Raises what `make` raises."""
        rows = await self._pool.fetch(query("view_positions"))
        positions, now = {(name, generation): position for name, generation, position in rows}, datetime.now(UTC)
        kept = self._kept.get(key)
        if kept is None or not kept.stands(positions, now):
            kept = _Kept(asyncio.create_task(_made(make, now)), positions, now)
            self._kept[key] = kept
        self._kept.move_to_end(key)
        while len(self._kept) > _MOST:
            self._kept.popitem(last=False)
        return await asyncio.shield(kept.task)  # whoever goes away leaves the others their answer


async def _made(make: Callable[[], Awaitable[Answer]], at: datetime) -> Made[Answer]:
    return Made(await make(), at)
