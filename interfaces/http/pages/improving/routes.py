"""The addresses of the pages of complaints, proposals and monthly reviews."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from client.journeys import JourneyClient
from domain.access import Caller
from domain.complaint import Standing
from domain.ids import ProgramId, ProposalId, program_of_proposal
from domain.monthly_review import NoteReview
from domain.proposal import Command, DecideProposal, DropProposal, KeepProposal, MakeProposal, ReassignProposal, Status
from domain.values import Frozen
from interfaces.http.access import OPS, Operator, PersonalReader, Reader, require_program
from interfaces.http.pages.acting import Done
from interfaces.http.pages.asked import Asked, answered
from interfaces.http.pages.fields import Form
from interfaces.http.pages.filled_forms import read_form
from interfaces.http.pages.frame import Pages, stands_in
from interfaces.http.pages.improving import complaints, proposals, reviews
from interfaces.http.pages.improving.complaints import ComplaintsPage
from interfaces.http.pages.rendering import render
from interfaces.http.v1.complaints import CURSORS as COMPLAINTS
from interfaces.http.v1.monthly_reviews import Note, ReviewMonth
from interfaces.http.v1.proposals import CURSORS as PROPOSALS
from interfaces.http.v1.proposals import (
    ProposalDecision,
    ProposalOutcome,
    ProposalOwner,
    ProposalTrial,
    require_proposal,
)
from kits.lookup import newest, newest_published
from projections.views.monthly_reviews import monthly_reviews
from projections.views.proposals import Cursor as ProposalCursor
from projections.views.proposals import proposals as proposals_of
from queries.complaints import Cursor as ComplaintCursor
from queries.complaints import complaints as complaints_of
from queries.proposals import proposal_record
from queries.titles import KnownTitles
from services import monthly_reviews as review_services
from services import proposals as proposal_services
from services.complaints import ComplaintDesk, Dealt
from store import kits
from store.database import Pool

_MOST_VERSIONS = 100


class ComplaintsQuery(Frozen):
    standing: Standing | None = None
    after: Annotated[str, Query(max_length=1_000)] = ""


class ProposalsQuery(Frozen):
    status: Status | None = None
    after: Annotated[str, Query(max_length=500)] = ""


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes, known = Pages(pool), KnownTitles(pool)
    desk = ComplaintDesk(pool, journeys)
    base = "/programs/{program}"

    # Complaints

    @routes.get(base + "/complaints")
    async def list_complaints(
        program: ProgramId, query: Annotated[ComplaintsQuery, Query()], caller: PersonalReader
    ) -> str:
        require_program(caller, program)
        return await _complaints(program, caller, query)

    @routes.post(base + "/complaints/{request}/take-up")
    async def take_up(program: ProgramId, request: str, sent: Request, caller: Operator) -> Response:
        async def do(_: complaints.Nothing) -> str:
            return _dealt(await desk.take_up(program, request, datetime.now(UTC), by=caller.actor))

        form = complaints.take_up_form(program, request)
        return await _complaint_act(program, sent, caller, Asked(complaints.Nothing, form, do))

    @routes.post(base + "/complaints/{request}/answer")
    async def answer(program: ProgramId, request: str, sent: Request, caller: Operator) -> Response:
        async def do(said: complaints.Words) -> str:
            return _dealt(await desk.answer(program, request, said.answer, datetime.now(UTC), by=caller.actor))

        form = complaints.answer_form(program, request)
        return await _complaint_act(program, sent, caller, Asked(complaints.Words, form, do))

    async def _complaint_act(program: ProgramId, sent: Request, caller: Caller, asked: Asked) -> Response:
        require_program(caller, program)
        back = complaints.address(program, "")
        return await answered(sent, asked, back, lambda refused: _complaints(program, caller, refused=refused))

    async def _complaints(
        program: ProgramId,
        caller: Caller,
        query: ComplaintsQuery = ComplaintsQuery(),  # noqa: B008 - it is frozen
        refused: Form | None = None,
    ) -> str:
        await newest_published(pool, program)
        after, many = COMPLAINTS.read(query.after or None), complaints.PAGE
        found = await complaints_of(pool, program, standing=query.standing, after=after, limit=many + 1)
        now, acts, standing = datetime.now(UTC), caller.role is OPS, query.standing or ""
        titles = (await known.of([program]))[program]
        more = ComplaintCursor(found[many - 1].answered_at, found[many - 1].request) if len(found) > many else None
        page = ComplaintsPage(
            program=program,
            rows=[complaints.shown(program, one, titles, now, acts=acts) for one in found[:many]],
            standing=standing,
            standings=complaints.STANDINGS,
            refused=refused,
            first=complaints.address(program, standing) if query.after else None,
            next=complaints.address(program, standing, COMPLAINTS.written(more)) if more else None,
        )
        return render("improving/complaints.html", page, live=f"program={program}")

    # Proposals

    @routes.get(base + "/proposals")
    async def list_proposals(program: ProgramId, query: Annotated[ProposalsQuery, Query()], caller: Reader) -> str:
        require_program(caller, program)
        return await _proposals(program, caller, query)

    @routes.post(base + "/proposals")
    async def make(program: ProgramId, sent: Request, caller: Operator) -> Response:
        require_program(caller, program)
        await newest_published(pool, program)

        async def do(said: proposals.Proposed) -> Done:
            command = MakeProposal(
                program=program,
                title=said.title,
                text=said.text,
                evidence=said.evidence,
                owner=said.owner or caller.actor,
                by=caller.actor,
            )
            made = await proposal_services.make(pool, command, datetime.now(UTC))
            return Done(f"{made.id} is proposed; {made.owner} sees to it.", f"/proposals/{quote(made.id, safe='')}")

        evidence = read_form(await sent.body()).get("evidence", [""])[0]
        asked = Asked(proposals.Proposed, proposals.make_form(program, evidence=evidence), do)
        back = proposals.address(program, "")
        return await answered(sent, asked, back, lambda refused: _proposals(program, caller, refused=refused))

    @routes.get("/proposals/{proposal}")
    async def one_proposal(proposal: ProposalId, caller: PersonalReader) -> str:
        require_proposal(caller, proposal)
        return await _proposal(proposal)

    @routes.post("/proposals/{proposal}/decide")
    async def decide(proposal: ProposalId, sent: Request, caller: Operator) -> Response:
        async def do(said: ProposalDecision) -> str:
            command = DecideProposal(decision=said.decision, reason=said.reason, by=caller.actor)
            return await _handled(proposal, command)

        return await _proposal_act(proposal, sent, caller, Asked(ProposalDecision, proposals.decide_form(proposal), do))

    @routes.post("/proposals/{proposal}/try")
    async def try_(proposal: ProposalId, sent: Request, caller: Operator) -> Response:
        async def do(said: ProposalTrial) -> str:
            found = await proposal_services.try_(
                pool, proposal, datetime.now(UTC), version=said.version, cohort=said.cohort, by=caller.actor
            )
            return f"The proposal is {found.status}."

        form = proposals.try_form(proposal, await _versions(program_of_proposal(proposal)))
        return await _proposal_act(proposal, sent, caller, Asked(ProposalTrial, form, do))

    @routes.post("/proposals/{proposal}/keep")
    async def keep(proposal: ProposalId, sent: Request, caller: Operator) -> Response:
        async def do(said: ProposalOutcome) -> str:
            return await _handled(proposal, KeepProposal(reason=said.reason, by=caller.actor))

        return await _proposal_act(
            proposal, sent, caller, Asked(ProposalOutcome, proposals.end_form(proposal, "keep"), do)
        )

    @routes.post("/proposals/{proposal}/drop")
    async def drop(proposal: ProposalId, sent: Request, caller: Operator) -> Response:
        async def do(said: ProposalOutcome) -> str:
            return await _handled(proposal, DropProposal(reason=said.reason, by=caller.actor))

        return await _proposal_act(
            proposal, sent, caller, Asked(ProposalOutcome, proposals.end_form(proposal, "drop"), do)
        )

    @routes.post("/proposals/{proposal}/assign")
    async def assign(proposal: ProposalId, sent: Request, caller: Operator) -> Response:
        async def do(said: ProposalOwner) -> str:
            return await _handled(proposal, ReassignProposal(owner=said.owner, by=caller.actor))

        return await _proposal_act(proposal, sent, caller, Asked(ProposalOwner, proposals.owner_form(proposal, ""), do))

    async def _handled(proposal: ProposalId, command: Command) -> str:
        found = await proposal_services.handle(pool, proposal, command, datetime.now(UTC))
        return f"The proposal is {found.status}; {found.owner} sees to it."

    async def _proposal_act(proposal: ProposalId, sent: Request, caller: Caller, asked: Asked) -> Response:
        require_proposal(caller, proposal)
        return await answered(sent, asked, f"/proposals/{proposal}", lambda refused: _proposal(proposal, refused))

    async def _proposal(proposal: ProposalId, refused: Form | None = None) -> str:
        found = await proposal_record(pool, proposal)
        versions = await _versions(ProgramId(found.program))
        stands_in(found.program, "/proposals")
        return render("improving/proposal.html", proposals.proposal_page(found, datetime.now(UTC), versions, refused))

    async def _versions(program: ProgramId) -> list[str]:
        return [one.version for one in await kits.versions(pool, program, _MOST_VERSIONS)]

    async def _proposals(
        program: ProgramId,
        caller: Caller,
        query: ProposalsQuery = ProposalsQuery(),  # noqa: B008 - it is frozen
        refused: Form | None = None,
    ) -> str:
        await newest_published(pool, program)
        many, status = proposals.PAGE, query.status or ""
        found = await proposals_of(
            pool,
            programs=[program],
            statuses=[query.status] if query.status else None,
            after=PROPOSALS.read(query.after or None),
            limit=many + 1,
        )
        more = ProposalCursor(found[many - 1].made_at, found[many - 1].id) if len(found) > many else None
        page = proposals.proposals_page(
            program,
            found,
            datetime.now(UTC),
            opens=caller.sees_personal_data,
            status=status,
            after=PROPOSALS.written(more),
        )
        first = proposals.address(program, status) if query.after else None
        return render("improving/proposals.html", replace(page, refused=refused, first=first))

    # Monthly reviews

    @routes.get(base + "/reviews")
    async def list_reviews(program: ProgramId, caller: Reader, before: Annotated[str, Query(max_length=7)] = "") -> str:
        require_program(caller, program)
        latest = await review_services.latest_month(pool, program)
        rows = await monthly_reviews(pool, program, before or None, reviews.PAGE + 1)
        page = reviews.reviews_page(program, latest, rows, acts=caller.role is OPS, is_first=not before)
        return render("improving/reviews.html", page)

    @routes.get(base + "/reviews/{month}")
    async def one_review(program: ProgramId, month: ReviewMonth, caller: Reader) -> str:
        require_program(caller, program)
        return await _review(program, month, caller)

    @routes.post(base + "/reviews/{month}/draft")
    async def draft(program: ProgramId, month: ReviewMonth, sent: Request, caller: Operator) -> Response:
        async def do(_: reviews.Nothing) -> str:
            drafted = await review_services.draft_now(pool, program, month, caller.actor)
            return f"Draft {drafted.state.draft} is made."

        asked = Asked(reviews.Nothing, reviews.draft_form(program, month, "Draft it again"), do)
        return await _review_act(program, month, sent, caller, asked)

    @routes.post(base + "/reviews/{month}/notes")
    async def note(program: ProgramId, month: ReviewMonth, sent: Request, caller: Operator) -> Response:
        async def do(said: Note) -> str:
            command = NoteReview(text=said.text, by=caller.actor)
            await review_services.add_note(pool, program, month, command)
            return "Your note is in the review."

        return await _review_act(program, month, sent, caller, Asked(Note, reviews.note_form(program, month), do))

    @routes.post(base + "/reviews/{month}/release")
    async def release(program: ProgramId, month: ReviewMonth, sent: Request, caller: Operator) -> Response:
        async def told(_: reviews.Release) -> list[str]:
            await review_services.known(pool, program, month)
            return reviews.released(month, await review_services.recipients(pool, await newest(pool, program)))

        async def do(said: reviews.Release) -> str:
            await review_services.release(
                pool, journeys.temporal, program, month, draft_read=said.draft, by=caller.actor
            )
            return "The review is released; its letters are on their way."

        asked = Asked(reviews.Release, reviews.release_form(program, month), do, told)
        return await _review_act(program, month, sent, caller, asked)

    async def _review_act(program: ProgramId, month: str, sent: Request, caller: Caller, asked: Asked) -> Response:
        require_program(caller, program)
        await newest(pool, program)
        back = f"/programs/{program}/reviews/{month}"
        return await answered(sent, asked, back, lambda refused: _review(program, month, caller, refused))

    async def _review(program: ProgramId, month: str, caller: Caller, refused: Form | None = None) -> str:
        state = (await review_services.known(pool, program, month)).state
        shown = state if caller.sees_personal_data else review_services.without_words(state)
        page = reviews.review_page(program, shown, refused, acts=caller.role is OPS)
        return render("improving/review.html", page)

    return routes


def _dealt(dealt: Dealt) -> str:
    return dealt.says
