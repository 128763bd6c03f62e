"""The addresses of what stands around the pages: finding, the reader's time zone, and news for open pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from domain.access import KeyRole
from domain.ids import JourneyId, ProgramId, Slug
from domain.values import STORABLE, time_zones
from interfaces.http.access import JourneyReader, require_program
from interfaces.http.pages.acting import done, is_own
from interfaces.http.pages.filled_forms import read_form
from interfaces.http.pages.finding import FindPage, pages_found, people_found
from interfaces.http.pages.frame import Pages, ProgramNames
from interfaces.http.pages.news import NewsStream, Views
from interfaces.http.pages.reading import REFRESH, reading, set_zone
from interfaces.http.pages.rendering import render
from interfaces.http.v1.visibility import require_journey
from queries.event_feed import Wanted
from queries.live_events import LiveEvents
from store.database import Pool

_LAST_POSITION = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ZonePage:
    zone: str
    zones: Sequence[str]
    back: str
    problem: str = ""


def router(pool: Pool, live: LiveEvents) -> APIRouter:
    routes = Pages(pool)
    names, views = ProgramNames(pool), Views(pool)

    @routes.get("/find")
    async def find(request: Request, caller: JourneyReader, q: Annotated[str, Query(max_length=100)] = "") -> Response:
        """Where there is one thing alone, it is gone to at once."""
        people = await people_found(pool, caller, q)
        found = [*people, *pages_found(caller, await names.visible_to(caller), q)]
        if len(found) == 1 and REFRESH not in request.headers:
            return RedirectResponse(found[0].address, 303)
        return HTMLResponse(render("find.html", FindPage(q, found)))

    @routes.get("/time-zone")
    async def time_zone(caller: JourneyReader, back: Annotated[str, Query(max_length=2_000)] = "/") -> str:  # noqa: ARG001
        return render("time_zone.html", _zone_page(back))

    @routes.post("/time-zone")
    async def choose_time_zone(request: Request, caller: JourneyReader) -> Response:  # noqa: ARG001
        given = read_form(await request.body())
        zone, back = given.get("zone", [""])[0].strip(), given.get("back", ["/"])[0]
        if zone not in time_zones():
            page = _zone_page(
                back, zone, "There is no time zone of this name. Choose one of the list, such as Europe/Berlin."
            )
            return HTMLResponse(render("time_zone.html", page), 422)
        response = done(request, back if is_own(back) else "/", f"Times are shown in {zone}.")
        set_zone(response, request.headers, zone)
        return response

    @routes.get("/live", response_class=Response)
    async def news(
        caller: JourneyReader,
        program: Slug | None = None,
        journey: Annotated[str, STORABLE] | None = None,
        last_event_id: Annotated[int | None, Header(ge=0, le=_LAST_POSITION)] = None,
    ) -> Response:
        """Says when something was recorded: of a journey, of a program, or at all as far as the caller may know."""
        if journey is not None:
            await require_journey(pool, caller, JourneyId(journey))
        if program is not None:
            require_program(caller, ProgramId(program))
        programs = caller.programs if program is None else frozenset({ProgramId(program)})
        wanted = Wanted(
            None, None if caller.role is KeyRole.MENTOR else programs, JourneyId(journey) if journey else None
        )
        head = await live.feed.head()
        return NewsStream(live, views, head if last_event_id is None else min(last_event_id, head), wanted)

    return routes


def _zone_page(back: str, zone: str | None = None, problem: str = "") -> ZonePage:
    return ZonePage(zone or reading().zone.key, sorted(time_zones()), back if is_own(back) else "/", problem)
