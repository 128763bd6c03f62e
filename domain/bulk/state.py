"""Where a bulk action stands."""

from datetime import datetime
from typing import Literal, assert_never

from domain.bulk.events import (
    BulkBegun,
    BulkEvent,
    BulkFinished,
    BulkPaused,
    BulkPlanned,
    BulkResumed,
    BulkStopped,
    Outcomes,
)
from domain.values import Frozen, changed

Status = Literal["planned", "running", "paused", "stopped", "finished"]


class BulkState(Frozen):
    plan: BulkPlanned
    status: Status = "planned"
    rate: float
    begun_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""
    """Why it is paused or stopped. Personal."""
    outcomes: Outcomes | None = None
    """Once it is finished."""

    @property
    def is_over(self) -> bool:
        return self.status in ("stopped", "finished")

    @property
    def is_open(self) -> bool:
        """Whether its workflow has something to do, or waits for people."""
        return self.status in ("running", "paused")


def evolve(state: BulkState | None, event: BulkEvent) -> BulkState:
    if isinstance(event, BulkPlanned):
        return BulkState(plan=event, rate=event.rate)
    assert state, "a bulk action is planned before anything else happens to it"
    match event:
        case BulkBegun():
            return changed(state, {"status": "running", "begun_at": event.at})
        case BulkPaused():
            return changed(state, {"status": "paused", "reason": event.reason})
        case BulkResumed():
            return changed(state, {"status": "running", "reason": "", "rate": event.rate or state.rate})
        case BulkStopped():
            return changed(state, {"status": "stopped", "reason": event.reason, "ended_at": event.at})
        case BulkFinished():
            return changed(state, {"status": "finished", "outcomes": event.outcomes, "ended_at": event.at})
        case _:
            assert_never(event)
