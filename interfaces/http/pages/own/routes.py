"""The addresses of people's own pages, below the link that their letters have.

Following a link changes nothing, because mail programs and browsers open links by themselves; sending a form does.
Whoever has the link acts as the person it was sent to. Whoever has logged in as somebody else may look, and no more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, cast

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel

from client.journeys import JourneyClient, NoSuchJourney, NotAnswering, Refused
from domain.access import Caller
from domain.ids import CohortId, JourneyId, MentorId, SessionId
from domain.journey import NamedCommand
from domain.origin import Origin, coming_from
from domain.own_page import AlteredLink, OwnPage
from domain.survey.links import SurveyLink
from domain.values import Frozen
from interfaces.http.cookies import session_token
from interfaces.http.idempotency import RequestIdentity
from interfaces.http.pages.acting import act, payload
from interfaces.http.pages.fields import Form
from interfaces.http.pages.journey.consequences import sentences
from interfaces.http.pages.lateness import Lateness, for_people
from interfaces.http.pages.own import groups, leave
from interfaces.http.pages.own.deeds import deed
from interfaces.http.pages.own.forms import Deed, Impossible
from interfaces.http.pages.own.models import (
    Addresses,
    DeedPage,
    JourneyPart,
    LearnerPage,
    LinkPage,
    MentorPage,
    Moment,
    OneJourneyPage,
    ToDo,
)
from interfaces.http.pages.own.models import Link as PageLink
from interfaces.http.pages.own.parts import (
    group_part,
    learner_part,
    learner_rows,
    mentor_coming,
    mentor_part,
    shared_page,
    survey_todo,
    todo_of,
)
from interfaces.http.pages.reading import reading
from interfaces.http.pages.rendering import render
from interfaces.http.pages.survey import Words
from interfaces.http.v1.commands import answered_in_time
from projections.views import cohorts
from queries.cohorts import roster
from queries.foreseeing import preview
from queries.mentor_journeys import journeys_of_mentor
from queries.own_page import OwnJourney, intake_of, journeys_of_learner, own_journeys, tasks
from queries.own_surveys import open_surveys
from services.keys import Keyring
from services.own_pages import PAGE, OwnPages
from services.sending import send
from services.survey_links import SurveyLinks
from store import people
from store.database import Pool
from store.people import Person, zone_of

_DAYS_AHEAD = 14
_MOST_GROUPS = 20
_VIEWS = frozenset({"board", "cohorts", "survey_requests"})
"""They tell which journeys, groups and surveys there are. What is said of one of these is read from the log."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose page it is, and who looks at it."""

    page: OwnPage
    token: str
    person: Person | None
    caller: Caller | None
    """Who has logged in with this browser."""

    @property
    def to(self) -> Addresses:
        return Addresses(f"{PAGE}{self.token}")

    @property
    def name(self) -> str:
        return self.person.name if self.person else self.page.person

    @property
    def actor(self) -> str:
        return f"{self.page.role}:{self.page.person}"

    @property
    def looked_at_by(self) -> str | None:
        if self.caller is None or self.caller.actor == self.actor:
            return None
        return (
            f"You are logged in as {self.caller.actor}, and this is the page of {self.name}. You see what they see; "
            "what you send here is refused."
        )


class _Holder:
    """In the place of a caller with a key, for what identifies a form that is sent twice."""

    def __init__(self, key: str) -> None:
        self.key = key


class _Refused(Exception):
    """The link leads to nothing that can be shown or done. Said in words, on a page of its own."""

    def __init__(self, status: int, title: str, *paragraphs: str) -> None:
        super().__init__(title)
        self.status = status
        self.words = Words(title, paragraphs)


class _Completed:
    """A kind of command, with what the page itself adds to the fields of its form."""

    def __init__(self, kind: type[BaseModel], extra: Mapping[str, Any]) -> None:
        self._kind, self._extra = kind, extra

    def model_validate(self, given: Mapping[str, Any]) -> BaseModel:
        return self._kind.model_validate({**given, **self._extra})


