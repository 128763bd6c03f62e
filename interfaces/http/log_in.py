"""Logging a browser in, with a key or by a link, and out again."""

import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import Headers

from interfaces.http.access import Denied
from interfaces.http.cookies import clear_session, from_own_page, session_token, set_session
from interfaces.http.pages.rendering import render
from services import log_ins
from services.keys import Keyring
from services.log_ins import Session
from store.database import Pool

LOG_IN, LOG_OUT = "/log-in", "/log-out"
_OWN_ADDRESS = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*", re.ASCII)
_NO_KEY = "This is not a valid key. It may have expired, or have been revoked."
_NO_LINK = "This link has been used, or has expired. Log in with a key, or run `trellis keys link` for another."
_ELSEWHERE = "Log in and out on the pages of this address."


@dataclass(frozen=True, slots=True)
class LogInPage:
    to: str
    """Where to go afterwards: an address of this service."""
    link: str | None = None
    """The secret of a link that is valid."""
    problem: str | None = None


def router(pool: Pool, keyring: Keyring) -> APIRouter:
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get(LOG_IN)
    async def log_in_page(
        link: Annotated[str | None, Query(max_length=200)] = None,
        to: Annotated[str, Query(max_length=2_000)] = "/",
    ) -> HTMLResponse:
        """A link logs nobody in by being opened, because mail programs and browsers open links by themselves."""
        if link is None:
            return _page(LogInPage(_own(to)))
        if await log_ins.is_valid_link(pool, link):
            return _page(LogInPage(_own(to), link))
        return _page(LogInPage(_own(to), problem=_NO_LINK), 401)

    @routes.post(LOG_IN)
    async def log_in(request: Request) -> Response:
        _require_own_page(request.headers)  # or another site could log somebody in as somebody else
        given = _form(await request.body())
        session, problem = await _session(pool, keyring, given)
        if session is None:
            return _page(LogInPage(_own(given.get("to", "/")), problem=problem), 401)
        response = RedirectResponse(_own(given.get("to", "/")), 303)
        set_session(response, request.headers, session.token, int(session.lasts.total_seconds()))
        return response

    @routes.post(LOG_OUT)
    async def log_out(request: Request) -> Response:
        _require_own_page(request.headers)
        if token := session_token(request.headers):
            await keyring.end_session(token)
        response = RedirectResponse(LOG_IN, 303)
        clear_session(response, request.headers)
        return response

    return routes


def _require_own_page(headers: Headers) -> None:
    if not from_own_page(headers):
        raise Denied(403, "other_site", _ELSEWHERE)


async def _session(pool: Pool, keyring: Keyring, given: dict[str, str]) -> tuple[Session | None, str]:
    """With what to say where there is none."""
    if link := given.get("link"):
        return await log_ins.by_link(pool, link), _NO_LINK
    return await log_ins.by_key(pool, keyring, given.get("key", "").strip()), _NO_KEY


def _page(page: LogInPage, status: int = 200) -> HTMLResponse:
    return HTMLResponse(render("log_in.html", page), status)


def _form(body: bytes) -> dict[str, str]:
    """The last value of each field; fields that are too many or not text are no form of ours."""
    try:
        return {name: values[-1] for name, values in parse_qs(body.decode(), max_num_fields=10).items()}
    except ValueError:
        return {}


def _own(address: str) -> str:
    """The address if it is one of this service, or else the board."""
    return address if _OWN_ADDRESS.fullmatch(address) else "/"
