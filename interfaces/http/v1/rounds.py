"""Rounds of matching as JSON, read-only: their drafts, what became of them, and why."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi import Path as FromPath

from domain.ids import LearnerId, MentorId, ProgramId
from domain.refusal import Rejected
from kits.lookup import newest
from projections.views.rounds import RoundRow
from queries.matching import Explained, Imagined, Verification, explain, verified, what_if
from queries.rounds import RoundRecord, round_record, rounds_of
from store.database import Pool

_Number = Annotated[int, FromPath(ge=1, le=999_999_999, description="the number of the round, from 1")]


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(prefix="/programs/{program}/rounds", tags=["matching"])

    @routes.get("")
    async def get_rounds(program: ProgramId, limit: Annotated[int, Query(ge=1, le=1_000)] = 100) -> list[RoundRow]:
        """The rounds of a program, the latest first."""
        await newest(pool, program)
        return await rounds_of(pool, program, limit)

    @routes.get("/latest")
    async def get_latest(program: ProgramId) -> RoundRecord:
        """The last round: its draft, and what became of each proposal. Personal data."""
        return await round_record(pool, program)

    @routes.get("/{number}")
    async def get_round(program: ProgramId, number: _Number) -> RoundRecord:
        """A round: its draft, and what became of each proposal. Personal data."""
        return await round_record(pool, program, number)

    @routes.get("/{number}/verification")
    async def get_verification(program: ProgramId, number: _Number) -> Verification:
        """Whether the stored certificate proves that the draft is the best there is, and whether calculating it again
        gives the same pairs."""
        return await verified(pool, program, number)

    @routes.get("/{number}/learners/{learner}")
    async def get_explanation(program: ProgramId, number: _Number, learner: LearnerId) -> Explained:
        """Why a learner gets this mentor, and what every other choice would cost. Personal data."""
        with _not_in_it_is_404():
            return await explain(pool, learner, program, number)

    @routes.get("/{number}/learners/{learner}/mentors/{mentor}")
    async def get_what_if(program: ProgramId, number: _Number, learner: LearnerId, mentor: MentorId) -> Imagined:
        """What it would cost everybody if the learner had this mentor, and who would move. Personal data."""
        with _not_in_it_is_404():
            return await what_if(pool, learner, mentor, program, number)

    return routes


@contextmanager
def _not_in_it_is_404() -> Iterator[None]:
    try:
        yield
    except Rejected as rejected:
        raise HTTPException(404, rejected.message) from rejected
