"""Surveys: what people were asked, the forms, answers, links, and how many answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi import Path as FromPath
from pydantic import BaseModel, Field, StringConstraints, TypeAdapter

from domain.access import Caller, KeyRole
from domain.ids import ProgramId, RespondentId, SurveyRequestId
from domain.kit import Role, SurveyAnswer, SurveyQuestion
from domain.kit.surveys import QUESTIONS_AT_MOST
from domain.survey import Standing, person_of, require_open
from domain.survey.links import SurveyLink
from domain.values import STORABLE, Day, Deadline, PersonalMark, Truth
from interfaces.http.access import (
    JourneyCommander,
    Operator,
    PersonalJourneyReader,
    PersonalReader,
    Reader,
    require_program,
)
from interfaces.http.v1.cursors import Cursors
from interfaces.http.v1.orders import Order, giver
from interfaces.http.v1.visibility import programs_seen, require_all_programs
from kits.lookup import newest
from projections.views import survey_requests
from projections.views.survey_requests import Cursor, ResponseRate, SurveyRequestRow
from services import surveys
from services.survey_links import SurveyLinks
from services.surveys import Form, NoSuchSurvey
from store.database import Pool

_CURSORS: Cursors[Cursor] = Cursors(Cursor, TypeAdapter(tuple[Deadline, Annotated[str, STORABLE]]))
_Id = Annotated[
    SurveyRequestId,
    FromPath(max_length=620, pattern=r"^[A-Za-z0-9][A-Za-z0-9_.~-]*$", description="the id of the request"),
]
_NOT_OPEN = "It has been answered, or can no longer be; see `code`."
_Text = Annotated[str, StringConstraints(max_length=200), STORABLE]


@dataclass(frozen=True, slots=True)
class SurveyRequestPage:
    rows: list[SurveyRequestRow]
    next: str | None
    """Pass it as `after` to get the next page. Null on the last page."""


@dataclass(frozen=True, slots=True)
class SurveyForm:
    """What somebody is asked, in the words of the kit that the journey followed then."""

    request: str
    survey: str
    title: str
    program: str
    journey: str
    role: Role
    respondent: str
    """The id of the person; of ops, the program."""
    status: Standing
    expires_at: datetime | None
    """Null: it was skipped."""
    questions: Sequence[SurveyQuestion]


@dataclass(frozen=True, slots=True)
class SurveyAnswers:
    request: str
    answers: Mapping[str, SurveyAnswer] | None
    """By question. Null: nobody has answered."""
    answered_at: datetime | None


class GivenAnswers(Order):
    """What the person says. Without `by`, it is recorded that whoever the key is for answered for them."""

    answers: Annotated[Mapping[_Text, SurveyAnswer], PersonalMark(), Field(max_length=2 * QUESTIONS_AT_MOST)]
    """By the id of the question: a number for a scale, true or false for yes and no, one of the options of a choice,
    or a text."""


@dataclass(frozen=True, slots=True)
class SurveyAnsweredNow:
    request: str
    new: bool
    """False: these very answers were recorded before."""


@dataclass(frozen=True, slots=True)
class SurveyAddress:
    request: str
    address: str
    """Whoever has it can answer for the person."""
    expires_at: datetime


class LinkRotation(BaseModel, extra="forbid"):
    keep_sent: Truth = True
    """True: links that were sent stay valid until they expire. False: none of them is, from within a minute on."""


@dataclass(frozen=True, slots=True)
class LinksRotated:
    kept: bool
    """Whether links that were sent stay valid."""


@dataclass(frozen=True, slots=True)
class SurveyRate:
    """Of one survey by one version of a kit."""

    survey: str
    role: Role
    kit_version: str
    asked: int
    """Without those that were skipped."""
    answered: int
    open: int
    expired: int
    skipped: int
    reminded: int
    answered_after_reminder: int
    rate: float | None
    """Of those that were answered or can no longer be. Null: there are none."""
    median_wait: timedelta | None
    """From the asking to the answer, in whole seconds. Null: nobody has answered."""


def router(pool: Pool, links: SurveyLinks) -> APIRouter:
    routes = APIRouter(tags=["surveys"])

    @routes.get("/surveys")
    async def list_survey_requests(
        *,
        caller: Reader,
        program: Annotated[str | None, Query(max_length=200)] = None,
        status: Standing | None = None,
        survey: Annotated[str | None, Query(max_length=200)] = None,
        journey: Annotated[str | None, Query(max_length=300)] = None,
        respondent: Annotated[
            str | None, Query(max_length=300, description="Whom: the id of a person; of ops, the program.")
        ] = None,
        after: Annotated[str | None, Query(max_length=2_000, description="The `next` of the previous page.")] = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> SurveyRequestPage:
        """List what people were asked, the latest first, and how each asking stands. Without the answers."""
        rows = await survey_requests.requests(
            pool,
            programs=programs_seen(caller, program),
            status=status,
            survey=survey,
            journey=journey,
            respondent=respondent,
            after=_CURSORS.read(after),
            limit=limit + 1,
        )
        shown = rows[:limit]
        more = Cursor(shown[-1].requested_at, shown[-1].request) if len(rows) > limit else None
        return SurveyRequestPage(shown, _CURSORS.written(more))

    @routes.get("/surveys/{request}")
    async def get_survey(request: _Id, caller: JourneyCommander) -> SurveyForm:
        """The form: its questions, and until when it can be answered. A mentor has their own."""
        return _form(await _visible(caller, request))

    @routes.get("/surveys/{request}/answers")
    async def get_survey_answers(request: _Id, caller: PersonalJourneyReader) -> SurveyAnswers:
        """What was answered. Personal data. A mentor has their own."""
        asked = (await _visible(caller, request)).asked
        return SurveyAnswers(request, asked.answers, asked.answered_at)

    @routes.post("/surveys/{request}/answers")
    async def answer_survey(request: _Id, body: GivenAnswers, caller: JourneyCommander) -> SurveyAnsweredNow:
        """Answer for the person who was asked, such as what they said on the phone. Each survey is answered once.

        The same answers again change nothing.
        """
        form = await _visible(caller, request)
        by = giver(caller, body.by)
        return SurveyAnsweredNow(request, await surveys.answer(pool, form, body.answers, by, datetime.now(UTC)))

    @routes.get("/surveys/{request}/link", responses={409: {"description": _NOT_OPEN}})
    async def get_survey_link(request: _Id, caller: PersonalReader) -> SurveyAddress:
        """The address of the form, as the letter has it. Give it to the person alone: no account is asked for."""
        form = await _visible(caller, request)
        require_open(form.asked, datetime.now(UTC))
        role, person = person_of(form.respondent)
        assert form.asked.expires_at, "it is open"
        link = SurveyLink(request, role, person, form.asked.expires_at)
        return SurveyAddress(request, await links.link(link), form.asked.expires_at)

    @routes.post("/surveys/links/rotate")
    async def rotate_survey_links(caller: Operator, body: LinkRotation) -> LinksRotated:
        """Sign links with another secret from now on. Of a key for all programs.

        Links of the secret that was replaced before the present one are no longer valid either way.
        """
        require_all_programs(caller)
        await links.rotate(keeping=body.keep_sent)
        return LinksRotated(body.keep_sent)

    @routes.get("/programs/{program}/surveys/rates")
    async def list_survey_rates(
        program: ProgramId,
        caller: Reader,
        since: Annotated[Day | None, Query(description="Asked on or after this day (UTC).")] = None,
        until: Annotated[Day | None, Query(description="Asked before this day (UTC).")] = None,
    ) -> list[SurveyRate]:
        """How many answer, by survey and version of the kit."""
        require_program(caller, program)
        await newest(pool, program)
        begin, end = (datetime(one.year, one.month, one.day, tzinfo=UTC) if one else None for one in (since, until))
        return [_rate(one) for one in await survey_requests.response_rates(pool, program, begin, end)]

    async def _visible(caller: Caller, request: SurveyRequestId) -> Form:
        row = await survey_requests.request(pool, request)
        if row is None or not caller.may_use(row.program) or not _may_answer(caller, row):
            raise NoSuchSurvey(request)
        return await surveys.form_of(pool, RespondentId(f"{row.role}.{row.respondent}"), request)

    return routes


def _may_answer(caller: Caller, row: SurveyRequestRow) -> bool:
    return caller.role is not KeyRole.MENTOR or (row.role == "mentor" and row.respondent == caller.mentor)


def _form(form: Form) -> SurveyForm:
    _, person = person_of(form.respondent)
    return SurveyForm(
        request=form.request,
        survey=form.survey.id,
        title=form.survey.title,
        program=form.asked.about.program,
        journey=form.asked.about.journey,
        role=form.survey.of,
        respondent=person,
        status=form.asked.standing,
        expires_at=form.asked.expires_at,
        questions=form.survey.questions,
    )


def _rate(one: ResponseRate) -> SurveyRate:
    return SurveyRate(
        survey=one.survey,
        role=one.role,
        kit_version=one.kit_version,
        asked=one.asked,
        answered=one.answered,
        open=one.open,
        expired=one.expired,
        skipped=one.skipped,
        reminded=one.reminded,
        answered_after_reminder=one.answered_after_reminder,
        rate=one.rate,
        median_wait=one.median_wait,
    )
