"""What stands around every page of ops: where one can go, which program is looked at, and who is logged in."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from domain.access import Caller, KeyRole
from interfaces.http.pages.lateness import Lateness, for_ops
from interfaces.http.pages.reading import Frame, Link, reading
from interfaces.http.parameters import said_on_page
from store import kits
from store.database import Pool

_OPS, _ALL = frozenset({KeyRole.OPS}), frozenset(KeyRole)
_READERS = _ALL - {KeyRole.MENTOR}
_MOST_PROGRAMS = 200
_BELIEVED_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Area:
    name: str
    address: str
    label: str
    roles: frozenset[KeyRole]
    of_program: bool = True
    """Whether it can be looked at for one program: with `?program=`."""


AREAS: Sequence[Area] = (
    Area("today", "/", "Today", _ALL),
    Area("journeys", "/journeys", "Journeys", _ALL),
    Area("mentors", "/mentors", "Mentors", _READERS),
    Area("cohorts", "/cohorts", "Cohorts", _ALL),
    Area("bulk", "/bulk", "Bulk actions", _READERS),
    Area("programs", "/programs", "Programs", _READERS),
)
_AREA_OF = {
    "": "today",
    "cases": "today",
    "messages": "today",
    "findings": "programs",
    "funnel": "programs",
    "proposals": "programs",
    "quality": "programs",
}
"""Where the first part of an address is not the name of its area."""

PROGRAM_PAGES: Sequence[tuple[str, str, frozenset[KeyRole]]] = (
    ("", "Overview", _READERS),
    ("/matching", "Matching", _OPS),
    ("/enrollment", "Enrollment", _READERS),
    ("/measures", "Measures", _READERS),
    ("/quality", "Quality", _OPS),
    ("/findings", "Findings", _OPS),
    ("/feedback", "Feedback", _READERS),
    ("/complaints", "Complaints", _OPS),
    ("/proposals", "Proposals", _READERS),
    ("/reviews", "Monthly reviews", _READERS),
    ("/versions", "Versions", _READERS),
    ("/schedules", "Schedules", _READERS),
)
"""Below the address of a program: the address, the words of the link, and who may follow it."""


class ProgramNames:
    """The ids of all programs, asked for at most every few seconds."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known: tuple[float, Sequence[str]] | None = None

    async def visible_to(self, caller: Caller) -> Sequence[str]:
        if caller.programs is not None:
            return sorted(caller.programs)[:_MOST_PROGRAMS]
        if self._known is None or time.monotonic() >= self._known[0]:
            self._known = (time.monotonic() + _BELIEVED_SECONDS, await kits.program_names(self._pool, _MOST_PROGRAMS))
        return self._known[1]


class Pages(APIRouter):
    """Addresses of pages for people who have logged in. What its functions return is rendered with the frame around it.

    The frame is made once the request is known to be good, and its sender to be allowed: before, nothing is looked up.
    """

    def __init__(self, pool: Pool) -> None:
        super().__init__(include_in_schema=False, default_response_class=HTMLResponse)
        self._names, self._lateness = ProgramNames(pool), Lateness(pool)

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        super().add_api_route(path, self._framed(endpoint), **options)

    def _framed(self, endpoint: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(endpoint)
        async def with_frame(*arguments: Any, **named: Any) -> Any:
            read = reading()
            if read.request is not None:
                caller: Caller = read.request.state.caller
                names, views = await self._names.visible_to(caller), await self._lateness.known()
                read.frame = frame_of(read.request, caller, names, for_ops(views))
            return await endpoint(*arguments, **named)

        return with_frame


def frame_of(request: Request, caller: Caller, programs: Sequence[str], late: str) -> Frame:
    first, program = _first_part(request), _program_of(request)
    current = _AREA_OF.get(first, first)
    area = next((one for one in AREAS if one.name == current), AREAS[0])
    kept = program if program in programs else None
    query = f"?{request.url.query}" if request.url.query else ""
    read = reading()
    return Frame(
        areas=[Link(_address(one, kept), one.label, one.name == current) for one in AREAS if caller.role in one.roles],
        program_pages=_program_pages_of(request, caller) if first == "programs" else (),
        programs=programs if len(programs) > 1 else (),
        program=kept,
        switch=area.address if area.of_program else "/",
        actor=caller.actor,
        said=read.tell(),
        unknown=said_on_page(request),
        late=late,
        zone=read.zone.key,
        address=f"{request.url.path}{query}",
    )


def _first_part(request: Request) -> str:
    return request.url.path.split("/")[1]


def _program_of(request: Request) -> str | None:
    return request.path_params.get("program") or request.query_params.get("program")


def _address(area: Area, program: str | None) -> str:
    return f"{area.address}?{urlencode({'program': program})}" if program and area.of_program else area.address


def stands_in(program: str, below: str) -> None:
    """Puts the links of a program into the frame of a page whose address does not name it. `below`: the address below
    the program of the list in which the page's subject stands."""
    read = reading()
    if read.frame is not None and read.request is not None:
        links = _program_pages(program, below, read.request.state.caller)
        shown = program if program in read.frame.programs else read.frame.program
        read.frame = replace(read.frame, program_pages=links, program=shown)


def _program_pages_of(request: Request, caller: Caller) -> Sequence[Link]:
    program = request.path_params.get("program")
    if program is None:
        return ()
    return _program_pages(program, request.url.path.removeprefix(f"/programs/{program}"), caller)


def _program_pages(program: str, here: str, caller: Caller) -> Sequence[Link]:
    base = f"/programs/{quote(program, safe='')}"
    return [
        Link(f"{base}{below}", label, _is_current(below, here))
        for below, label, roles in PROGRAM_PAGES
        if caller.role in roles
    ]


def _is_current(below: str, here: str) -> bool:
    return here in ("", "/") if not below else here == below or here.startswith(f"{below}/")