def router(
    pool: Pool, client: JourneyClient, pages: OwnPages, surveys: SurveyLinks, keyring: Keyring | None
) -> APIRouter:
    """Without `keyring`, nobody can have logged in."""
    routes = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
    lateness = Lateness(pool)

    @routes.get(f"{PAGE}{{token}}")
    async def own_page(token: str, request: Request) -> Response:
        return await _answer(token, request, _index)

    @routes.get(f"{PAGE}{{token}}/link")
    async def own_link(token: str, request: Request) -> Response:
        async def shown(reader: Reader) -> Response:
            until = Moment.of(reader.page.expires_at, datetime.now(UTC))
            return _page("own/link.html", LinkPage(until, _revoking(reader), reader.to.page))

        return await _answer(token, request, shown)

    @routes.post(f"{PAGE}{{token}}/link")
    async def revoke_own_link(token: str, request: Request) -> Response:
        async def revoked(reader: Reader) -> Response:
            await pages.revoke(reader.page.person)
            return _words(_Refused(200, *_REVOKED))

        return await _answer(token, request, revoked, changes=True)

    @routes.api_route(f"{PAGE}{{token}}/leave", methods=["GET", "POST"])
    async def own_leave(token: str, request: Request) -> Response:
        async def planned(reader: Reader) -> Response:
            _require_mentor(reader)
            return await leave.answer(pool, request, MentorId(reader.page.person), reader.to.page)

        return await _answer(token, request, planned, changes=request.method == "POST")

    @routes.api_route(f"{PAGE}{{token}}/groups/{{cohort}}/{{session}}/{{what}}", methods=["GET", "POST"])
    async def own_group(token: str, cohort: CohortId, session: SessionId, what: str, request: Request) -> Response:
        async def taken(reader: Reader) -> Response:
            _require_mentor(reader)
            mentor = MentorId(reader.page.person)
            try:
                met = await groups.met(pool, client, mentor, cohort, session, page=reader.to.page)
                if what == "attendance":
                    return await groups.attendance(request, met)
                return await groups.written(request, met, what)
            except (groups.NotOfGroup, KeyError):
                raise _Refused(*_NOT_THERE) from None
            except Impossible as impossible:
                raise _Refused(*_impossible(impossible)) from None

        return await _answer(token, request, taken, changes=request.method == "POST")

    @routes.get(f"{PAGE}{{token}}/journeys/{{journey}}")
    async def own_journey(token: str, journey: JourneyId, request: Request) -> Response:
        return await _answer(token, request, partial(_journey, journey=journey))

    @routes.get(f"{PAGE}{{token}}/journeys/{{journey}}/shared")
    async def own_shared(token: str, journey: JourneyId, request: Request) -> Response:
        async def shown(reader: Reader) -> Response:
            if reader.page.role != "learner":
                raise _Refused(*_NOT_THERE)
            one = await _one(reader, journey)
            return _page("own/shared.html", shared_page(one, reader.to.page))

        return await _answer(token, request, shown)

    @routes.get(f"{PAGE}{{token}}/journeys/{{journey}}/{{command}}")
    async def own_deed(token: str, journey: JourneyId, command: str, request: Request, of: str = "") -> Response:
        async def shown(reader: Reader) -> Response:
            found = _deed(reader, await _one(reader, journey), command, of)
            return HTMLResponse(_deed_page(reader, found, found.form))

        return await _answer(token, request, shown)

    @routes.post(f"{PAGE}{{token}}/journeys/{{journey}}/{{command}}")
    async def do_own_deed(token: str, journey: JourneyId, command: str, request: Request, of: str = "") -> Response:
        async def sent(reader: Reader) -> Response:
            found = _deed(reader, await _one(reader, journey), command, of)
            kind = _Completed(found.kind, {**(found.extra or {}), "by": reader.actor})

            async def carry_out(given: Frozen, identity: RequestIdentity) -> str:
                return await _send(reader, journey, found, given, identity.derive(command))

            async def again(form: Form) -> str:
                return _deed_page(reader, found, form)

            async def what(given: Frozen) -> Sequence[str]:
                return sentences(await preview(pool, journey, cast("NamedCommand", given)))

            return await act(
                request,
                cast("type[Frozen]", kind),
                found.form,
                carry_out,
                back_to=reader.to.page,
                again=again,
                consequences=what if found.asks_first else None,
                confirm="own/confirm.html",
            )

        return await _answer(token, request, sent, changes=True)

    # Who reads

    async def _answer(token: str, request: Request, shown: Any, *, changes: bool = False) -> Response:
        try:
            reader = await _reader(token, request)
            if changes and reader.looked_at_by:
                raise _Refused(403, *_somebody_else(reader))
            request.state.caller = _Holder(f"link:{reader.page.role}:{reader.page.person}")
            with coming_from(Origin(actor="link", channel="page", correlation=request.state.id)):
                return cast("Response", await shown(reader))
        except _Refused as refused:
            return _words(refused)
        except NoSuchJourney:
            return _words(_Refused(*_NOT_THERE))

    async def _reader(token: str, request: Request) -> Reader:
        try:
            page = await pages.read(token)
        except AlteredLink:
            raise _Refused(*_ALTERED) from None
        if page.expires_at <= datetime.now(UTC):
            raise _Refused(*_EXPIRED)
        person = await people.get(pool, page.person)
        if person and person.time_zone:
            reading().zone = zone_of(person)
        cookie = session_token(request.headers)
        caller = await keyring.caller_of_session(cookie) if keyring and cookie else None
        return Reader(page, token, person, caller)

    # What they see

    async def _index(reader: Reader) -> Response:
        now, zone = datetime.now(UTC), reading().zone.key
        role, person = reader.page.role, reader.page.person
        late = for_people(await lateness.known(), _VIEWS)
        if role == "learner":
            those = await own_journeys(pool, role, person, await journeys_of_learner(pool, person))
            shown = [one for one in those if one.state.closing is None] or those[:1]
            parts = [learner_part(one, person, reader.to, now) for one in shown]
            page: object = LearnerPage(
                name=reader.name,
                zone=zone,
                journeys=parts,
                surveys=await _asked(reader, now),
                link=f"{reader.to.page}/link",
                looked_at_by=reader.looked_at_by,
                late=late,
            )
            return _page("own/learner.html", page)
        ids, left_out = await journeys_of_mentor(pool, MentorId(person))
        those = await own_journeys(pool, role, person, ids)
        led = await cohorts.listed(pool, None, person, closed=False, after=None, limit=_MOST_GROUPS)
        leads = {row.cohort for row in led}
        page = MentorPage(
            name=reader.name,
            zone=zone,
            todo=todo_of((task for one in those for task in tasks(one, role, person, now)), reader.to, now, leads),
            coming=mentor_coming(those, person, reader.to, now, _DAYS_AHEAD),
            groups=[group_part(await roster(pool, cohort), reader.to, now) for cohort in sorted(leads)],
            learners=learner_rows(those, person, reader.to),
            left_out=left_out,
            surveys=await _asked(reader, now),
            deeds=[PageLink(f"{reader.to.page}/leave", "Plan a leave")],
            link=f"{reader.to.page}/link",
            looked_at_by=reader.looked_at_by,
            late=late,
        )
        return _page("own/mentor.html", page)

    async def _asked(reader: Reader, now: datetime) -> list[ToDo]:
        """The surveys that they can answer."""
        role, person = reader.page.role, reader.page.person
        return [
            survey_todo(one, await surveys.link(SurveyLink(one.request, role, person, one.expires_at)), now)
            for one in await open_surveys(pool, role, person, now)
        ]

    async def _journey(reader: Reader, journey: JourneyId) -> Response:
        one = await _one(reader, journey)
        part, title = _part(reader, one)
        about = intake_of(one) if reader.page.role == "mentor" else ()
        page = OneJourneyPage(title, reading().zone.key, part, about, reader.to.page, reader.looked_at_by)
        return _page("own/journey.html", page)

    async def _one(reader: Reader, journey: JourneyId) -> OwnJourney:
        """Raises _Refused for a journey that is not the reader's, as for one that is not there."""
        found = await own_journeys(pool, reader.page.role, reader.page.person, [journey])
        if not found:
            raise _Refused(*_NOT_THERE)
        return found[0]

    async def _send(reader: Reader, journey: JourneyId, found: Deed, given: Frozen, command_id: str) -> str:
        """Raises Refused."""
        content = {**payload(given), "by": reader.actor}
        sent = send(pool, client, journey, found.kind.name, content, command_id=command_id)
        try:
            answer = await answered_in_time(sent, journey)
        except NotAnswering:
            raise Refused(_NOT_SAVED, code="not_answering") from None
        return found.says if answer.events else "This had been recorded already."

    return routes


