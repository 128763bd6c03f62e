"""Errors as answers: a page for a browser, problem JSON (RFC 9457) for everybody else."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Match

from domain.words import sentence
from interfaces.http.cookies import session_token
from interfaces.http.pages.filled_forms import pairs_in
from interfaces.http.pages.reading import reading
from interfaces.http.pages.rendering import render
from interfaces.http.parameters import with_those_known
from kits.problems import Problem as FileProblem
from services.own_pages import PAGE as OWN_PAGE
from services.survey_links import PAGE as SURVEY_PAGE

MEDIA_TYPE = "application/problem+json"
_PAGE, _JSON = "text/html", ("application/json", MEDIA_TYPE)


class Misfit(BaseModel):
    """An invalid parameter."""

    loc: list[str | int]
    """Its location: `query` or `path`, then its name."""
    msg: str
    type: str


class Problem(BaseModel):
    """A problem in the form of RFC 9457. Clients must ignore unknown fields, because more may be added."""

    type: str = "about:blank"
    """`/problems/CODE`, with the codes of docs/contract.md."""
    title: str
    """The standard phrase for the status."""
    status: int
    detail: str
    """What is wrong, and what to do about it."""
    errors: list[Misfit] | None = None
    """For 422: every invalid parameter or field."""
    code: str | None = None
    """What is wrong, for programs: the last part of `type`."""
    data: dict[str, Any] | None = None
    """The values that belong to the code: limits, or names that would be valid."""


_USUAL: Mapping[int, str] = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    421: "host_not_allowed",
    422: "request_invalid",
    500: "internal_error",
    503: "unavailable",
}
"""The codes of problems that nothing more is to be said about."""


@dataclass(frozen=True, slots=True)
class ProblemPage:
    status: int
    title: str
    detail: str
    errors: Sequence[str]
    logged_in: bool
    """Whether the browser has logged in, and the other pages are of use to it."""
    again: str | None
    """The address to load or to send to again, where that may help."""
    seconds: str
    """In how many; empty where it is not known."""
    by_itself: bool
    """Whether an open page asks again by itself, as for what will be there soon."""
    sent: bool
    """Whether the request was to change something, which may not have been done."""
    held: Sequence[tuple[str, str]]
    """The form that was sent."""


def answer(
    headers: Headers,
    status: int,
    detail: str,
    *,
    errors: list[Misfit] | None = None,
    extra: Mapping[str, str] | None = None,
    code: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> Response:
    """`headers` are those of the request, `extra` those to add to the response. `code` is the problem's type; without
    one, it is told by the status."""
    more = {"Vary": "Accept", **(extra or {})}
    problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors)
    if code := code or _USUAL.get(status):
        problem = problem.model_copy(update={"type": f"/problems/{code}", "code": code, "data": dict(data or {})})
    if prefers_page(headers.get("accept", "")):
        page = _page(problem, more.get("Retry-After", ""), logged_in=session_token(headers) is not None)
        return HTMLResponse(page, status, headers=more)
    return JSONResponse(problem.model_dump(exclude_none=True), status, headers=more, media_type=MEDIA_TYPE)


def _page(problem: Problem, seconds: str, *, logged_in: bool) -> str:
    request, later = reading().request, problem.status == _LATER
    sent = later and request is not None and request.method not in ("GET", "HEAD")
    page = ProblemPage(
        status=problem.status,
        title=_TITLES.get(problem.status, problem.title),
        detail=_begun(problem.detail),
        errors=list(map(_said, problem.errors or ())),
        logged_in=logged_in,
        again=_address(request) if request and later else None,
        seconds=seconds,
        by_itself=later and not sent and problem.code != _TOO_SLOW,
        sent=sent,
        held=pairs_in(reading().held) if sent else (),
    )
    of_people = request is not None and request.url.path.startswith(OF_PEOPLE)
    return render("own/problem.html" if of_people else "problem.html", page)


def _begun(detail: str) -> str:
    """As a sentence, unless it begins with a name such as `journey.paused`."""
    return sentence(detail) if detail.partition(" ")[0].isalpha() else detail


def _address(request: Request) -> str:
    path = f"/{quote(request.url.path.lstrip('/'))}"  # two slashes would begin the name of another host
    return path + (f"?{request.url.query}" if request.url.query else "")


_LATER = 503
_TOO_SLOW = "took_too_long"
"""It would be as slow again."""
OF_PEOPLE = (OWN_PAGE, SURVEY_PAGE)
"""Pages of those who have no account."""
_TITLES: Mapping[int, str] = {
    403: "You may not do this",
    404: "There is nothing here",
    500: "Something went wrong",
    503: "Not available just now",
}
"""Of pages; for programs there are the standard phrases."""


def prefers_page(accept: str) -> bool:
    """True if HTML is requested by name, and JSON is not preferred to it."""
    wanted = dict(_weighed(accept))
    page = wanted.get(_PAGE, 0.0)
    return page > 0 and page >= max(wanted.get(one, 0.0) for one in _JSON)


def _weighed(accept: str) -> Iterable[tuple[str, float]]:
    for one in accept.lower().split(","):
        media, *parameters = (part.strip() for part in one.split(";"))
        yield media, next((_weight(part[2:]) for part in parameters if part.startswith("q=")), 1.0)


def _weight(written: str) -> float:
    try:
        return float(written)
    except ValueError:
        return 0.0


def answer_errors(app: FastAPI) -> None:
    """Answers the framework's errors: unknown paths and methods, and invalid parameters."""

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> Response:
        code = getattr(error, "code", None)
        extra = {**(error.headers or {}), "Allow": _allowed(request)} if error.status_code == 405 else error.headers
        return answer(request.headers, error.status_code, str(error.detail), extra=extra, code=code)

    @app.exception_handler(RequestValidationError)
    async def not_fitting(request: Request, error: RequestValidationError) -> Response:
        errors = [_misfit(one) for one in with_those_known(request, error.errors())]
        return answer(request.headers, 422, "; ".join(map(_said, errors)), errors=errors)


