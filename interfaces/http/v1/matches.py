"""Rounds of all programs, and why somebody got a mentor in the last round that had them."""

from typing import Annotated

from fastapi import APIRouter, Query

from domain.access import Caller
from domain.ids import LearnerId, MentorId, ProgramId
from domain.values import LAST_NUMBER
from interfaces.http.access import PersonalReader, Reader
from interfaces.http.v1.rounds import not_in_it_is_404
from interfaces.http.v1.visibility import one_program
from kits.lookup import newest
from projections.views.rounds import RoundRow
from queries.matching import Explained, Imagined, explain, what_if
from queries.rounds import rounds_of
from store.database import Pool

_ByNumber = Annotated[
    int | None,
    Query(alias="round", ge=1, le=LAST_NUMBER, description="The number of a round. Default: the last."),
]


def router(pool: Pool) -> APIRouter:
    routes = APIRouter(tags=["matching"])

    @routes.get("/rounds")
    async def list_all_rounds(
        caller: Reader, program: str | None = None, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
    ) -> list[RoundRow]:
        """The rounds of all programs, or of one, the latest first."""
        only = one_program(caller, program)
        if only:
            await newest(pool, ProgramId(only))
        return await rounds_of(pool, only, limit)

    @routes.get("/matches/{learner}")
    async def explain_latest_match(
        learner: LearnerId, caller: PersonalReader, program: str | None = None, number: _ByNumber = None
    ) -> Explained:
        """Why a learner gets this mentor, in the last round that has them in its draft. Personal data."""
        with not_in_it_is_404():
            return await explain(pool, learner, _program(caller, program), number)

    @routes.get("/matches/{learner}/mentors/{mentor}")
    async def imagine_latest_match(
        learner: LearnerId,
        mentor: MentorId,
        caller: PersonalReader,
        program: str | None = None,
        number: _ByNumber = None,
    ) -> Imagined:
        """What it would cost everybody if the learner had this mentor, in the last round with them. Personal data."""
        with not_in_it_is_404():
            return await what_if(pool, learner, mentor, _program(caller, program), number)

    return routes


def _program(caller: Caller, program: str | None) -> ProgramId | None:
    only = one_program(caller, program)
    return ProgramId(only) if only else None