def _part(reader: Reader, one: OwnJourney) -> tuple[JourneyPart, str]:
    """With the title of its page."""
    now, person = datetime.now(UTC), reader.page.person
    if reader.page.role == "learner":
        return learner_part(one, person, reader.to, now), one.kit.title
    return mentor_part(one, person, reader.to, now), one.other("mentor")


def _require_mentor(reader: Reader) -> None:
    if reader.page.role != "mentor":
        raise _Refused(*_NOT_THERE)


def _deed(reader: Reader, one: OwnJourney, command: str, of: str) -> Deed:
    """Raises _Refused."""
    action = reader.to.deed(one.record.journey, command, of)
    try:
        return deed(one, reader.page.role, command, of, action)
    except KeyError:
        raise _Refused(*_NOT_THERE) from None
    except Impossible as impossible:
        raise _Refused(*_impossible(impossible)) from None


def _impossible(why: Impossible) -> tuple[int, str, str, str]:
    return 409, "This is not possible now", str(why), _BACK


def _deed_page(reader: Reader, found: Deed, form: Form) -> str:
    page = DeedPage(form, found.background, reader.to.page, reading().zone.key, reader.looked_at_by)
    return render("own/deed.html", page)


def _revoking(reader: Reader) -> Form:
    return Form(
        f"{reader.to.page}/link",
        "Make all links to my page invalid",
        button="Make them invalid",
        grave=True,
    )