def _allowed(request: Request) -> str:
    """The methods of all operations with this path; the framework tells those of the first one alone."""
    routes = request.app.routes

    def takes(method: str) -> bool:
        scope = {**request.scope, "method": method}
        return any(one.matches(scope)[0] is Match.FULL for one in routes)

    return ", ".join(filter(takes, ("DELETE", "GET", "PATCH", "POST", "PUT")))


def _misfit(error: Mapping[str, Any]) -> Misfit:
    message = str(error["msg"]).removeprefix("Value error, ")
    return Misfit(loc=list(error["loc"]), msg=message, type=str(error["type"]))


def misfit_in_file(one: FileProblem) -> Misfit:
    """`loc` is `body`, the file, and as far as they are known the line and the field."""
    place = [part for part in (str(one.file), one.line, one.field) if part is not None]
    return Misfit(loc=["body", *place], msg=f"{one.says}; {one.remedy}", type="file")


def _said(one: Misfit) -> str:
    """Leaves out the value, which may be anything and of any length."""
    _where, *name = one.loc
    return f"{'.'.join(map(str, name)) or _where}: {one.msg}"


def describe_errors(routes: Sequence[object]) -> None:
    """Lists in OpenAPI the errors that each route may return."""
    for route in routes:
        if isinstance(route, APIRoute) and route.include_in_schema:
            for status, description in _errors_of(route):
                route.responses.setdefault(status, {"description": description})
            for code, told in route.responses.items():
                if int(code) >= 400:
                    told.setdefault("content", _CONTENT)


def _errors_of(route: APIRoute) -> Iterator[tuple[int, str]]:
    takes = route.dependant.path_params or route.dependant.query_params or route.body_field
    yield 401, "There is no valid API key with the request."
    yield 403, "The role of the key does not allow this."
    if takes:
        yield 404, "There is nothing with this id that the key may use."
        yield 422, "A parameter or a field is invalid; see `errors`."
    if changes := bool((route.methods or set()) - {"GET", "HEAD"}):
        yield 400, "A header or the body cannot be read, or a header is missing."
        yield 409, "Refused as things stand; see `code`. Or the request with this Idempotency-Key is under way."
        yield 412, "The journey has another version than `If-Match` says."
        yield 413, "The request is too large."
    if route.openapi_extra and "requestBody" in route.openapi_extra:
        yield 415, "The body is of a type that is not taken."
    if takes or changes:
        yield 500, "This release cannot read the recorded events."
    yield 429, "Too many requests with this key. Try again after `Retry-After` seconds."
    yield 503, "A server is unavailable, or a view is being built. Try again after `Retry-After` seconds."


def _schema() -> dict[str, Any]:
    """The schema without references, because a response in OpenAPI cannot add components to the document."""
    whole = Problem.model_json_schema()
    del whole["$defs"]
    whole["properties"]["errors"] = {"type": "array", "items": Misfit.model_json_schema()}
    return whole


_CONTENT = {MEDIA_TYPE: {"schema": _schema()}, _PAGE: {"schema": {"type": "string"}}}
