"""`/v1/surveys` and `trellis surveys`: what was asked, forms, answers for somebody, links, and how many answer."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from client.journeys import JourneyClient
from domain.kit import Kit
from projections.runner import catch_up
from runtime.exits import Exit
from store import sequencer
from store.database import Pool
from tests.commands import Trellis
from tests.interfaces.asked import Asked, ask, prepare
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.projections.stories import KIT, publish

ANSWERS = {"confident": 7, "clear": True, "pace": "about right", "change": "More time"}
Call = Callable[..., Awaitable[httpx2.Response]]


@pytest.fixture
async def asked(pool: Pool, dsn: str) -> list[Asked]:
    """Of the learner: one that is open and one that has not been answered in time. Of two mentors, one each."""
    await prepare(pool)
    found = [
        await ask(pool, ago=timedelta(days=8), nth=2),
        await ask(pool),
        await ask(pool, "mentor", "m-1"),
        await ask(pool, "mentor", "m-2", nth=2),
    ]
    await seen(dsn)
    return found


async def seen(dsn: str) -> None:
    """The views have everything."""
    await sequencer.drain(dsn)
    await catch_up(dsn)


@pytest.fixture
def call(pool: Pool, journeys: JourneyClient) -> Call:
    app = guarded_app(pool, journeys, service_url="https://trellis.example.org")

    async def send(key: str, method: str, path: str, **more: Any) -> httpx2.Response:
        async with calling(app, key) as client:
            return await client.request(method, f"/v1{path}", **more)

    return send


async def test_what_was_asked_page_by_page(pool: Pool, asked: list[Asked], call: Call) -> None:
    key = await key_of(pool, "observer")
    first = (await call(key, "GET", "/surveys", params={"limit": 3})).json()
    rest = (await call(key, "GET", "/surveys", params={"limit": 3, "after": first["next"]})).json()
    rows = [*first["rows"], *rest["rows"]]
    assert (len(first["rows"]), rest["next"]) == (3, None)
    assert [one["request"] for one in rows] == [one.request for one in reversed(asked)]
    assert "answers" not in rows[0]
    await publish(pool, Kit.model_validate(KIT.model_dump(mode="json") | {"program": "other"}))
    elsewhere = await key_of(pool, "observer", programs=["other"])
    assert (await call(elsewhere, "GET", "/surveys")).json()["rows"] == []


async def test_what_one_person_was_asked(pool: Pool, asked: list[Asked], call: Call, trellis: Trellis) -> None:
    key = await key_of(pool, "observer")
    for person, found in (("m-1", [asked[2].request]), ("l-1", [asked[1].request, asked[0].request]), ("l-9", [])):
        rows = (await call(key, "GET", "/surveys", params={"respondent": person})).json()["rows"]
        assert [one["request"] for one in rows] == found
    listed = await trellis("surveys", "list", "--respondent", "m-1", "--json")
    assert [one["request"] for one in json.loads(listed.out)] == [asked[2].request]


async def test_links_are_rotated_by_ops_of_all_programs(pool: Pool, asked: list[Asked], call: Call) -> None:
    ops, some = await key_of(pool, "ops"), await key_of(pool, "ops", programs=["ready"])
    path = f"/surveys/{asked[1].request}/link"
    before = (await call(ops, "GET", path)).json()["address"]
    assert (await call(some, "POST", "/surveys/links/rotate", json={})).status_code == 403
    assert (await call(ops, "POST", "/surveys/links/rotate", json={"keep_sent": False})).json() == {"kept": False}
    assert (await call(ops, "GET", path)).json()["address"] != before


async def test_an_answer_for_somebody(pool: Pool, dsn: str, asked: list[Asked], call: Call) -> None:
    key, path = await key_of(pool, "integration"), f"/surveys/{asked[1].request}"
    form = (await call(key, "GET", path)).json()
    assert (form["title"], form["status"], form["respondent"]) == ("Two minutes after the session", "open", "l-1")
    assert [one["kind"] for one in form["questions"]] == ["scale", "yes_no", "choice", "scale", "text"]
    body = {"answers": ANSWERS, "by": "learner:l-1"}
    wrong = await call(key, "POST", f"{path}/answers", json={"answers": ANSWERS | {"confident": 70}})
    assert (wrong.status_code, wrong.json()["data"]) == (422, {"questions": ["confident"]})
    assert (await call(key, "POST", f"{path}/answers", json=body)).json()["new"] is True
    assert (await call(key, "POST", f"{path}/answers", json=body)).json()["new"] is False
    other = await call(key, "POST", f"{path}/answers", json={"answers": {**ANSWERS, "confident": 1}})
    assert (other.status_code, other.json()["code"]) == (409, "survey_answered")
    assert (await call(key, "GET", f"{path}/answers")).status_code == 403, "words are personal"
    said = (await call(await key_of(pool, "ops"), "GET", f"{path}/answers")).json()
    assert said["answers"] == ANSWERS
    await seen(dsn)
    (learner, mentor) = (await call(key, "GET", "/programs/ready/surveys/rates")).json()
    assert (learner["asked"], learner["answered"], learner["rate"], mentor["rate"]) == (2, 1, 1.0, None)


async def test_a_mentor_has_their_own_alone(pool: Pool, asked: list[Asked], call: Call) -> None:
    key = await key_of(pool, "mentor", mentor="m-1")
    _, learners, own, other = asked
    for one in (learners, other):
        for method, path in (("GET", ""), ("GET", "/answers"), ("POST", "/answers")):
            answer = await call(key, method, f"/surveys/{one.request}{path}", json={"answers": {}})
            assert answer.status_code == 404
            assert one.respondent.partition(".")[2] not in answer.text.replace(one.request, "")
    assert (await call(key, "POST", f"/surveys/{own.request}/answers", json={"answers": ANSWERS})).status_code == 200


async def test_a_link_for_somebody(pool: Pool, asked: list[Asked], call: Call) -> None:
    key = await key_of(pool, "ops")
    found = (await call(key, "GET", f"/surveys/{asked[1].request}/link")).json()
    assert found["address"] == f"https://trellis.example.org{asked[1].path}"
    expired = await call(key, "GET", f"/surveys/{asked[0].request}/link")
    assert (expired.status_code, expired.json()["code"]) == (409, "survey_expired")
    assert (await call(key, "GET", "/surveys/nothing/link")).status_code == 404
    assert (await call(key, "GET", "/surveys/%00/link")).status_code in {404, 422}


@pytest.mark.parametrize(
    "answers", [{}, {"x": 1}, {"confident": None}, {"change": "\x00"}, {"confident": 1e999}, [], "a"]
)
async def test_nasty_answers(pool: Pool, asked: list[Asked], call: Call, answers: object) -> None:
    key = await key_of(pool, "ops")
    if answers == {"change": "\x00"}:
        answers = ANSWERS | {"change": "a\x00b"}
    answer = await call(key, "POST", f"/surveys/{asked[1].request}/answers", content=_json({"answers": answers}))
    assert answer.status_code == 422


def _json(value: object) -> bytes:

    return json.dumps(value).encode()


async def test_typed_by_people(trellis: Trellis, dsn: str, asked: list[Asked]) -> None:
    listed = await trellis("surveys", "list", "--json")
    assert [one["request"] for one in listed.json] == [one.request for one in reversed(asked)]
    assert "Ada <b>Brook</b> (learner)" in " ".join((await trellis("surveys", "list")).out.split())
    request = asked[1].request
    link = await trellis("surveys", "link", request)
    assert link.out.strip().endswith(asked[1].path)
    wrong = await trellis("surveys", "answer", request, "confident=eleven", "clear=maybe")
    assert wrong.exit != Exit.OK
    assert "'confident' wants a whole number from 1 to 10" in wrong.err
    done = await trellis(
        "surveys", "answer", request, "confident=7", "clear=yes", "change=More time", "--by", "learner:l-1"
    )
    assert (done.exit, done.out.strip()) == (Exit.OK, "Recorded.")
    again = await trellis("surveys", "answer", request, "confident=7", "clear=yes", "change=More time")
    assert "Nothing changed" in again.out
    shown = " ".join((await trellis("surveys", "show", request)).out.split())
    assert "answered" in shown
    assert "1 to 10" in shown
    await seen(dsn)
    rates = await trellis("surveys", "rates", "ready")
    assert "100 %" in rates.out
    assert (await trellis("surveys", "show", "nothing")).exit != Exit.OK
