"""Rounds of matching: begin one, decide about its draft, release it or take it back; and why it is as it is."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from fastapi import Path as FromPath
from pydantic import Field

from client.journeys import JourneyClient
from client.rounds import RoundClient
from domain.access import Caller
from domain.ids import SLUG, LearnerId, MentorId, ProgramId, round_id
from domain.refusal import Rejected
from domain.round import TakeRoundBack
from domain.round.commands import AllowPair, DiscardRound, DraftAgain, ForbidPair, PinPair, ReleaseRound, UnpinPair
from domain.values import LAST_NUMBER, Frozen, Whole
from interfaces.http.access import Operator, PersonalReader, Reader, require_program
from interfaces.http.v1.orders import AnyOrder, AnyReason, ForAReason, Order, command_of, giver
from kits.lookup import newest
from projections.views.rounds import RoundRow
from queries.matching import Explained, Imagined, Verification, explain, verified, what_if
from queries.rounds import RoundRecord, round_record, rounds_of
from services import rounds as services
from store.database import Pool
from workflows.contract import RoundStatus
from workflows.round_activities import AGAIN, ALLOW, DISCARD, FORBID, PIN, RELEASE, UNPIN

_Number = Annotated[int, FromPath(ge=1, le=LAST_NUMBER, description="the number of the round, from 1")]


class Pair(Order):
    learner: Annotated[LearnerId, SLUG]
    mentor: Annotated[MentorId, SLUG]


class PairForAReason(Pair, ForAReason):
    pass


class RoundRelease(Order):
    draft: Annotated[Whole, Field(ge=1, le=LAST_NUMBER)] | None = None
    """Release only if this is the present draft. Default: whichever is."""


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = APIRouter(prefix="/programs/{program}/rounds", tags=["matching"])

    @routes.get("")
    async def list_rounds(
        program: ProgramId, caller: Reader, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
    ) -> list[RoundRow]:
        """The rounds of a program, the latest first."""
        require_program(caller, program)
        await newest(pool, program)
        return await rounds_of(pool, program, limit)

    @routes.get("/latest")
    async def get_latest_round(program: ProgramId, caller: PersonalReader) -> RoundRecord:
        """The last round: its draft, and what became of each proposal. Personal data."""
        require_program(caller, program)
        await newest(pool, program)
        return await round_record(pool, program)

    @routes.get("/{number}")
    async def get_round(program: ProgramId, number: _Number, caller: PersonalReader) -> RoundRecord:
        """A round: its draft, and what became of each proposal. Personal data."""
        require_program(caller, program)
        await newest(pool, program)
        return await round_record(pool, program, number)

    @routes.get("/{number}/verification")
    async def verify_round(program: ProgramId, number: _Number, caller: Reader) -> Verification:
        """Whether the stored certificate proves that the draft is the best there is, and whether calculating it again
        gives the same pairs."""
        require_program(caller, program)
        await newest(pool, program)
        return await verified(pool, program, number)

    @routes.get("/{number}/learners/{learner}")
    async def explain_match(
        program: ProgramId, number: _Number, learner: LearnerId, caller: PersonalReader
    ) -> Explained:
        """Why a learner gets this mentor, and what every other choice would cost. Personal data."""
        require_program(caller, program)
        with not_in_it_is_404():
            return await explain(pool, learner, program, number)

    @routes.get("/{number}/learners/{learner}/mentors/{mentor}")
    async def imagine_match(
        program: ProgramId, number: _Number, learner: LearnerId, mentor: MentorId, caller: PersonalReader
    ) -> Imagined:
        """What it would cost everybody if the learner had this mentor, and who would move. Personal data."""
        require_program(caller, program)
        with not_in_it_is_404():
            return await what_if(pool, learner, mentor, program, number)

    # Going through one

    @routes.post("")
    async def begin_round(program: ProgramId, caller: Operator) -> RoundStatus:
        """Begin a round for everybody who waits. Answers when its draft is made; nothing is sent until it is released.

        409: a round of the program is open, or nobody waits.
        """
        require_program(caller, program)
        await newest(pool, program)
        return await RoundClient(journeys.temporal).begin(program)

    @routes.post("/open/pin")
    async def pin_pair(program: ProgramId, body: PairForAReason, caller: Operator) -> RoundStatus:
        """Give a learner this mentor in the next draft, unless a rule forbids it."""
        return await _asked(program, PIN, PinPair, body, caller)

    @routes.post("/open/unpin")
    async def unpin_pair(program: ProgramId, body: Pair, caller: Operator) -> RoundStatus:
        """Undo a pin."""
        return await _asked(program, UNPIN, UnpinPair, body, caller)

    @routes.post("/open/forbid")
    async def forbid_pair(program: ProgramId, body: PairForAReason, caller: Operator) -> RoundStatus:
        """Keep a learner and a mentor apart in this round."""
        return await _asked(program, FORBID, ForbidPair, body, caller)

    @routes.post("/open/allow")
    async def allow_pair(program: ProgramId, body: Pair, caller: Operator) -> RoundStatus:
        """Allow again what was forbidden in this round."""
        return await _asked(program, ALLOW, AllowPair, body, caller)

    @routes.post("/open/again")
    async def draft_again(program: ProgramId, caller: Operator, order: AnyOrder) -> RoundStatus:
        """Make the draft of the open round anew, from whoever waits now. Answers when it is made."""
        return await _asked(program, AGAIN, DraftAgain, order, caller)

    @routes.post("/open/release")
    async def release_round(program: ProgramId, body: RoundRelease, caller: Operator) -> RoundStatus:
        """Release the draft: each learner's journey gets its proposal, or its match where the kit asks nobody.

        It goes on in the background; `get_round` tells how far it is.
        """
        return await _asked(program, RELEASE, ReleaseRound, body, caller)

    @routes.post("/open/discard")
    async def discard_round(program: ProgramId, caller: Operator, body: AnyReason) -> RoundStatus:
        """End the open round without sending anything."""
        return await _asked(program, DISCARD, DiscardRound, body, caller)

    @routes.post("/{number}/take-back")
    async def take_back_round(program: ProgramId, number: _Number, caller: Operator, body: AnyReason) -> RoundStatus:
        """Take a released round back: withdraw every proposal that nobody has accepted yet.

        Answers when everything is withdrawn that can be. Matches and accepted proposals stay.
        """
        require_program(caller, program)
        command = TakeRoundBack(reason=body.reason, by=giver(caller, body.by))
        return await services.take_back(pool, RoundClient(journeys.temporal), round_id(program, number), command)

    async def _asked(program: ProgramId, update: str, kind: type[Frozen], body: Order, caller: Caller) -> RoundStatus:
        require_program(caller, program)
        await newest(pool, program)
        return await RoundClient(journeys.temporal).ask(program, update, _payload(kind, body, caller))

    return routes


def _payload(kind: type[Frozen], body: Order, caller: Caller) -> Mapping[str, object]:
    return command_of(kind, body, caller).model_dump(mode="json")


@contextmanager
def not_in_it_is_404() -> Iterator[None]:
    """For a learner or a mentor in the address who has no part in the round."""
    try:
        yield
    except Rejected as rejected:
        raise HTTPException(404, rejected.message) from rejected
