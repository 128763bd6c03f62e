"""The addresses of the pages. They load no script from elsewhere, and are readable without any."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query

from domain.ids import MentorId, ProgramId, ProposalId
from interfaces.http.access import PersonalReader, Reader, require_program
from interfaces.http.pages.associations import associations_page
from interfaces.http.pages.feedback import (
    FeedbackForm,
    complaints_page,
    feedback_page,
    proposal_page,
    proposals_page,
)
from interfaces.http.pages.frame import Pages
from interfaces.http.pages.measures import Form, measures_page
from interfaces.http.pages.monthly_review import read_review, read_reviews
from interfaces.http.pages.overview import funnel_of, return_of
from interfaces.http.pages.rendering import render
from interfaces.http.v1.feedback import found_feedback
from interfaces.http.v1.figures import OverviewQuery, ReturnQuery, found_return
from interfaces.http.v1.measures import found_measures
from interfaces.http.v1.monthly_reviews import ReviewMonth
from interfaces.http.v1.proposals import require_proposal
from interfaces.http.v1.visibility import one_program
from kits.lookup import newest_published
from projections.views.proposals import proposals as proposals_of
from queries.complaints import complaints as complaints_of
from queries.funnel import overview
from queries.measures.associations import associations
from queries.proposals import proposal_record
from store.database import Pool
from store.people import names_of

_MOST_ROWS = 100
"""Of complaints or proposals on a page."""


def router(pool: Pool) -> APIRouter:
    routes = Pages(pool)

    @routes.get("/funnel")
    async def funnel(query: Annotated[OverviewQuery, Query()], caller: Reader) -> str:
        program = one_program(caller, query.program)
        return render("funnel.html", funnel_of(await overview(pool, **{**dict(query), "program": program})))

    @routes.get("/programs/{program}/return")
    async def program_return(program: ProgramId, query: Annotated[ReturnQuery, Query()], caller: Reader) -> str:
        require_program(caller, program)
        return render("return.html", return_of(await found_return(pool, program, query)))

    @routes.get("/programs/{program}/feedback")
    async def feedback(program: ProgramId, query: Annotated[FeedbackForm, Query()], caller: Reader) -> str:
        found = await found_feedback(pool, program, query, caller)
        mentors = {group.group for one in found.questions for group in one.groups if group.level == "mentor"}
        names = await names_of(pool, [MentorId(one) for one in mentors])
        return render("feedback.html", feedback_page(found, names))

    @routes.get("/programs/{program}/complaints")
    async def complaints(program: ProgramId, caller: PersonalReader) -> str:
        require_program(caller, program)
        await newest_published(pool, program)
        found = await complaints_of(pool, program, limit=_MOST_ROWS)
        return render("complaints.html", complaints_page(program, found, datetime.now(UTC)))

    @routes.get("/programs/{program}/proposals")
    async def proposals(program: ProgramId, caller: Reader) -> str:
        require_program(caller, program)
        await newest_published(pool, program)
        found = await proposals_of(pool, programs=[program], limit=_MOST_ROWS + 1)
        opens = caller.sees_personal_data
        return render("proposals.html", proposals_page(program, found, datetime.now(UTC), _MOST_ROWS, opens=opens))

    @routes.get("/proposals/{proposal}")
    async def proposal(proposal: ProposalId, caller: PersonalReader) -> str:
        require_proposal(caller, proposal)
        return render("proposal.html", proposal_page(await proposal_record(pool, proposal), datetime.now(UTC)))

    @routes.get("/programs/{program}/measures")
    async def measures(program: ProgramId, query: Annotated[Form, Query()], caller: Reader) -> str:
        require_program(caller, program)
        shown = query.model_copy(update={"by": query.by or "cohort"})
        return render("measures.html", measures_page(await found_measures(pool, program, shown)))

    @routes.get("/programs/{program}/associations")
    async def program_associations(program: ProgramId, caller: Reader) -> str:
        require_program(caller, program)
        return render("associations.html", associations_page(await associations(pool, program)))

    @routes.get("/programs/{program}/reviews")
    async def monthly_reviews(program: ProgramId, caller: Reader) -> str:
        require_program(caller, program)
        return render("reviews.html", await read_reviews(pool, program))

    @routes.get("/programs/{program}/reviews/{month}")
    async def monthly_review(program: ProgramId, month: ReviewMonth, caller: Reader) -> str:
        require_program(caller, program)
        return render("review.html", await read_review(pool, program, month, personal=caller.sees_personal_data))

    return routes