_ASK = "If you need help, answer the letter that brought you here, or write to the people who run your program."
_BACK = "Your page has what is to be done now: go back to it, or open it from your latest letter."
_NOT_SAVED = (
    "The service could not save this just now. It may be saved in a moment: please send it again in a minute. What you "
    "wrote is still in this page."
)
_ALTERED = (
    404,
    "This link does not work",
    "It is not complete, it was changed on its way, or it was made invalid. Open it from your latest letter, or copy "
    "it from there whole, up to the last character.",
    _ASK,
)
_EXPIRED = (
    410,
    "This link has expired",
    "For your safety, a link works for 60 days. Every letter has a new one: open your page from the latest letter.",
    _ASK,
)
_NOT_THERE = (
    404,
    "There is no such page",
    "Your link is right, and what you looked for is not there.",
    _BACK,
)
_REVOKED = (
    "The links do not work any more",
    "Nobody can open your page with this link or one of those before it. The next letter has a new one.",
    "If you need one at once, write to the people who run your program.",
)


def _somebody_else(reader: Reader) -> tuple[str, str, str]:
    actor = reader.caller.actor if reader.caller else "somebody else"
    return (
        "This page is somebody else's",
        f"You are logged in as {actor}, and what is sent here counts as said by {reader.name}. Nothing was changed.",
        "If the link was sent to you, log out first, or open it in a private window.",
    )


def _words(refused: _Refused) -> HTMLResponse:
    return _page("survey_words.html", refused.words, refused.status)


def _page(template: str, page: object, status: int = 200) -> HTMLResponse:
    return HTMLResponse(render(template, page), status)
