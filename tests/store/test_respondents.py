"""What is read of a person for one asking: what a whole reading would say of it, however much there is beside it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from domain.ids import RespondentId, SurveyRequestId
from domain.kit import Asking, Survey
from domain.survey import RESPONDENT, About, Answer, Ask, SurveyEvent, respondent_stream
from store.database import Pool, query
from store.respondents import read_request
from store.transact import read, transact

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
OPS = RespondentId("ops.ready")
STREAM = respondent_stream(OPS)
SURVEY = Survey.model_validate({"id": "end", "title": "End", "of": "ops", "after": "closing", "questions": ["Why?"]})
ASKING = Asking.model_validate({"least_gap": "1 day", "most": 2, "within": "30 days"})


def request(number: int) -> SurveyRequestId:
    return SurveyRequestId(f"ready.l-{number}--end--1")


async def ask(pool: Pool, number: int, at: datetime) -> Sequence[SurveyEvent]:
    about = About.model_validate(
        {"program": "ready", "kit": "0" * 64, "kit_version": "1", "journey": f"ready.l-{number}", "stage": "closed"}
    )
    command = Ask(request=request(number), survey="end", respondent=OPS, about=about, asking=ASKING)
    known = await read_request(pool, OPS, request(number), at)
    return (await transact(pool, STREAM, RESPONDENT, command, at, known=known)).events


async def test_an_asking_is_decided_by_a_few_events_as_by_all(pool: Pool) -> None:
    for number in range(60):
        await ask(pool, number, NOW + number * timedelta(hours=1))
    answer = Answer(request=request(0), survey=SURVEY, answers={"question-1": "Time"}, by="ops")
    await transact(pool, STREAM, RESPONDENT, answer, NOW + timedelta(hours=2))
    whole = await read(pool, STREAM, RESPONDENT)
    asked = {name for name, one in whole.state.requests.items() if one.standing != "skipped"}
    assert (whole.version, asked) == (61, {request(0), request(24)})
    for number in (0, 24, 30, 59, 99):
        known = await read_request(pool, OPS, request(number), NOW + timedelta(days=3))
        assert known.version == 61
        assert known.state.asked_at == whole.state.asked_at
        assert known.state.requests.get(request(number)) == whole.state.requests.get(request(number))
        assert set(known.state.requests) <= asked | {request(number)}
    assert not await ask(pool, 30, NOW + timedelta(days=40)), "an asking is never repeated"


async def test_it_finds_them_by_indexes(pool: Pool) -> None:
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("set local enable_seqscan = off")
        rows = await connection.fetch(f"explain {query('survey_asked')}", STREAM, request(1), NOW, 10)
    plan = "\n".join(row[0] for row in rows)
    assert "Seq Scan" not in plan
