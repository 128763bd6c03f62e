"""Complaints: low answers with words beside them, and what was done about each. All of it is personal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from asyncpg import Record
from pydantic_core import from_json

from domain.complaint import Standing
from domain.ids import CaseId, JourneyId, ProgramId, StreamId, SurveyRequestId
from domain.kit import Kit, Survey, SurveyQuestion
from domain.refusal import NotFound
from domain.survey import EVENTS as SURVEY_EVENTS
from domain.survey.events import SurveyAnswered
from projections.reading import View
from projections.sql import query
from store import kits
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog

PERIOD = timedelta(weeks=26)
"""The default: as far back as complaints are listed."""
_VIEWS = View(survey_answers=1, complaints=1)
_MOST_VERSIONS = 200
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class NoSuchComplaint(NotFound):
    def __init__(self, request: str) -> None:
        super().__init__(f"there is no complaint in the answer to {request[:300]!r}; `trellis complaints` lists them")


@dataclass(frozen=True, slots=True)
class AnswerGiven:
    """One question of the survey, and what was said."""

    question: str
    asks: str
    answer: str
    low: bool


@dataclass(frozen=True, slots=True)
class Complaint:
    request: SurveyRequestId
    """Of the survey."""
    survey: str
    journey: JourneyId
    role: str
    """Who complains."""
    mentor: str | None
    """Of the journey then."""
    session: str | None
    stage: str
    answered_at: datetime
    answers: Sequence[AnswerGiven]
    standing: Standing
    case: CaseId | None
    by: str | None
    """Who did the last thing about it."""
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last row of a page."""

    answered_at: datetime
    request: str


class _Low(NamedTuple):
    """A question that can be answered low."""

    version: str
    survey: str
    question: str
    at_most: float
    """The highest answer that is low."""


async def complaints(
    pool: Pool,
    program: ProgramId,
    *,
    standing: Standing | None = None,
    since: datetime | None = None,
    after: Cursor | None = None,
    limit: int = 50,
) -> list[Complaint]:
    """The latest first, those behind `after`. Raises BeingRebuilt."""
    return await _found(pool, program, _Wanted(standing, since or datetime.now(UTC) - PERIOD, after, None, limit))


async def complaint(pool: Pool, program: ProgramId, request: str) -> Complaint:
    """However old it is. Raises NoSuchComplaint, BeingRebuilt."""
    found = await _found(pool, program, _Wanted(None, _EVER, request=request))
    if not found:
        raise NoSuchComplaint(request)
    return found[0]


@dataclass(frozen=True, slots=True)
class _Wanted:
    standing: Standing | None
    since: datetime
    after: Cursor | None = None
    request: str | None = None
    limit: int = 1


async def _found(pool: Pool, program: ProgramId, wanted: _Wanted) -> list[Complaint]:
    versions = await _versions(pool, program)
    low = _low_of(versions.values())
    if not low:
        return []
    behind = (wanted.after.answered_at, wanted.after.request) if wanted.after else (None, None)
    rows = await _VIEWS.fetch(
        pool,
        query("complaints_list"),
        *(program, [one.version for one in low], [one.survey for one in low], [one.question for one in low]),
        *([one.at_most for one in low], wanted.standing, *behind),
        *(wanted.since, wanted.request, wanted.limit),
    )
    said = await _answers(pool, rows)
    return [_complaint(row, versions, said) for row in rows]


async def _versions(pool: Pool, program: str) -> Mapping[str, Kit]:
    """The kits of the program, by the name of the version: the latest of them."""
    known = await kits.versions(pool, program, _MOST_VERSIONS)
    return {one.version: await kits.load(pool, one.digest) for one in known}


def _low_of(versions: Iterable[Kit]) -> list[_Low]:
    return [
        _Low(kit.version, survey.id, question.id, at_most)
        for kit in versions
        for survey in kit.surveys
        for question in survey.questions
        if (at_most := lowest_part(question, kit.evidence.low)) is not None
    ]


def lowest_part(question: SurveyQuestion, low: float) -> float | None:
    """The highest answer that is low. None: none is. A no is low where the question tells something of the program."""
    if question.kind == "scale":
        return question.least + low * (question.most - question.least)
    return 0.0 if question.kind == "yes_no" and question.tells else None


async def _answers(pool: Pool, rows: Sequence[Record]) -> Mapping[str, Mapping[str, object]]:
    """What was answered, with its words, by request."""
    streams = await EventLog(pool).read_streams(StreamId(row["stream"]) for row in rows)
    codec = Codec(SURVEY_EVENTS)
    events = (one for recorded in streams.values() for one in codec.decode_known(recorded))
    return {one.request: one.answers for one in events if isinstance(one, SurveyAnswered)}


def _complaint(row: Record, versions: Mapping[str, Kit], said: Mapping[str, Mapping[str, object]]) -> Complaint:
    numbers: Mapping[str, float] = from_json(row["numbers"])
    survey = _survey(versions, row)
    answers = [
        AnswerGiven(question, _asks(survey, question), _in_words(answer), question in numbers)
        for question, answer in said.get(row["request"], {}).items()
    ]
    return Complaint(
        request=row["request"],
        survey=row["survey"],
        journey=row["journey"],
        role=row["role"],
        mentor=row["mentor"],
        session=row["session"],
        stage=row["stage"],
        answered_at=row["answered_at"],
        answers=answers,
        standing=row["standing"],
        case=row["case_id"],
        by=row["by"],
        at=row["at"],
    )


def _survey(versions: Mapping[str, Kit], row: Record) -> Survey | None:
    kit = versions.get(row["kit_version"])
    return next((one for one in kit.surveys if one.id == row["survey"]), None) if kit else None


def _asks(survey: Survey | None, question: str) -> str:
    found = survey.question(question) if survey else None
    return found.ask if found else question


def _in_words(answer: object) -> str:
    match answer:
        case bool():
            return "yes" if answer else "no"
        case float():
            return f"{answer:g}"
        case _:
            return str(answer)
