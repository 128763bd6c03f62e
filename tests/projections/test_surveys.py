"""The views of surveys: one row for each asking and for each answer, for any size of batch."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from domain.ids import JourneyId, KitDigest, MentorId, ProgramId, SessionId, SurveyRequestId
from domain.kit import Asking, Kit, Survey
from domain.survey import (
    RESPONDENT,
    About,
    Answer,
    Ask,
    Expire,
    Remind,
    SurveyCommand,
    request_id,
    respondent_id,
    respondent_stream,
)
from projections.views import survey_requests
from queries import surveys
from store import sequencer
from store.database import Pool
from store.transact import transact
from tests.projections.stories import AT, DAY, KIT, publish
from tests.support.following import in_batches_of, show

KIT_WITH_SURVEYS = Kit.model_validate(
    KIT.model_dump(mode="json")
    | {
        "version": "asking",
        "asking": {"least_gap": "0 days", "open_for": "7 days", "reminders": ["3 days"]},
        "surveys": [
            {"id": "old", "title": "Words", "of": "ops", "after": "closing", "questions": ["What should change?"]},
            {
                "id": "typed",
                "title": "Typed",
                "of": "learner",
                "after": "session",
                "questions": [
                    {"id": "sure", "ask": "How sure?", "kind": "scale", "tells": "confidence"},
                    {"id": "clear", "ask": "Clear?", "kind": "yes_no", "tells": "clarity"},
                    {"id": "pace", "ask": "Pace?", "kind": "choice", "options": ["slow", "fast"]},
                    {"id": "why", "ask": "Why?"},
                ],
            },
        ],
    }
)
ASKING = KIT_WITH_SURVEYS.asking or Asking()


def about(number: int) -> About:
    return About(
        program=ProgramId("ready"),
        kit=KitDigest(KIT_WITH_SURVEYS.digest),
        kit_version="asking",
        journey=JourneyId(f"ready.l-{number}"),
        stage="sessions",
        after="session",
        session=SessionId("s1"),
        mentor=MentorId("m-1"),
    )


def survey(name: str) -> Survey:
    return next(one for one in KIT_WITH_SURVEYS.surveys if one.id == name)


def asked(number: int, name: str = "typed", role: str = "learner") -> tuple[SurveyRequestId, Ask]:
    request = request_id(name, JourneyId(f"ready.l-{number}"), "s1", 1)
    person = f"l-{number}" if role == "learner" else "ready"
    respondent = respondent_id("learner" if role == "learner" else "ops", person)
    return request, Ask(request=request, survey=name, respondent=respondent, about=about(number), asking=ASKING)


def told() -> Iterator[tuple[int, Ask, SurveyCommand]]:
    """Days, the asking, and what happens then."""
    answers = {"sure": 8, "clear": True, "pace": "slow", "why": "because of Ada"}
    for number in range(4):
        request, ask = asked(number)
        unless = "paused" if number == 3 else None
        yield number, ask, ask.model_copy(update={"unless": unless})
        if number in (0, 1):
            yield number + 3, ask, Remind(request=request, reminder=1)
        if number == 0:
            yield 4, ask, Answer(request=request, survey=survey("typed"), answers=answers, by="learner:l-0")
        if number == 1:
            yield 8, ask, Expire(request=request)
    request, ask = asked(0, "old", "ops")
    yield 5, ask, ask
    yield 6, ask, Answer(request=request, survey=survey("old"), answers={"question-1": "less"}, by="ops:eva")


@pytest.fixture
async def log(pool: Pool, dsn: str) -> str:
    await publish(pool, KIT_WITH_SURVEYS)
    for days, ask, command in sorted(told(), key=lambda one: one[0]):
        await transact(pool, respondent_stream(ask.respondent), RESPONDENT, command, AT + days * DAY)
    await sequencer.drain(dsn)
    return dsn


@in_batches_of
async def test_each_asking_has_a_row_with_how_it_stands(log: str, pool: Pool, size: int) -> None:
    await show(log, "survey_requests", size)
    rows = {one.request: one for one in await survey_requests.requests(pool, programs=["ready"])}
    assert [(one.split("--")[0], rows[one].status) for one in sorted(rows)] == [
        ("ready.l-0", "answered"),
        ("ready.l-0", "answered"),
        ("ready.l-1", "expired"),
        ("ready.l-2", "open"),
        ("ready.l-3", "skipped"),
    ]
    one = rows["ready.l-1--typed.s1--1"]
    assert (one.role, one.respondent, one.session, one.mentor, one.kit_version) == (
        *("learner", "l-1", "s1", "m-1", "asking"),
    )
    assert (one.reminded_at, one.expires_at, one.answered_at) == (AT + 4 * DAY, AT + 8 * DAY, None)
    assert rows["ready.l-3--typed.s1--1"].reason == "paused"
    found = await surveys.form(pool, one.request)
    assert found
    assert (found.survey.id, found.respondent) == ("typed", "learner.l-1")
    assert await surveys.form(pool, "nobody--typed--1") is None
    assert {one.survey.title for one in await surveys.forms(pool, journey="ready.l-0")} == {"Words", "Typed"}


async def test_pages_follow_one_another(log: str, pool: Pool) -> None:
    await show(log, "survey_requests", 5000)
    seen, after = [], None
    while page := await survey_requests.requests(pool, after=after, limit=2):
        seen += [one.request for one in page]
        after = survey_requests.Cursor(page[-1].requested_at, page[-1].request)
    assert len(seen) == len(set(seen)) == 5
    assert [one.status for one in await survey_requests.requests(pool, status="open")] == ["open"]


@in_batches_of
async def test_each_answer_has_a_row_and_its_words_stay_in_the_log(log: str, pool: Pool, size: int) -> None:
    await show(log, "survey_answers", size)
    rows = await pool.fetch(
        "select survey, question, kind, tells, number, scale_least, scale_most, choice, has_text "
        "from views.survey_answers order by 1, 2"
    )
    assert [tuple(one) for one in rows] == [
        ("old", "question-1", "text", None, None, None, None, None, True),
        ("typed", "clear", "yes_no", "clarity", 1, 0, 1, None, False),
        ("typed", "pace", "choice", None, None, None, None, "slow", False),
        ("typed", "sure", "scale", "confidence", 8, 1, 10, None, False),
        ("typed", "why", "text", None, None, None, None, None, True),
    ]
    tables = await pool.fetch("select tablename from pg_tables where schemaname = 'view_survey_answers_1'")
    for table in tables:
        stored = await pool.fetchval(
            f"select string_agg(one::text, '') from view_survey_answers_1.{table['tablename']} as one"  # noqa: S608
        )
        assert "Ada" not in (stored or "")
    awaited = await pool.fetch("select request from view_survey_answers_1.survey_answers_awaited")
    assert [one["request"] for one in awaited] == ["ready.l-2--typed.s1--1"]


async def test_rates_count_those_that_were_answered_among_those_that_are_settled(log: str, pool: Pool) -> None:
    await show(log, "survey_requests", 5000)
    await show(log, "survey_answers", 5000)
    found = await surveys.results(pool, "ready")
    rates = {one.survey: one for one in found.rates}
    typed = rates["typed"]
    assert (typed.asked, typed.answered, typed.open, typed.expired, typed.skipped) == (3, 1, 1, 1, 1)
    assert (typed.rate, typed.reminded, typed.answered_after_reminder) == (0.5, 2, 1)
    assert typed.median_wait == timedelta(days=4)
    assert {(one.question, one.mean, one.choice) for one in found.answers if one.survey == "typed"} == {
        *(("sure", 8.0, None), ("clear", 1.0, None), ("pace", None, "slow"), ("why", None, None)),
    }
    assert (await surveys.results(pool, "ready", since=AT + 90 * DAY)).rates == []
