"""The start page, its lists, the review of an intake, and another try for a message."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from client.journeys import JourneyClient
from domain.ids import JourneyId, NotificationId
from domain.values import Frozen
from interfaces.http.access import JourneyReader, Operator, PersonalReader
from interfaces.http.idempotency import RequestIdentity
from interfaces.http.pages.acting import act, is_own
from interfaces.http.pages.fields import Form
from interfaces.http.pages.frame import Pages
from interfaces.http.pages.rendering import render
from interfaces.http.pages.today.intake import intake_page
from interfaces.http.pages.today.page import TodayDesk, TodayQuery
from interfaces.http.v1.visibility import require_journey
from services import notifications
from services.notifications import NoSuchNotification
from store.database import Pool


class _Retry(Frozen):
    """Send the message again. One that has arrived is never sent again."""


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = Pages(pool)
    desk = TodayDesk(pool)

    @routes.get("/")
    async def today(query: Annotated[TodayQuery, Query()], caller: JourneyReader) -> str:
        page = await desk.read(caller, query)
        return render("today/today.html", page, live=f"program={query.program}" if query.program else "all")

    @routes.get("/today/{name}")
    async def today_list(name: str, query: Annotated[TodayQuery, Query()], caller: JourneyReader) -> str:
        return render("today/list.html", await desk.section_page(caller, query, name))

    @routes.get("/intakes/{journey}")
    async def intake(
        journey: JourneyId, caller: PersonalReader, back_to: Annotated[str, Query(max_length=2_000)] = "/"
    ) -> str:
        await require_journey(pool, caller, journey)
        return render("today/intake.html", await intake_page(pool, journey, back_to if is_own(back_to) else "/"))

    @routes.post("/messages/{message}/retry")
    async def retry(message: NotificationId, request: Request, caller: Operator) -> Response:
        if not caller.may_use(await notifications.program_of(pool, message)):
            raise NoSuchNotification(message)
        form = Form(f"/messages/{message}/retry", "Send the message again", button="Send again")

        async def do(_: _Retry, __: RequestIdentity) -> str:
            await notifications.retry(pool, journeys.temporal, message, caller.actor)
            return "The message is being sent again."

        return await act(request, _Retry, form, do, back_to="/today/messages")

    return routes
