"""The addresses of the table of journeys and of its saved views."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from domain.access import KeyRole
from interfaces.http.access import JourneyReader, PersonalJourneyReader
from interfaces.http.idempotency import RequestIdentity
from interfaces.http.pages.acting import act, done
from interfaces.http.pages.fields import form_of
from interfaces.http.pages.frame import Pages, ProgramNames
from interfaces.http.pages.journeys.address import Asked, asked, saved
from interfaces.http.pages.journeys.table import Known, read_table
from interfaces.http.pages.rendering import render
from interfaces.http.v1 import saved_views
from interfaces.http.v1.saved_views import ViewToSave
from queries.stage_counts import StageCounts
from queries.titles import KnownTitles
from store.database import Pool


def router(pool: Pool) -> APIRouter:
    routes = Pages(pool)
    names, known = ProgramNames(pool), Known(StageCounts(pool), KnownTitles(pool))

    @routes.get("/journeys")
    async def journeys(asks: Annotated[Asked, Depends(asked)], caller: JourneyReader) -> str:
        page = await read_table(pool, known, asks, caller, await names.visible_to(caller))
        program = asks.query.program
        return render("journeys/table.html", page, live=f"program={program}" if program else "journeys")

    @routes.post("/saved-views")
    async def save_view(request: Request, caller: PersonalJourneyReader) -> Response:
        form = form_of(ViewToSave, "/saved-views", title="Save this view")
        if caller.role is KeyRole.MENTOR:
            form = form_of(ViewToSave, "/saved-views", title="Save this view", without=("shared",))

        async def save(wish: ViewToSave, _: RequestIdentity) -> str:
            view = await saved_views.save(pool, caller, wish)
            return f"The view {view.name} is saved."

        return await act(request, ViewToSave, form, save, back_to="/journeys")

    @routes.post("/saved-views/{view}/forget")
    async def forget_view(view: str, request: Request, caller: PersonalJourneyReader) -> Response:
        gone = await saved_views.forget(pool, caller, view)
        return done(request, saved(gone.query), f"The view {gone.name} is deleted. These are its filters.")

    return routes
