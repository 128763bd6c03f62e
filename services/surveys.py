"""The forms that people were asked to fill in, and their answers: by a link, by the API, or for somebody by ops."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from domain.ids import LearnerId, RespondentId, SurveyRequestId, journey_stream
from domain.journey.events import JourneyStarted
from domain.kit import Kit, Survey, SurveyAnswer
from domain.refusal import NotFound
from domain.survey import RESPONDENT, Answer, Request, person_of, respondent_stream
from projections.journeys import JOURNEY_CODEC
from store import kits, people
from store.database import Pool
from store.errors import Detached, MissingKit
from store.event_log import EventLog
from store.people import Person
from store.respondents import read_request
from store.transact import given, transact


class NoSuchSurvey(NotFound):
    """Nobody was asked this."""

    def __init__(self, request: str) -> None:
        super().__init__(f"there is no survey request {request!r}; `trellis surveys list` shows what was asked")


class JourneyGone(NotFound):
    """What the survey is about is no longer kept."""

    def __init__(self, request: str) -> None:
        super().__init__(f"the journey that the survey request {request!r} is about is no longer in the log")


@dataclass(frozen=True, slots=True)
class Form:
    """What one person was asked, in the words that the kit had then, and what became of it."""

    request: SurveyRequestId
    respondent: RespondentId
    learner: LearnerId
    """Whose journey it is about."""
    survey: Survey
    kit: Kit
    asked: Request


@dataclass(frozen=True, slots=True)
class Parties:
    """Who is who in a form, as far as they are known."""

    respondent: Person | None
    """None for ops, who are several."""
    mentor: Person | None
    learner: Person | None


async def form_of(pool: Pool, respondent: RespondentId, request: SurveyRequestId) -> Form:
    """From the log, so that it is there as soon as the person was asked.

    Raises:
        NoSuchSurvey: when this person was never asked it.
        JourneyGone: when the journey that it is about, or its kit, is no longer kept.
    """
    asked = (await read_request(pool, respondent, request, datetime.now(UTC))).state.requests.get(request)
    if asked is None:
        raise NoSuchSurvey(request)
    try:
        learner = await _learner_of(pool, asked)
        kit = await kits.load(pool, asked.about.kit)
    except (Detached, MissingKit):
        raise JourneyGone(request) from None
    survey = next((one for one in kit.surveys if one.id == asked.survey), None)
    if learner is None or survey is None:
        raise JourneyGone(request)
    return Form(request, respondent, learner, survey, kit, asked)


async def _learner_of(pool: Pool, asked: Request) -> LearnerId | None:
    first = await EventLog(pool).read_stream(journey_stream(asked.about.journey), limit=1)
    events = JOURNEY_CODEC.decode_known(first)
    return events[0].learner if events and isinstance(events[0], JourneyStarted) else None


async def answer(pool: Pool, form: Form, answers: Mapping[str, SurveyAnswer], by: str, at: datetime) -> bool:
    """Records the answers. False: these very answers were recorded before. Raises Rejected."""
    command = Answer(request=form.request, survey=form.survey, answers=answers, by=by)
    stream, known = respondent_stream(form.respondent), await read_request(pool, form.respondent, form.request, at)
    done = await transact(pool, stream, RESPONDENT, command, at, meta=given(command), known=known)
    return bool(done.events)


async def parties(pool: Pool, form: Form) -> Parties:
    role, person = person_of(form.respondent)
    mentor = form.asked.about.mentor
    known = await people.by_ids(pool, [one for one in (person, mentor, form.learner) if one])
    return Parties(
        respondent=known.get(person) if role != "ops" else None,
        mentor=known.get(mentor) if mentor else None,
        learner=known.get(form.learner),
    )
