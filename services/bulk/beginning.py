"""The journeys of learners who have got a place: a few begin at once, more of them as a bulk action.

A bulk action goes on by itself, at a set rate, when the request or the command that began it is over or killed.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic

from client.journeys import JourneyClient
from client.starting import Entrant
from domain.bulk.events import FASTEST, MOST_JOURNEYS
from domain.ids import BulkId
from domain.kit import Kit
from domain.values import Actor
from services.bulk.planning import freeze, new_id
from services.bulk.steering import Bulks, BulkShown
from services.starting import Started, start_all
from store.bulk import Item, ItemRow
from store.database import Pool

_FEW = 50
_LOOK_SECONDS = 0.2


@dataclass
class Beginning:
    """Begins journeys, and waits until they have begun, for so long at most. One for a request or a command."""

    pool: Pool
    bulks: Bulks
    by: Actor = "ops"
    patience: float = float("inf")
    """Seconds."""
    advance: Callable[[int], None] = lambda _: None
    """Told how many more have begun."""
    announce: Callable[[BulkId], None] = lambda _: None
    """Told of a bulk action when it has begun."""
    bulk: BulkId | None = None
    """The last bulk action, if there was one."""
    left: int = 0
    """How many had not begun when patience was over. They begin without anybody waiting for them."""

    async def __call__(self, client: JourneyClient, kit: Kit, those: Sequence[Entrant]) -> Started:
        if len(those) <= _FEW:
            return await start_all(client, kit, those, lambda: self.advance(1))
        started, until = Started(), monotonic() + self.patience
        for first in range(0, len(those), MOST_JOURNEYS):
            shown = await self._begin(kit, those[first : first + MOST_JOURNEYS])
            shown = await self._over(shown, until)
            self.left += shown.left
            items = await self.bulks.items(shown.id, limit=shown.journeys)
            add(started, started_of(one for one in items if one.outcome))
        return started

    async def _begin(self, kit: Kit, those: Sequence[Entrant]) -> BulkShown:
        self.bulk = new_id()
        known = {"kind": "start", "sends_answers": True, "rate": FASTEST, "by": self.by}
        items = [Item(nth, one.journey, kit.program_id, one.learner) for nth, one in enumerate(those, 1)]
        frozen = await freeze(self.pool, self.bulk, known, items)
        shown = await self.bulks.begin(self.bulk, digest=frozen.command.digest, by=self.by)
        self.announce(self.bulk)
        return shown

    async def _over(self, shown: BulkShown, until: float) -> BulkShown:
        while shown.status in ("running", "paused") and monotonic() < until:
            await asyncio.sleep(_LOOK_SECONDS)
            before, shown = shown.left, await self.bulks.show(shown.id)
            self.advance(before - shown.left)
        return shown


def started_of(items: Iterable[ItemRow]) -> Started:
    """What came of the journeys of a bulk action that starts them, once it is over."""
    started = Started()
    for one in items:
        for word in one.events:  # as `begin_one` has them
            getattr(started, word).append(one.journey)
        if not one.events:
            started.failed[one.journey] = one.says or "the bulk action was stopped before it"
    return started


def add(sum_: Started, more: Started) -> None:
    for name in ("begun", "running", "ended", "answered", "partly_answered"):
        getattr(sum_, name).extend(getattr(more, name))
    sum_.failed.update(more.failed)
