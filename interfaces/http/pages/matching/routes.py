"""The addresses of the pages of matching."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from client.journeys import JourneyClient
from client.rounds import RoundClient
from domain.access import Caller
from domain.ids import LearnerId, MentorId, ProgramId, round_id
from domain.round import TakeRoundBack
from domain.round.commands import AllowPair, DiscardRound, DraftAgain, ForbidPair, PinPair, ReleaseRound, UnpinPair
from domain.values import Frozen, counted
from domain.words import by_role
from interfaces.http.access import OPS, Operator, PersonalReader, require_program
from interfaces.http.pages.asked import Asked, answered
from interfaces.http.pages.choosing import listed_mentors
from interfaces.http.pages.fields import Form
from interfaces.http.pages.frame import Pages
from interfaces.http.pages.matching import forms
from interfaces.http.pages.matching.explanation import explanation_page
from interfaces.http.pages.matching.page import explained, shown
from interfaces.http.pages.matching.rounds import matching_page, round_lines
from interfaces.http.pages.rendering import render
from interfaces.http.v1.rounds import not_in_it_is_404
from kits.lookup import newest
from projections.views import board
from queries.matching import explain, what_if
from queries.rounds import NoSuchRound, RoundRecord, round_record, round_state, rounds_of
from services import rounds as services
from store.database import Pool
from workflows.contract import RoundStatus
from workflows.round_activities import AGAIN, ALLOW, DISCARD, FORBID, PIN, RELEASE, UNPIN

_MOST_ROUNDS = 20
_COUNTED_UP_TO = 500
_Number = Annotated[int, Path(ge=1, le=999_999_999)]


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = Pages(pool)
    base = "/programs/{program}/matching"

    def rounds() -> RoundClient:
        return RoundClient(journeys.temporal)

    @routes.get(base)
    async def matching(
        program: ProgramId, caller: PersonalReader, after: Annotated[str, Query(max_length=120)] = ""
    ) -> str:
        require_program(caller, program)
        return await _page(program, caller, after=after)

    @routes.get(base + "/{number}")
    async def one_round(
        program: ProgramId, number: _Number, caller: PersonalReader, after: Annotated[str, Query(max_length=120)] = ""
    ) -> str:
        require_program(caller, program)
        return await _page(program, caller, number, after)

    @routes.get(base + "/{number}/learners/{learner}")
    async def explanation(
        program: ProgramId,
        number: _Number,
        learner: LearnerId,
        caller: PersonalReader,
        mentor: Annotated[str, Query(max_length=120)] = "",
    ) -> str:
        require_program(caller, program)
        with not_in_it_is_404():
            found = await explain(pool, learner, program, number)
            imagined = await what_if(pool, learner, MentorId(mentor), program, number) if mentor else None
        state = await round_state(pool, program, number)
        acts = state.is_open and caller.role is OPS
        page = explanation_page(program, number, found, imagined, acts=acts)
        return render("matching/explanation.html", explained(page))

    # Going through a round

    @routes.post(base + "/begin")
    async def begin(program: ProgramId, request: Request, caller: Operator) -> Response:
        require_program(caller, program)
        await newest(pool, program)

        async def do(_: forms.Nothing) -> str:
            status = await rounds().begin(program)
            return f"Round {status.round.rpartition('-')[2]} has begun: {_drafted(status)}"

        return await _act(program, request, caller, Asked(forms.Nothing, forms.begin_form(program), do))

    @routes.post(base + "/again")
    async def again(program: ProgramId, request: Request, caller: Operator) -> Response:
        async def do(_: forms.Nothing) -> str:
            return f"Drafted again: {_drafted(await _ask(program, AGAIN, DraftAgain(by=caller.actor)))}"

        return await _act(program, request, caller, Asked(forms.Nothing, forms.again_form(program), do))

    @routes.post(base + "/release")
    async def release(program: ProgramId, request: Request, caller: Operator) -> Response:
        require_program(caller, program)
        found = await round_record(pool, program)

        async def told(_: forms.Release) -> Sequence[str]:
            kit = await newest(pool, program)
            return forms.released(found, [by_role(one) for one in kit.matching.asks])

        async def do(said: forms.Release) -> str:
            status = await _ask(program, RELEASE, ReleaseRound(draft=said.draft, by=caller.actor))
            return f"Released: {counted(status.pairs, 'proposal')} on their way."

        return await _act(program, request, caller, Asked(forms.Release, forms.release_form(program), do, told))

    @routes.post(base + "/discard")
    async def discard(program: ProgramId, request: Request, caller: Operator) -> Response:
        async def told(_: forms.Because) -> Sequence[str]:
            return ["The round ends, and nothing is sent. Everybody goes on waiting."]

        async def do(said: forms.Because) -> str:
            await _ask(program, DISCARD, DiscardRound(reason=said.reason, by=caller.actor))
            return "The round is discarded; nothing was sent."

        return await _act(program, request, caller, Asked(forms.Because, forms.discard_form(program), do, told))

    @routes.post(base + "/{number}/take-back")
    async def take_back(program: ProgramId, number: _Number, request: Request, caller: Operator) -> Response:
        require_program(caller, program)
        found = await round_record(pool, program, number)

        async def told(_: forms.Because) -> Sequence[str]:
            return forms.taken_back(found, Counter(one.became for one in found.pairs))

        async def do(said: forms.Because) -> str:
            command = TakeRoundBack(reason=said.reason, by=caller.actor)
            status = await services.take_back(pool, rounds(), round_id(program, number), command)
            return f"Taken back: {counted(status.withdrawn, 'proposal')} withdrawn."

        form = forms.take_back_form(program, number)
        return await _act(program, request, caller, Asked(forms.Because, form, do, told), number)

    @routes.post(base + "/{what}")
    async def decide_pair(program: ProgramId, what: forms.What, request: Request, caller: Operator) -> Response:
        async def do(said: forms.PairForAReason) -> str:
            update, command = _COMMANDS[what]
            pair = said.model_dump(exclude=set() if what in ("pin", "forbid") else {"reason"})
            await _ask(program, update, command.model_validate({**pair, "by": caller.actor}))
            return f"{forms.DONE[what]}: {said.learner} and {said.mentor}. It counts from the next draft on."

        return await _act(program, request, caller, Asked(forms.PairForAReason, forms.pair_form(program, what), do))

    # Carrying out

    async def _ask(program: ProgramId, update: str, command: Frozen) -> RoundStatus:
        return await rounds().ask(program, update, command.model_dump(mode="json"))

    async def _act(
        program: ProgramId, request: Request, caller: Caller, asked: Asked, number: int | None = None
    ) -> Response:
        require_program(caller, program)
        await newest(pool, program)
        back = forms.address(program, f"{number}" if number else "").rstrip("/")
        return await answered(request, asked, back, lambda refused: _page(program, caller, number, refused=refused))

    async def _page(
        program: ProgramId, caller: Caller, number: int | None = None, after: str = "", refused: Form | None = None
    ) -> str:
        await newest(pool, program)
        lines = round_lines(await rounds_of(pool, program, _MOST_ROUNDS), datetime.now(UTC))
        acts = caller.role is OPS
        page = matching_page(program, await _round(program, number), lines, await _waiting(program), after, acts=acts)
        mentors = await listed_mentors(pool) if acts else ()
        return render("matching/round.html", shown(page, refused, mentors), live=f"program={program}")

    async def _round(program: ProgramId, number: int | None) -> RoundRecord | None:
        """None: there was none yet. Raises NoSuchRound for a number that there was not."""
        try:
            return await round_record(pool, program, number)
        except NoSuchRound:
            if number is not None:
                raise
            return None

    async def _waiting(program: ProgramId) -> str:
        many = len(await board.unmatched(pool, program, _COUNTED_UP_TO))
        if not many:
            return "Nobody waits for a mentor without a proposal."
        more = "At least " if many == _COUNTED_UP_TO else ""
        return f"{more}{counted(many, 'learner')} {'waits' if many == 1 else 'wait'} for a mentor without a proposal."

    return routes


_COMMANDS: Mapping[forms.What, tuple[str, type[Frozen]]] = {
    "pin": (PIN, PinPair),
    "forbid": (FORBID, ForbidPair),
    "unpin": (UNPIN, UnpinPair),
    "allow": (ALLOW, AllowPair),
}


def _drafted(status: RoundStatus) -> str:
    return f"{counted(status.pairs, 'learner')} of {status.waiting:,} get a mentor. Nothing is sent yet."
