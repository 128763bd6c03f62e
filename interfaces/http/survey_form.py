"""The form of a survey, for whoever has its link: no account, no script.

Following a link changes nothing, because mail programs and browsers open links by themselves; sending the form does.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import Headers

from domain.access import Caller, KeyRole
from domain.ids import RespondentId, SurveyRequestId
from domain.kit.surveys import QUESTIONS_AT_MOST
from domain.origin import Origin, coming_from
from domain.refusal import Rejected
from domain.survey import person_of, require_open
from domain.survey.links import AlteredLink, SurveyLink
from interfaces.http.cookies import session_token
from interfaces.http.pages.rendering import render
from interfaces.http.pages.survey import Words, answers_in, moment, page_of, problems_in
from services import surveys
from services.keys import Keyring
from services.survey_links import PAGE, SurveyLinks
from services.surveys import Form, JourneyGone, NoSuchSurvey, Parties
from store.database import Pool
from store.people import zone_of

_FIELDS_AT_MOST = 2 * QUESTIONS_AT_MOST


@dataclass(frozen=True, slots=True)
class _Opened:
    """A form that can be filled in."""

    form: Form
    who: Parties
    caller: Caller | None
    """Who has logged in with this browser."""

    @property
    def is_respondent(self) -> bool:
        """Whoever has a link and has not logged in is the one it was sent to."""
        caller = self.caller
        if caller is None:
            return True
        role, person = person_of(self.form.respondent)
        return role == "ops" if caller.role is KeyRole.OPS else (role, person) == ("mentor", caller.mentor)

    @property
    def answers_as(self) -> str:
        """Whose answer it is, for the record."""
        role, person = person_of(self.form.respondent)
        if role == "ops":
            return self.caller.actor if self.caller else role
        return f"{role}:{person}"


class _Refused(Exception):
    """The link leads to no form that can be filled in. Said in words, on a page of its own."""

    def __init__(self, status: int, title: str, *paragraphs: str) -> None:
        super().__init__(title)
        self.status = status
        self.words = Words(title, paragraphs)


def router(pool: Pool, links: SurveyLinks, keyring: Keyring | None) -> APIRouter:
    """Without `keyring`, nobody can have logged in."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @routes.get(f"{PAGE}{{token}}")
    async def survey_form(token: str, request: Request) -> Response:
        try:
            opened = await _opened(token, request.headers)
        except _Refused as refused:
            return _words(refused)
        looking = None if opened.is_respondent or opened.caller is None else _looking(opened.caller)
        return _page("survey.html", page_of(opened.form, opened.who, {}, {}, looking))

    @routes.post(f"{PAGE}{{token}}")
    async def send_survey(token: str, request: Request) -> Response:
        given, twice = _fields(await request.body())
        try:
            return await _sent(token, given, twice, request)
        except _Refused as refused:
            return _words(refused)

    @routes.get(f"{PAGE}{{token}}/thanks")
    async def survey_thanks(token: str) -> Response:
        try:
            form = await _form(await _link(token))
        except _Refused as refused:
            return _words(refused)
        if form.asked.standing != "answered":
            return RedirectResponse(f"{PAGE}{token}", 303)
        return _page("survey_words.html", _thanks(form))

    async def _sent(token: str, given: Mapping[str, str], twice: Collection[str], request: Request) -> Response:
        form = await _form(await _link(token))
        answers = answers_in(form, given)
        if form.asked.standing == "answered" and answers == form.asked.answers and not twice:
            return RedirectResponse(f"{PAGE}{token}/thanks", 303)  # the button was pressed twice
        opened = await _opened(token, request.headers)
        if not opened.is_respondent:
            raise _somebody_else(opened.caller)
        if problems := problems_in(form, answers, twice):
            return _page("survey.html", page_of(form, opened.who, given, problems), 422)
        with coming_from(Origin(actor="link", channel="page", correlation=request.state.id)):
            await _record(opened, answers)
        return RedirectResponse(f"{PAGE}{token}/thanks", 303)

    async def _record(opened: _Opened, answers: Mapping[str, str | float | bool]) -> None:
        try:
            await surveys.answer(pool, opened.form, answers, opened.answers_as, datetime.now(UTC))
        except Rejected as rejected:  # somebody was faster, or the time ran out meanwhile
            form = await surveys.form_of(pool, opened.form.respondent, opened.form.request)
            raise _closed(form, opened.who, rejected.code) from None

    async def _opened(token: str, headers: Headers) -> _Opened:
        form = await _form(await _link(token))
        who = await surveys.parties(pool, form)
        caller = await _caller(headers)
        opened = _Opened(form, who, caller)
        if caller and caller.role is not KeyRole.OPS and not opened.is_respondent:
            raise _somebody_else(caller)
        if caller and not caller.may_use(form.asked.about.program):
            raise _somebody_else(caller)
        try:
            require_open(form.asked, datetime.now(UTC))
        except Rejected as rejected:
            raise _closed(form, who, rejected.code) from None
        return opened

    async def _form(link: SurveyLink) -> Form:
        try:
            respondent = RespondentId(f"{link.role}.{link.respondent}")
            return await surveys.form_of(pool, respondent, SurveyRequestId(link.request))
        except NoSuchSurvey:
            raise _Refused(*_NOT_KNOWN) from None
        except JourneyGone:
            raise _Refused(*_GONE) from None

    async def _link(token: str) -> SurveyLink:
        try:
            return await links.read(token)
        except AlteredLink:
            raise _Refused(*_ALTERED) from None

    async def _caller(headers: Headers) -> Caller | None:
        found = session_token(headers)
        return await keyring.caller_of_session(found) if keyring and found else None

    return routes


