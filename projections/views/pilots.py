"""Pilots of programs: what each tries, by which measure, and where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime

from domain.pilot import EVENTS, Imported, PilotBegun, PilotChanged, PilotEnded, PilotEvent, Verdict, of_stream
from domain.values import Frozen, changed
from projections.fold import Fold, Rows
from projections.kits import Kits
from projections.reading import View
from projections.sql import query
from store.codec import Codec
from store.database import Pool

Against = Literal["learners", "imported", "rehearsal"]


class Sheet(Frozen):
    """What is shown of a pilot in a list."""

    title: str
    change: str
    measure: str
    cohort: str | None
    kit_version: str | None
    baseline: Against
    broken: bool
    begun_at: AwareDatetime
    begun_by: str
    changes: int = 0
    ended_at: AwareDatetime | None = None
    verdict: Verdict | None = None


class Pilots(Fold[PilotEvent, Sheet]):
    name = "pilots"
    version = 1
    handles = frozenset(EVENTS)
    codec = Codec(EVENTS)
    state = Sheet
    columns: ClassVar = {
        "pilots": (
            *("stream", "pilot", "program", "title", "change", "measure", "cohort", "kit_version", "baseline"),
            *("changes", "broken", "begun_at", "begun_by", "ended_at", "verdict"),
        )
    }

    def evolve(self, state: Sheet | None, event: PilotEvent) -> Sheet:
        if isinstance(event, PilotBegun):
            return _sheet(event)
        if state is None:
            raise ValueError(f"a pilot begins with {PilotBegun.type}, not with {event.type}")
        return changed(state, _changes(state, event))

    def rows(self, stream: str, state: Sheet, _: object, __: Kits, /) -> Rows:
        program, name = of_stream(stream)
        row = (
            *(stream, name, program, state.title, state.change, state.measure, state.cohort, state.kit_version),
            *(state.baseline, state.changes, state.broken, state.begun_at, state.begun_by, state.ended_at),
            state.verdict,
        )
        return {"pilots": [row]}


def _sheet(event: PilotBegun) -> Sheet:
    against = event.baseline
    return Sheet(
        title=event.title,
        change=event.change,
        measure=event.measure,
        cohort=event.whom.cohort,
        kit_version=event.whom.version,
        baseline=against.source if isinstance(against, Imported) else "learners",
        broken=bool(event.broken),
        begun_at=event.at,
        begun_by=event.by,
    )


def _changes(state: Sheet, event: PilotEvent) -> Mapping[str, Any]:
    match event:
        case PilotChanged():
            return {"changes": state.changes + 1, "broken": True}
        case PilotEnded():
            return {"ended_at": event.at, "verdict": event.verdict, "broken": bool(event.broken)}
        case _:
            return {}


@dataclass(frozen=True, slots=True)
class PilotRow:
    pilot: str
    """Its name within the program."""
    program: str
    title: str
    change: str
    measure: str
    cohort: str | None
    kit_version: str | None
    baseline: Against
    changes: int
    """That were made while it ran."""
    broken: bool
    """Whether more than one thing changed, as far as it is recorded."""
    begun_at: datetime
    begun_by: str
    ended_at: datetime | None
    """Null: it is under way."""
    verdict: Verdict | None


_PILOTS = View(pilots=1)


async def pilots(pool: Pool, program: str, *, is_open: bool | None = None, limit: int = 100) -> list[PilotRow]:
    """The latest first. Raises BeingRebuilt."""
    return [PilotRow(*row) for row in await _PILOTS.fetch(pool, query("pilots_list"), program, is_open, limit)]
