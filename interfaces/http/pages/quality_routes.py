"""The addresses of the pages of those who review sessions. They need no script."""

from datetime import UTC, datetime

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from client.journeys import JourneyClient
from domain.access import Caller, KeyRole
from domain.ids import ProgramId
from domain.quality.reviews import SkipItem
from domain.refusal import Rejected
from domain.values import counted
from interfaces.http.access import Operator, Reviewer, require_program
from interfaces.http.pages.acting import ActPage
from interfaces.http.pages.asked import Asked, answered
from interfaces.http.pages.fields import Form
from interfaces.http.pages.frame import Pages
from interfaces.http.pages.quality import (
    Fields,
    Nothing,
    begin_form,
    fields_of,
    listings,
    queue_page,
    review_page,
    score_in,
)
from interfaces.http.pages.rendering import as_counted, render
from interfaces.http.refusals import status_of_refusal
from interfaces.http.v1.quality import Item, require_item, require_of_program
from queries import quality as queries
from queries import reports
from queries.recent import Recent
from queries.titles import KnownTitles
from services import quality as services
from services.quality import Review
from store.database import Pool
from store.people import names_of
from workflows.quality_activities import Reviews


def _begun(found: Reviews) -> str:
    if found.round is None:
        return "No session was held since the last round that could be reviewed."
    return f"Round {found.round} is open, with {counted(found.items, 'session')} to review."


_NOT_OFFERED = "This form holds what it does not offer. Minutes are a whole number from 1 to 600."


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes, recent, known = Pages(pool), Recent(pool), KnownTitles(pool)

    @routes.get("/programs/{program}/quality")
    async def quality(program: ProgramId, caller: Reviewer) -> str:
        require_program(caller, program)
        await require_of_program(pool, caller, program)
        now = datetime.now(UTC)
        queue = await queries.queue(pool, program, caller.actor, now)
        titles = (await known.of([program]))[program]
        if caller.role is KeyRole.MENTOR:
            return render("quality.html", queue_page(program, queue, {}, (), titles=titles, now=now))
        names = await names_of(pool, {one.mentor for one in queue})
        figures = as_counted(await recent.ask(reports.quality_of(pool, program)))
        told = listings(await queries.rounds(pool, program), figures, now)
        return render("quality.html", queue_page(program, queue, names, told, titles=titles, now=now))

    @routes.post("/programs/{program}/quality/rounds")
    async def begin(program: ProgramId, request: Request, caller: Operator) -> Response:
        require_program(caller, program)

        async def do(_: Nothing) -> str:
            return _begun(await services.begin(journeys.temporal, pool, program))

        async def again(refused: Form) -> str:
            return render("act.html", ActPage(refused, back))

        back = f"/programs/{program}/quality"
        return await answered(request, Asked(Nothing, begin_form(program), do), back, again)

    @routes.get("/quality/{item}")
    async def review(item: Item, caller: Reviewer) -> HTMLResponse:
        await require_item(pool, caller, item)
        return await _page(item, caller)

    @routes.post("/quality/{item}/take")
    async def take(item: Item, caller: Reviewer) -> Response:
        await require_item(pool, caller, item)
        try:
            await services.take(pool, item, caller.actor, datetime.now(UTC))
        except Rejected as refusal:
            return await _page(item, caller, problem=refusal.message, status=status_of_refusal(refusal.code))
        return RedirectResponse(f"/quality/{item}", 303)

    @routes.post("/quality/{item}")
    async def score(item: Item, request: Request, caller: Reviewer) -> Response:
        state = await require_item(pool, caller, item)
        fields = fields_of(await request.body())
        reason = fields.get("reason", "")
        try:
            said = Review(item, score_in(fields), caller.actor, corrects=bool(reason.strip()), reason=reason)
            await services.review(pool, journeys.temporal, said, datetime.now(UTC))
        except ValidationError:
            return await _page(item, caller, fields, _NOT_OFFERED, 422)
        except Rejected as refusal:
            return await _page(item, caller, fields, refusal.message, status_of_refusal(refusal.code))
        return RedirectResponse(f"/programs/{state.begun.program}/quality", 303)

    @routes.post("/quality/{item}/skip")
    async def skip(item: Item, request: Request, caller: Reviewer) -> Response:
        state = await require_item(pool, caller, item)
        fields = fields_of(await request.body())
        command = SkipItem(item=item, by=caller.actor, reason=fields.get("reason", "")[:2_000])
        try:
            await services.skip(pool, journeys.temporal, command, datetime.now(UTC))
        except Rejected as refusal:
            return await _page(item, caller, problem=refusal.message, status=status_of_refusal(refusal.code))
        return RedirectResponse(f"/programs/{state.begun.program}/quality", 303)

    async def _page(
        item: str, caller: Caller, fields: Fields | None = None, problem: str | None = None, status: int = 200
    ) -> HTMLResponse:
        found = await queries.to_review(pool, item, caller.actor)
        names = await names_of(pool, [found.mentor] if found.mentor else [])
        page = review_page(found, caller.actor, names, datetime.now(UTC), fields=fields, problem=problem)
        return HTMLResponse(render("quality_review.html", page), status)

    return routes
