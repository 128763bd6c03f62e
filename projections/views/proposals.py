"""Proposals to change programs, and where each stands. Their words stay in the log."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from pydantic import AwareDatetime

from domain.ids import CohortId, KitDigest, ProgramId, ProposalId
from domain.proposal import (
    EVENTS,
    ProposalDecided,
    ProposalDropped,
    ProposalEvent,
    ProposalKept,
    ProposalMade,
    ProposalReassigned,
    ProposalTried,
    Status,
)
from domain.values import Frozen, changed
from projections.fold import Fold, Rows
from projections.kits import Kits
from projections.reading import View
from projections.sql import query
from store.codec import Codec
from store.database import Pool


class Sheet(Frozen):
    program: ProgramId
    title: str
    owner: str
    evidence: int
    made_by: str
    made_at: AwareDatetime
    status: Status = "proposed"
    decided_by: str | None = None
    decided_at: AwareDatetime | None = None
    kit: KitDigest | None = None
    """Of the last trial, as the next two."""
    version: str | None = None
    cohort: CohortId | None = None
    tried_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None


class Proposals(Fold[ProposalEvent, Sheet]):
    name = "proposals"
    version = 1
    handles = frozenset(EVENTS)
    codec = Codec(EVENTS)
    state = Sheet
    columns: ClassVar = {
        "proposals": (
            *("stream", "proposal", "program", "title", "owner", "status", "evidence", "made_by", "made_at"),
            *("decided_by", "decided_at", "kit", "kit_version", "cohort", "tried_at", "ended_at"),
        )
    }

    def evolve(self, state: Sheet | None, event: ProposalEvent) -> Sheet:
        if isinstance(event, ProposalMade):
            return Sheet(
                program=event.program,
                title=event.title,
                owner=event.owner,
                evidence=len(event.evidence),
                made_by=event.by,
                made_at=event.at,
            )
        if state is None:
            raise ValueError(f"a proposal begins with {ProposalMade.type}, not with {event.type}")
        return changed(state, _changes(event))

    def rows(self, stream: str, state: Sheet, _: object, __: Kits, /) -> Rows:
        row = (
            *(stream, stream.removeprefix("proposal-"), state.program, state.title, state.owner, state.status),
            *(state.evidence, state.made_by, state.made_at, state.decided_by, state.decided_at),
            *(state.kit, state.version, state.cohort, state.tried_at, state.ended_at),
        )
        return {"proposals": [row]}


def _changes(event: ProposalEvent) -> Mapping[str, Any]:
    match event:
        case ProposalDecided():
            return {"status": event.decision, "decided_by": event.by, "decided_at": event.at}
        case ProposalTried():
            where = {"kit": event.kit, "version": event.version, "cohort": event.cohort}
            return {"status": "tried", "tried_at": event.at, **where}
        case ProposalKept():
            return {"status": "kept", "ended_at": event.at}
        case ProposalDropped():
            return {"status": "dropped", "ended_at": event.at}
        case ProposalReassigned():
            return {"owner": event.owner}
        case _:
            return {}


@dataclass(frozen=True, slots=True)
class ProposalRow:
    id: ProposalId
    program: ProgramId
    title: str
    owner: str
    status: Status
    evidence: int
    """How many pieces of evidence it has."""
    made_by: str
    made_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    kit: KitDigest | None
    """Where it was tried last, as the next two."""
    kit_version: str | None
    cohort: CohortId | None
    tried_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page."""

    made_at: datetime
    id: str


_PROPOSALS = View(proposals=1)


async def proposals(
    pool: Pool,
    *,
    programs: Collection[str] | None = None,
    statuses: Sequence[Status] | None = None,
    owner: str | None = None,
    kit: str | None = None,
    after: Cursor | None = None,
    limit: int = 50,
) -> list[ProposalRow]:
    """The latest first, those behind `after`. `kit`: only those tried last in this version. Raises BeingRebuilt."""
    behind = (after.made_at, after.id) if after else (None, None)
    where = (list(programs) if programs is not None else None, list(statuses) if statuses else None, owner, kit)
    return [ProposalRow(*row) for row in await _PROPOSALS.fetch(pool, query("proposals_list"), *where, *behind, limit)]
