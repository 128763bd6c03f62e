"""A proposal with its words: what it says, by which evidence, and what was decided about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ids import CohortId, KitDigest, ProgramId, ProposalId, program_of_proposal
from domain.proposal import (
    PROPOSAL,
    Decision,
    Evidence,
    ProposalState,
    ProposalTried,
    Status,
    proposal_stream,
)
from domain.refusal import NotFound
from store.database import Executor
from store.transact import Snapshot, read


class NoSuchProposal(NotFound):
    def __init__(self, proposal: str) -> None:
        super().__init__(f"there is no proposal {proposal[:150]!r}; `trellis proposals list` lists those there are")


@dataclass(frozen=True, slots=True)
class Decided:
    decision: Decision
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Trial:
    """Where it is in effect."""

    kit: KitDigest | None
    version: str | None
    cohort: CohortId | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended, and what came of it."""

    kept: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProposalRecord:
    id: ProposalId
    program: ProgramId
    title: str
    text: str
    evidence: Sequence[Evidence]
    owner: str
    status: Status
    made_by: str
    made_at: datetime
    decided: Decided | None
    tried: Sequence[Trial]
    """In the order in which it was."""
    ended: Ended | None
    version: int
    """Of its stream."""


async def snapshot(pool: Executor, proposal: ProposalId) -> Snapshot[ProposalState]:
    """Raises NoSuchProposal."""
    found = await read(pool, proposal_stream(proposal), PROPOSAL)
    if found.state.made is None:
        raise NoSuchProposal(proposal)
    return found


async def proposal_record(pool: Executor, proposal: ProposalId) -> ProposalRecord:
    """Raises NoSuchProposal."""
    return record_of(proposal, await snapshot(pool, proposal))


def record_of(proposal: ProposalId, found: Snapshot[ProposalState]) -> ProposalRecord:
    state, made = found.state, found.state.made
    assert made
    decided, ended = state.decided, state.ended
    return ProposalRecord(
        id=proposal,
        program=program_of_proposal(proposal),
        title=made.title,
        text=made.text,
        evidence=made.evidence,
        owner=state.owner,
        status=state.status,
        made_by=made.by,
        made_at=made.at,
        decided=Decided(decided.decision, decided.reason, decided.by, decided.at) if decided else None,
        tried=[_trial(one) for one in state.tried],
        ended=Ended(state.status == "kept", ended.reason, ended.by, ended.at) if ended else None,
        version=found.version,
    )


def _trial(one: ProposalTried) -> Trial:
    return Trial(one.kit, one.version, one.cohort, one.by, one.at)
