"""The form of a survey: who may fill it in, what is refused and in which words, and what is recorded."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import httpx2
import pytest

from client.journeys import JourneyClient
from domain.ids import JourneyId, SurveyRequestId, journey_stream
from domain.survey import respondent_stream
from domain.survey.links import SurveyLink
from services.survey_links import PAGE, SurveyLinks
from store.database import Pool
from store.event_log import EventLog, RecordedEvent
from tests.interfaces.asked import Asked, ask, prepare
from tests.interfaces.calling import ADDRESS, calling, guarded_app, key_of
from tests.interfaces.visiting import Tables

GIVEN = {
    "answer-confident": "7",
    "answer-clear": "yes",
    "answer-pace": "about right",
    "answer-change": " More\r\ntime ",
}
FORM = {"Accept": "text/html"}


@pytest.fixture
async def anybody(pool: Pool, journeys: JourneyClient) -> AsyncIterator[httpx2.AsyncClient]:
    await prepare(pool)
    async with calling(guarded_app(pool, journeys), None) as client:
        client.headers.update(FORM)
        yield client


async def recorded(pool: Pool, asked: Asked) -> list[RecordedEvent]:
    return await EventLog(pool).read_stream(respondent_stream(asked.respondent))


async def logged_in(client: httpx2.AsyncClient, key: str) -> None:
    answer = await client.post("/log-in", data={"key": key}, headers={"Origin": ADDRESS})
    assert answer.status_code == 303


async def test_whoever_has_the_link_answers_once(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    asked = await ask(pool)
    form = await anybody.get(asked.path)
    assert form.status_code == 200
    assert "Ada &lt;b&gt;Brook&lt;/b&gt;" in form.text
    assert "the session “First meeting” with Max Stone" in form.text
    assert "Your mentor does not see them" in form.text
    sent = await anybody.post(asked.path, data=GIVEN)
    assert (sent.status_code, sent.headers["location"]) == (303, f"{asked.path}/thanks")
    assert "Thank you" in (await anybody.get(f"{asked.path}/thanks")).text
    _, answered = await recorded(pool, asked)
    assert answered.data["answers"] == {"confident": 7, "clear": True, "pace": "about right", "change": "More\ntime"}
    assert answered.meta["by"] == "learner:l-1"
    assert answered.meta["origin"]["channel"] == "page"


async def test_a_link_that_was_used_is_refused_and_a_button_that_was_pressed_twice_is_not(
    anybody: httpx2.AsyncClient, pool: Pool
) -> None:
    asked = await ask(pool)
    first, again = await asyncio.gather(*(anybody.post(asked.path, data=GIVEN) for _ in range(2)))
    assert {first.status_code, again.status_code} <= {303, 410}
    repeated = await anybody.post(asked.path, data=GIVEN)
    assert repeated.status_code == 303
    other = await anybody.post(asked.path, data=GIVEN | {"answer-confident": "1"})
    for one in (other, await anybody.get(asked.path)):
        assert one.status_code == 410
        assert "You have answered this survey" in one.text
    assert [one.type for one in await recorded(pool, asked)] == ["survey.requested", "survey.answered"]


async def test_a_link_that_has_expired(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    asked = await ask(pool, ago=timedelta(days=8))
    for one in (await anybody.get(asked.path), await anybody.post(asked.path, data=GIVEN)):
        assert one.status_code == 410
        assert "This survey is closed" in one.text
        assert "It could be answered until" in one.text
    assert len(await recorded(pool, asked)) == 1


async def test_a_link_that_was_altered(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    asked = await ask(pool)
    other = await ask(pool, "mentor", "m-1")
    body, signature = asked.token.split(".")
    for token in (
        asked.token[:-1],
        f"{other.token.split('.')[0]}.{signature}",
        f"{body}.",
        "x",
        "%00",
        f"{asked.token}%20",
    ):
        for one in (await anybody.get(f"{PAGE}{token}"), await anybody.post(f"{PAGE}{token}", data=GIVEN)):
            assert one.status_code == 404
            assert "This link does not work" in one.text
    assert len(await recorded(pool, asked)) == 1


async def test_a_survey_or_a_journey_that_is_no_longer_there(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    asked = await ask(pool)
    unknown = SurveyLink(SurveyRequestId("nothing"), "learner", "l-1", datetime.fromisoformat("2199-01-01T00:00Z"))
    answer = await anybody.get(await SurveyLinks(pool, "").link(unknown))
    assert (answer.status_code, "no such survey any more" in answer.text) == (410, True)
    somebody = await SurveyLinks(pool, "").link(
        SurveyLink(asked.request, "mentor", "m-1", datetime.fromisoformat("2199-01-01T00:00Z"))
    )
    assert (await anybody.get(somebody)).status_code == 410, "it was never sent to this person"
    await pool.execute("alter table trellis.events disable trigger user")
    await pool.execute("delete from trellis.events where stream = $1", journey_stream_of(asked))
    await pool.execute("delete from trellis.streams where stream = $1", journey_stream_of(asked))
    gone = await anybody.get(asked.path)
    assert (gone.status_code, "no longer kept" in gone.text) == (410, True)


def journey_stream_of(asked: Asked) -> str:
    return journey_stream(JourneyId(asked.request.partition("--")[0]))


async def test_somebody_else_who_has_logged_in(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    asked = await ask(pool, "mentor", "m-1")
    await logged_in(anybody, await key_of(pool, "mentor", mentor="m-2"))
    for one in (await anybody.get(asked.path), await anybody.post(asked.path, data=GIVEN)):
        assert one.status_code == 403
        assert "This link is for somebody else" in one.text
        assert "Max Stone" not in one.text
    assert len(await recorded(pool, asked)) == 1


async def test_the_mentor_themselves_who_has_logged_in(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    asked = await ask(pool, "mentor", "m-1")
    await logged_in(anybody, await key_of(pool, "mentor", mentor="m-1"))
    assert (await anybody.get(asked.path)).status_code == 200
    assert (await anybody.post(asked.path, data=GIVEN)).status_code == 303


async def test_ops_who_have_logged_in_see_the_form_and_cannot_send_it(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    asked = await ask(pool)
    await logged_in(anybody, await key_of(pool, "ops"))
    form = await anybody.get(asked.path)
    assert (form.status_code, "what you send here is refused" in form.text.replace("\n", " ")) == (200, True)
    assert (await anybody.post(asked.path, data=GIVEN)).status_code == 403
    assert len(await recorded(pool, asked)) == 1


async def test_ops_answer_what_ops_are_asked(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    first, second = await ask(pool, "ops", "ready"), await ask(pool, "ops", "ready", nth=2)
    assert (await anybody.post(first.path, data=GIVEN)).status_code == 303
    await logged_in(anybody, await key_of(pool, "ops"))
    form = await anybody.get(second.path)
    assert (form.status_code, "is refused" in form.text) == (200, False)
    assert (await anybody.post(second.path, data=GIVEN)).status_code == 303
    by = [one.meta["by"] for one in await recorded(pool, first) if one.type == "survey.answered"]
    assert by == ["ops", "ops:test"]


async def test_what_was_typed_stays_where_something_is_wrong(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    asked = await ask(pool)
    given = {"answer-confident": "70", "answer-pace": "too fast", "answer-change": "<script>&\n\n more", "x": "y"}
    answer = await anybody.post(asked.path, data=given)
    assert answer.status_code == 422
    assert "It wants a whole number from 1 to 10." in answer.text
    assert "Please answer this question." in answer.text
    assert "&lt;script&gt;&amp;\n\n more</textarea>" in answer.text
    assert 'value="too fast" checked' in answer.text
    assert Tables(answer.text.replace("<input", "<br").replace("<small>;", "")).open == []
    nothing = await anybody.post(asked.path, content=b"\xff\xfe%%%")
    assert (nothing.status_code, "Nothing is answered yet" in nothing.text) == (422, True)
    assert len(await recorded(pool, asked)) == 1


async def test_a_question_that_is_answered_twice_is_refused(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    asked = await ask(pool)
    twice = b"answer-confident=7&answer-clear=yes&answer-clear=no"
    answer = await anybody.post(asked.path, content=twice)
    assert answer.status_code == 422
    assert answer.text.count("It has more than one answer. Please give one.") >= 1
    assert len(await recorded(pool, asked)) == 1


@pytest.mark.parametrize(
    "body", [b"", b"a=" + b"b" * 100_000, b"answer-change=" + b"c" * 5_000, b"&".join([b"a=1"] * 500), b'{"a": 1}']
)
async def test_nasty_forms(anybody: httpx2.AsyncClient, pool: Pool, body: bytes) -> None:
    asked = await ask(pool)
    assert (await anybody.post(asked.path, content=body)).status_code == 422
    assert len(await recorded(pool, asked)) == 1


async def test_what_cannot_be_saved_now_is_kept_in_the_page(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    asked = await ask(pool)
    pool.terminate()
    answer = await anybody.post(asked.path, data=GIVEN)
    assert answer.status_code == 503
    assert 'name="answer-pace" value="about right"' in answer.text


async def test_thanks_come_after_the_answers(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    asked = await ask(pool)
    answer = await anybody.get(f"{asked.path}/thanks")
    assert (answer.status_code, answer.headers["location"]) == (303, asked.path)


async def test_other_host_names_are_refused_here_too(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    asked = await ask(pool)
    assert (await anybody.get(asked.path, headers={"Host": "evil.example"})).status_code == 421
    page = await anybody.get(asked.path)
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


async def test_no_other_page_is_opened_by_a_link(anybody: httpx2.AsyncClient, pool: Pool) -> None:
    asked = await ask(pool)
    for path in ("/surveys", f"/v1{asked.path}", f"{PAGE}../v1/journeys"):
        assert (await anybody.get(path)).status_code in {303, 404}