_ASK = "If you need help, answer the letter that brought you here, or write to the people who run your program."
_ALTERED = (
    404,
    "This link does not work",
    "It is not complete, or it was changed on its way, so it leads to no form. Open it from the letter again, or copy "
    "it from there whole, up to the last character.",
    _ASK,
)
_NOT_KNOWN = (
    410,
    "There is no such survey any more",
    "The link is a real one, but the survey that it leads to is not kept here.",
    _ASK,
)
_GONE = (
    410,
    "What this survey is about is no longer kept",
    "The records of this journey have been moved away, so there is nothing left to answer. Thank you all the same.",
    _ASK,
)


def _closed(form: Form, who: Parties, code: str) -> _Refused:
    zone, asked = zone_of(who.respondent), form.asked
    if code == "survey_answered":
        when = f" on {moment(asked.answered_at, zone)}" if asked.answered_at else ""
        return _Refused(
            410,
            "You have answered this survey",
            f"Your answers came in{when}. Thank you. Each survey is answered once, so this link has done its work.",
            "If something in your answers needs correcting, write to the people who run your program.",
        )
    if code == "survey_expired":
        until = f" until {moment(asked.expires_at, zone)}" if asked.expires_at else ""
        return _Refused(
            410,
            "This survey is closed",
            f"It could be answered{until}. Nothing is expected of you any more.",
            "If there is something that you want to say, write to the people who run your program.",
        )
    return _Refused(410, "This survey was not sent", "It was left out, so there is nothing to answer.", _ASK)


def _somebody_else(caller: Caller | None) -> _Refused:
    actor = caller.actor if caller else "somebody else"
    return _Refused(
        403,
        "This link is for somebody else",
        f"You are logged in as {actor}, and this survey was sent to another person. Their answers are theirs alone.",
        "If the link was sent to you, log out first, or open it in a private window.",
    )


def _looking(caller: Caller) -> str:
    return (
        f"You are logged in as {caller.actor}, and this survey was sent to another person. You see what they see; what "
        "you send here is refused. To record what somebody told you, use `trellis surveys answer`."
    )


def _thanks(form: Form) -> Words:
    return Words(
        "Thank you",
        (
            f"Your answers have arrived: {form.survey.title}, {form.kit.title}.",
            "The people who run the program read them, and tell everybody what they change because of such answers. "
            "You can close this page.",
        ),
    )


def _words(refused: _Refused) -> HTMLResponse:
    return _page("survey_words.html", refused.words, refused.status)


def _page(template: str, page: object, status: int = 200) -> HTMLResponse:
    return HTMLResponse(render(template, page), status)


def _fields(body: bytes) -> tuple[dict[str, str], Collection[str]]:
    """The last value of each field, and the fields that were sent more than once, which no form of ours does; what is
    no form has none."""
    try:
        found = parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=_FIELDS_AT_MOST)
    except ValueError:
        return {}, ()
    times = Counter(name for name, _ in found)
    return dict(found), [name for name, number in times.items() if number > 1]
