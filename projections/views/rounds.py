"""Rounds of matching: where each stands, with its figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pydantic import AwareDatetime

from domain.ids import ProgramId, RoundId, program_of_round
from domain.round import EVENTS, RoundEvent
from domain.round import events as e
from domain.round.state import Phase
from domain.values import Frozen, changed
from projections.fold import Fold, Rows
from projections.kits import Kits
from projections.reading import View
from projections.sql import query
from store.codec import Codec
from store.database import Pool


class Sheet(Frozen):
    """What is counted of a round."""

    number: int
    cause: e.Cause
    begun_at: AwareDatetime
    phase: Phase = "drafting"
    settings: int = 0
    wanted: int = 0
    """Both as in the state of the round."""
    drafted_at: AwareDatetime | None = None
    released_at: AwareDatetime | None = None
    taken_back_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    waiting: int | None = None
    mentors: int | None = None
    pairs: int | None = None
    unplaced: int | None = None
    mean_points: float | None = None
    sent: int = 0
    refused: int = 0
    withdrawn: int = 0
    kept: int = 0

    @property
    def taking_back(self) -> bool:
        return self.taken_back_at is not None and self.withdrawn + self.kept < self.sent


class Rounds(Fold[RoundEvent, Sheet]):
    name = "rounds"
    version = 1
    handles = frozenset(EVENTS)
    codec = Codec(EVENTS)
    state = Sheet
    columns: ClassVar = {
        "rounds": (
            *("stream", "round", "program", "number", "cause", "phase", "open", "taking_back", "begun_at"),
            *("drafted_at", "released_at", "taken_back_at", "ended_at", "waiting", "mentors", "pairs", "unplaced"),
            *("mean_points", "sent", "refused", "withdrawn"),
        )
    }

    def evolve(self, state: Sheet | None, event: RoundEvent) -> Sheet:
        if isinstance(event, e.RoundBegun):
            return Sheet(number=event.number, cause=event.cause, begun_at=event.at)
        if state is None:
            raise ValueError(f"a round begins with {e.RoundBegun.type}, not with {event.type}")
        return changed(state, _changes(state, event))

    def rows(self, stream: str, state: Sheet, _: object, __: Kits, /) -> Rows:
        round_ = RoundId(stream.removeprefix("round-"))
        is_open = state.phase not in ("completed", "discarded")
        row = (
            *(stream, round_, program_of_round(round_), state.number, state.cause, state.phase, is_open),
            *(state.taking_back, state.begun_at, state.drafted_at, state.released_at, state.taken_back_at),
            *(state.ended_at, state.waiting, state.mentors, state.pairs, state.unplaced, state.mean_points),
            *(state.sent, state.refused, state.withdrawn),
        )
        return {"rounds": [row]}


def _changes(state: Sheet, event: RoundEvent) -> Mapping[str, Any]:
    match event:
        case e.DraftWanted():
            return {"phase": "drafting", "wanted": state.settings}
        case e.PairPinned() | e.PairUnpinned() | e.PairForbidden() | e.PairAllowed():
            return {"settings": state.settings + 1}
        case e.RoundDrafted():
            figures = {one: getattr(event, one) for one in ("waiting", "mentors", "pairs", "unplaced", "mean_points")}
            phase = "drafted" if event.settings >= state.wanted else "drafting"
            return {"phase": phase, "drafted_at": event.at, **figures}
        case e.RoundReleased():
            return {"phase": "released", "released_at": event.at}
        case e.ProposalsSent():
            return {"sent": state.sent + len(event.sent)}
        case e.ProposalsRefused():
            return {"refused": state.refused + len(event.refused)}
        case e.RoundCompleted():
            return {"phase": "completed", "ended_at": event.at}
        case e.RoundTakenBack():
            return {"taken_back_at": event.at}
        case e.ProposalsWithdrawn():
            return {"withdrawn": state.withdrawn + len(event.journeys)}
        case e.ProposalsKept():
            return {"kept": state.kept + len(event.kept)}
        case e.RoundDiscarded():
            return {"phase": "discarded", "ended_at": event.at}
        case _:
            return {}


@dataclass(frozen=True, slots=True)
class RoundRow:
    round: RoundId
    program: ProgramId
    number: int
    cause: e.Cause
    phase: Phase
    begun_at: datetime
    drafted_at: datetime | None
    released_at: datetime | None
    taken_back_at: datetime | None
    ended_at: datetime | None
    waiting: int | None
    """By the latest draft, as what follows. None: there is none yet."""
    mentors: int | None
    pairs: int | None
    unplaced: int | None
    mean_points: float | None
    sent: int
    refused: int
    withdrawn: int


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """Of all rounds of a program."""

    program: ProgramId
    open: int
    released: int
    waiting: int | None
    """By the latest draft, as what follows."""
    pairs: int | None
    mean_points: float | None


_ROUNDS = View(rounds=1)


async def figures(pool: Pool) -> list[RoundFigures]:
    """Of every program that has had a round. Raises BeingRebuilt."""
    return [RoundFigures(*row) for row in await _ROUNDS.fetch(pool, query("rounds_figures"))]


async def rounds(pool: Pool, program: str | None = None, round_: str | None = None, limit: int = 100) -> list[RoundRow]:
    """The latest first. Raises BeingRebuilt."""
    return [RoundRow(*row) for row in await _ROUNDS.fetch(pool, query("rounds_list"), program, round_, limit)]
