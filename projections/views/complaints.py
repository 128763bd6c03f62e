"""What people did about complaints. The complaints themselves are answers to surveys."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import AwareDatetime

from domain.complaint import EVENTS, ComplaintEvent, ComplaintTakenUp, Standing
from domain.ids import CaseId, ProgramId
from domain.values import Frozen, changed
from projections.fold import Fold, Rows
from projections.kits import Kits
from store.codec import Codec


class Sheet(Frozen):
    program: ProgramId
    standing: Standing = "new"
    case: CaseId | None = None
    by: str
    """Who did the last thing."""
    at: AwareDatetime


class Complaints(Fold[ComplaintEvent, Sheet]):
    name = "complaints"
    version = 1
    handles = frozenset(EVENTS)
    codec = Codec(EVENTS)
    state = Sheet
    columns: ClassVar = {"complaints": ("stream", "request", "program", "standing", "case_id", "by", "at")}

    def evolve(self, state: Sheet | None, event: ComplaintEvent) -> Sheet:
        before = state or Sheet(program=event.program, by=event.by, at=event.at)
        return changed(before, {**_changes(event), "by": event.by, "at": event.at})

    def rows(self, stream: str, state: Sheet, _: object, __: Kits, /) -> Rows:
        request = stream.removeprefix("complaint-")
        return {"complaints": [(stream, request, state.program, state.standing, state.case, state.by, state.at)]}


def _changes(event: ComplaintEvent) -> Mapping[str, Any]:
    if isinstance(event, ComplaintTakenUp):
        return {"standing": "taken_up", "case": event.case}
    return {"standing": "answered"}
