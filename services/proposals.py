"""Proposals to change a program: people make them, decide about them, try them, and keep or drop them."""

from datetime import datetime

from domain.ids import CohortId, KitDigest, ProgramId, ProposalId, program_of_proposal, proposal_id
from domain.proposal import (
    PROPOSAL,
    Code,
    Command,
    MakeProposal,
    TryProposal,
    proposal_stream,
)
from domain.refusal import Rejected
from kits.lookup import newest_published, of_program
from queries.cohorts import NoSuchCohort
from queries.cohorts import snapshot as cohort_snapshot
from queries.proposals import NoSuchProposal, ProposalRecord, record_of, snapshot
from store.database import Pool, query
from store.transact import given, transact

_TRIES = 50


async def make(pool: Pool, command: MakeProposal, at: datetime) -> ProposalRecord:
    """Makes a proposal under the program's next number. If the latest one says the very same, that is the one.

    Raises:
        NoSuchProgram: when it has published no kit.
    """
    program = command.program
    await newest_published(pool, program)
    latest = await _last_number(pool, program)
    for number in range(max(latest, 1), latest + _TRIES):
        try:
            return await _recorded(pool, proposal_id(program, number), command, at)
        except Rejected as refused:
            if refused.code != Code.TAKEN:
                raise
    raise Rejected(Code.TAKEN, "many proposals are being made at this moment; make it again")


async def _last_number(pool: Pool, program: ProgramId) -> int:
    """From the log itself, which is never behind; 0 without any."""
    beginning = proposal_stream(ProposalId(f"{program}-"))
    rows = await pool.fetch(query("streams_beginning"), beginning)
    numbers = (row["stream"].removeprefix(beginning) for row in rows)
    return max((int(one) for one in numbers if one.isdecimal()), default=0)


async def handle(pool: Pool, proposal: ProposalId, command: Command, at: datetime) -> ProposalRecord:
    """What the proposal is after the command.

    Raises:
        NoSuchProposal, Rejected.
    """
    try:
        return await _recorded(pool, proposal, command, at)
    except Rejected as refused:
        if refused.code == Code.UNKNOWN:
            raise NoSuchProposal(proposal) from None
        raise


async def try_(
    pool: Pool, proposal: ProposalId, at: datetime, *, version: str | None, cohort: CohortId | None, by: str
) -> ProposalRecord:
    """Says where the proposal is in effect. `version`: a published one of its program, by its name or digest.

    Raises:
        NoSuchProposal, Rejected.
        NoSuchKit: when there is no such version.
        NoSuchCohort: when the program has no such group.
    """
    await snapshot(pool, proposal)
    program = program_of_proposal(proposal)
    kit = await of_program(pool, program, version) if version else None
    if cohort and (await cohort_snapshot(pool, cohort)).state.program != program:
        raise NoSuchCohort(cohort)
    digest, name = (KitDigest(kit.digest), kit.version) if kit else (None, None)
    return await handle(pool, proposal, TryProposal(kit=digest, version=name, cohort=cohort, by=by), at)


async def _recorded(pool: Pool, proposal: ProposalId, command: Command, at: datetime) -> ProposalRecord:
    done = await transact(pool, proposal_stream(proposal), PROPOSAL, command, at, meta=given(command))
    return record_of(proposal, done.after)
