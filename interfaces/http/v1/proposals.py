"""Proposals to change a program, and what became of them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query
from fastapi import Path as FromPath
from pydantic import Field, StringConstraints, TypeAdapter, model_validator

from domain.access import Caller
from domain.ids import SLUG, CohortId, ProgramId, ProposalId, program_of_proposal
from domain.proposal import (
    EVIDENCE_AT_MOST,
    Command,
    DecideProposal,
    Decision,
    DropProposal,
    Evidence,
    KeepProposal,
    Line,
    MakeProposal,
    ReassignProposal,
    Status,
    somewhere,
)
from domain.values import STORABLE, Actor, Deadline, Personal
from interfaces.http.access import Operator, PersonalReader, Reader, require_program
from interfaces.http.v1.cursors import Cursors
from interfaces.http.v1.orders import Order, Said, command_of, giver
from interfaces.http.v1.visibility import programs_seen
from kits.lookup import newest_published
from projections.views.proposals import Cursor, ProposalRow, proposals
from queries.proposals import NoSuchProposal, ProposalRecord, proposal_record
from services import proposals as service
from store.database import Pool

CURSORS: Cursors[Cursor] = Cursors(Cursor, TypeAdapter(tuple[Deadline, Annotated[str, STORABLE]]))
_Id = Annotated[
    ProposalId, FromPath(max_length=140, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", description="the id of the proposal")
]


class NewProposal(Order):
    title: Line
    """One line that whoever sees the program's figures may read: it names nobody."""
    text: Personal = ""
    """What is to change, and why."""
    evidence: tuple[Evidence, ...] = Field(default=(), max_length=EVIDENCE_AT_MOST)
    """`get_feedback` gives it in this form."""
    owner: Annotated[Actor, StringConstraints(max_length=128)] | None = None
    """Who sees to it, such as `ops:ana`. Default: who makes it."""


class ProposalDecision(Order):
    decision: Decision
    reason: Said


class ProposalTrial(Order):
    """Where it is in effect: in a version of the kit, in a group, or in both."""

    version: Annotated[str, StringConstraints(min_length=1, max_length=200), STORABLE] | None = None
    """A published one, by its name or its digest."""
    cohort: Annotated[CohortId, SLUG] | None = None

    @model_validator(mode="after")
    def _somewhere(self) -> Self:
        return somewhere(self, self.version, self.cohort)


class ProposalOutcome(Order):
    reason: Said
    """What came of it."""


class ProposalOwner(Order):
    owner: Annotated[Actor, StringConstraints(max_length=128)]


@dataclass(frozen=True, slots=True)
class ProposalPage:
    rows: list[ProposalRow]
    next: str | None
    """Pass it as `after` to get the next page. Null on the last page."""


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["proposals"])

    @routes.get("/proposals")
    async def list_proposals(
        *,
        caller: Reader,
        program: Annotated[str | None, Query(max_length=200)] = None,
        status: Annotated[list[Status] | None, Query(max_length=6, description="Any of these.")] = None,
        owner: Annotated[str | None, Query(max_length=128)] = None,
        after: Annotated[str | None, Query(max_length=500, description="The `next` of the previous page.")] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> ProposalPage:
        """List proposals, the latest first."""
        rows = await proposals(
            pool,
            programs=programs_seen(caller, program),
            statuses=status,
            owner=owner,
            after=CURSORS.read(after),
            limit=limit + 1,
        )
        shown = rows[:limit]
        more = Cursor(shown[-1].made_at, shown[-1].id) if len(rows) > limit else None
        return ProposalPage(shown, CURSORS.written(more))

    @routes.get("/proposals/{proposal}")
    async def get_proposal(proposal: _Id, caller: PersonalReader) -> ProposalRecord:
        """A proposal with its words, its evidence, and all that was decided about it. Personal data."""
        require_proposal(caller, proposal)
        return await proposal_record(pool, proposal)

    @routes.post("/programs/{program}/proposals", status_code=201)
    async def make_proposal(program: ProgramId, body: NewProposal, caller: Operator) -> ProposalRecord:
        """Propose to change the program. Nothing changes by that. If its latest proposal says the very same, the answer
        is that one."""
        require_program(caller, program)
        await newest_published(pool, program)
        command = MakeProposal(
            program=program,
            title=body.title,
            text=body.text,
            evidence=body.evidence,
            owner=body.owner,
            by=giver(caller, body.by),
        )
        return await service.make(pool, command, datetime.now(UTC))

    @routes.post("/proposals/{proposal}/decide")
    async def decide_proposal(proposal: _Id, body: ProposalDecision, caller: Operator) -> ProposalRecord:
        """Accept or decline a proposal, for a reason. It may be decided otherwise until it is tried."""
        return await _handled(caller, proposal, command_of(DecideProposal, body, caller))

    @routes.post("/proposals/{proposal}/try")
    async def try_proposal(proposal: _Id, body: ProposalTrial, caller: Operator) -> ProposalRecord:
        """Say where an accepted proposal is in effect: in which version of the kit, or in which group."""
        require_proposal(caller, proposal)
        return await service.try_(
            pool,
            proposal,
            datetime.now(UTC),
            version=body.version,
            cohort=body.cohort,
            by=giver(caller, body.by),
        )

    @routes.post("/proposals/{proposal}/keep")
    async def keep_proposal(proposal: _Id, body: ProposalOutcome, caller: Operator) -> ProposalRecord:
        """Say that what was tried stays, and what came of it."""
        return await _handled(caller, proposal, command_of(KeepProposal, body, caller))

    @routes.post("/proposals/{proposal}/drop")
    async def drop_proposal(proposal: _Id, body: ProposalOutcome, caller: Operator) -> ProposalRecord:
        """Give a proposal up, and say why."""
        return await _handled(caller, proposal, command_of(DropProposal, body, caller))

    @routes.post("/proposals/{proposal}/assign")
    async def assign_proposal(proposal: _Id, body: ProposalOwner, caller: Operator) -> ProposalRecord:
        """Let somebody else see to a proposal."""
        return await _handled(caller, proposal, command_of(ReassignProposal, body, caller))

    async def _handled(caller: Caller, proposal: ProposalId, command: Command) -> ProposalRecord:
        require_proposal(caller, proposal)
        return await service.handle(pool, proposal, command, datetime.now(UTC))

    return routes


def require_proposal(caller: Caller, proposal: ProposalId) -> None:
    """Raises NoSuchProposal, also for one of a program that the caller may not use."""
    if not caller.may_use(program_of_proposal(proposal)):
        raise NoSuchProposal(proposal)
