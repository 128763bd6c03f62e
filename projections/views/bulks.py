"""Bulk actions: what each does, for how many journeys, and where it stands."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pydantic import AwareDatetime

from domain.bulk import EVENTS, BulkEvent, Kind, Outcomes, Status
from domain.bulk import events as e
from domain.bulk.decide import PLAN_KEPT
from domain.ids import BulkId, ProgramId
from domain.values import Frozen, changed
from projections.fold import Fold, Rows
from projections.kits import Kits
from projections.reading import View
from projections.sql import query
from store.codec import Codec
from store.database import Pool


class Sheet(Frozen):
    """What is shown of a bulk action. Nothing personal."""

    action: Kind
    command: str | None
    programs: tuple[ProgramId, ...]
    journeys: int
    rate: float
    by: str
    planned_at: AwareDatetime
    status: Status = "planned"
    begun_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    outcomes: Outcomes = Outcomes()


class Bulks(Fold[BulkEvent, Sheet]):
    name = "bulks"
    version = 1
    handles = frozenset(EVENTS)
    codec = Codec(EVENTS)
    state = Sheet
    columns: ClassVar = {
        "bulks": (
            *("stream", "bulk", "action", "command", "programs", "journeys", "rate", "status", "open", "by"),
            *("planned_at", "begun_at", "ended_at", "done", "unchanged", "refused", "unanswered"),
        )
    }

    def evolve(self, state: Sheet | None, event: BulkEvent) -> Sheet:
        if isinstance(event, e.BulkPlanned):
            shown = ("command", "programs", "journeys", "rate", "by")
            return Sheet(action=event.kind, planned_at=event.at, **{one: getattr(event, one) for one in shown})
        if state is None:
            raise ValueError(f"a bulk action begins with {e.BulkPlanned.type}, not with {event.type}")
        return changed(state, _changes(state, event))

    def rows(self, stream: str, state: Sheet, _: object, __: Kits, /) -> Rows:
        came = state.outcomes
        row = (
            *(stream, stream.removeprefix("bulk-"), state.action, state.command, list(state.programs)),
            *(state.journeys, state.rate, state.status, state.status in ("running", "paused"), state.by),
            *(state.planned_at, state.begun_at, state.ended_at),
            *(came.done, came.unchanged, came.refused, came.unanswered),
        )
        return {"bulks": [row]}


def _changes(state: Sheet, event: BulkEvent) -> Mapping[str, Any]:
    match event:
        case e.BulkBegun():
            return {"status": "running", "begun_at": event.at}
        case e.BulkPaused():
            return {"status": "paused"}
        case e.BulkResumed():
            return {"status": "running", "rate": event.rate or state.rate}
        case e.BulkStopped():
            return {"status": "stopped", "ended_at": event.at}
        case e.BulkFinished():
            return {"status": "finished", "ended_at": event.at, "outcomes": event.outcomes}
        case _:
            return {}


@dataclass(frozen=True, slots=True)
class BulkRow:
    id: BulkId
    action: Kind
    command: str | None
    programs: tuple[ProgramId, ...]
    journeys: int
    rate: float
    status: Status
    by: str
    planned_at: datetime
    begun_at: datetime | None
    ended_at: datetime | None
    done: int
    """Once it is finished, as the next three."""
    unchanged: int
    refused: int
    unanswered: int


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page."""

    planned_at: datetime
    id: str


_BULKS = View(bulks=1)


async def bulks(
    pool: Pool,
    now: datetime,
    *,
    programs: Collection[str] | None = None,
    status: Status | None = None,
    after: Cursor | None = None,
    limit: int = 50,
) -> list[BulkRow]:
    """The latest first, those behind `after`. Plans that can no longer be confirmed are left out, unless `status` asks
    for plans. `programs`: only actions whose journeys are all of these. Raises BeingRebuilt.
    """
    since = now - PLAN_KEPT
    behind = (after.planned_at, after.id) if after else (None, None)
    where = (list(programs) if programs is not None else None, status, since, *behind, limit)
    rows = await _BULKS.fetch(pool, query("bulks_list"), *where)
    return [BulkRow(row[0], row[1], row[2], tuple(row[3]), *tuple(row)[4:]) for row in rows]
