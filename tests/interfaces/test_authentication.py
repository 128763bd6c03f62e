"""Who calls: keys, the cookies of browsers, and what others make browsers do."""

import json
from collections.abc import AsyncIterator, Mapping
from datetime import timedelta
from typing import Any, cast

import httpx2
import pytest
import structlog
from fastapi import FastAPI, Request
from structlog.testing import capture_logs

from domain.access import KeyRole
from domain.origin import current_origin
from interfaces.http.authentication import Access, Authentication
from interfaces.http.edge import Edge
from interfaces.http.log_in import router
from interfaces.http.problems import answer_errors
from runtime.embedded.postgres import PostgresServer
from services import keys, log_ins
from services.keys import Keyring, KeyWish
from store.database import Pool
from tests.interfaces.calling import ADDRESS, calling, guarded_app, key_of
from tests.support.outages import away

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
OWN_PAGE = {**BROWSER, "Sec-Fetch-Site": "same-origin", "Origin": ADDRESS}


def answering(pool: Pool, access: Access | None = None) -> FastAPI:
    """An operation that says who calls it, and the log-in."""
    access = access or Access(Keyring(pool, seconds=0))
    app = FastAPI()

    @app.api_route("/caller", methods=["GET", "POST"])
    async def caller(request: Request) -> dict[str, Any]:
        origin = current_origin()
        assert origin
        return {"key": request.state.caller.key, **origin.model_dump()}

    @app.get("/metrics")
    async def metrics() -> str:
        return "up 1"

    app.include_router(router(pool, access.keyring))
    app.add_middleware(Authentication, access=access)
    app.add_middleware(Edge)
    answer_errors(app)
    return app


@pytest.fixture
async def anybody(pool: Pool) -> AsyncIterator[httpx2.AsyncClient]:
    async with calling(answering(pool), None) as client:
        yield client


@pytest.fixture
async def key(pool: Pool) -> str:
    return await key_of(pool, KeyRole.OPS)


def bearing(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


async def test_without_a_key_there_is_health_alone(pool: Pool) -> None:
    async with calling(guarded_app(pool, cast("Any", None)), None) as anybody:
        for path in ("/livez", "/readyz", "/log-in"):
            assert (await anybody.get(path)).status_code == 200, path
        for path in ("/", "/metrics", "/openapi.json", "/v1/counts", "/api/counts", "/nowhere", "/livez/", "//livez"):
            refused = await anybody.get(path)
            assert (refused.status_code, refused.json()["type"]) == (401, "/problems/key_required"), path
            assert refused.headers["www-authenticate"].startswith("Bearer")


async def test_every_way_to_have_no_valid_key_gets_the_same_answer(
    pool: Pool, anybody: httpx2.AsyncClient, key: str
) -> None:
    revoked = await keys.make(pool, KeyWish("gone", KeyRole.OPS, "ops"), by="test")
    await keys.revoke(pool, revoked.key_id, by="test")
    presented = ("Bearer", "Bearer nonsense", f"Basic {key}", key, f"Bearer {key}0", f"Bearer {revoked.text}", "\xff")
    answers = [await anybody.get("/caller", headers=[(b"Authorization", one.encode())]) for one in presented]
    answers.append(await anybody.get("/caller"))
    assert {(one.status_code, one.text) for one in answers} == {(401, answers[0].text)}


async def test_a_key_says_who_calls_and_the_origin_keeps_it(anybody: httpx2.AsyncClient, key: str) -> None:
    answer = await anybody.get("/caller", headers={**bearing(key), "X-Request-Id": "lms-7"})
    key_id = keys.id_of(key)
    assert answer.json() == {"key": key_id, "actor": f"key:{key_id}", "channel": "http", "correlation": "lms-7"}
    assert answer.headers["x-request-id"] == "lms-7"


async def test_a_key_is_also_the_password_of_http_basic_for_reading(anybody: httpx2.AsyncClient, key: str) -> None:
    """Calendars send nothing else; browsers may send it by themselves."""
    assert (await anybody.get("/caller", auth=("calendar", key))).status_code == 200
    assert (await anybody.get("/caller", auth=(key, ""))).status_code == 401
    assert (await anybody.get("/caller", headers={"Authorization": "Basic ?"})).status_code == 401
    assert (await anybody.post("/caller", auth=("calendar", key))).status_code == 403


async def test_an_id_that_cannot_be_one_is_replaced(anybody: httpx2.AsyncClient) -> None:
    for given in ("", "a b", "x" * 65, "<script>"):
        said = (await anybody.get("/caller", headers={"X-Request-Id": given})).headers["x-request-id"]
        assert len(said) == 32 and said != given


async def test_metrics_are_open_by_a_setting(pool: Pool) -> None:
    async with calling(answering(pool, Access(Keyring(pool), open_metrics=True)), None) as client:
        assert (await client.get("/metrics")).status_code == 200
        assert (await client.get("/caller")).status_code == 401


async def test_while_postgres_is_away_nobody_is_let_in(postgres: PostgresServer, pool: Pool, key: str) -> None:
    async with calling(answering(pool), key) as client, away(postgres, pool):
        assert (await client.get("/caller")).status_code == 503


async def test_a_fault_of_our_own_is_logged_and_told_under_the_id_of_the_request(pool: Pool, key: str) -> None:
    app = guarded_app(pool, cast("Any", None))

    @app.get("/broken")
    async def broken() -> None:
        raise ZeroDivisionError("the inside")

    async with calling(app, key) as client:
        with capture_logs([structlog.contextvars.merge_contextvars]) as lines:
            failed = await client.get("/broken")
    (line,) = (one for one in lines if one["event"] == "request_failed")
    assert (failed.status_code, line["request"] in failed.json()["detail"]) == (500, True)
    assert failed.headers["x-request-id"] == line["request"] and isinstance(line["exc_info"], ZeroDivisionError)
    assert "inside" not in failed.text and failed.headers["x-frame-options"] == "DENY"


async def test_no_key_is_logged(anybody: httpx2.AsyncClient, key: str) -> None:
    with capture_logs() as lines:
        await anybody.get("/caller", headers=bearing(key))
        await log_in(anybody, key=key)
    assert key not in json.dumps(lines, default=str)


# Browsers


async def log_in(client: httpx2.AsyncClient, headers: Mapping[str, str] = OWN_PAGE, **given: str) -> httpx2.Response:
    return await client.post("/log-in", data=given, headers=headers)


async def test_a_browser_is_sent_to_the_log_in_and_back(anybody: httpx2.AsyncClient, key: str) -> None:
    sent = await anybody.get("/funnel?program=ready", headers=BROWSER)
    assert (sent.status_code, sent.headers["location"]) == (303, "/log-in?to=%2Ffunnel%3Fprogram%3Dready")
    page = await anybody.get(sent.headers["location"], headers=BROWSER)
    assert 'value="/funnel?program=ready"' in page.text
    assert "setInterval" not in page.text, "or it would empty the field while somebody types"
    done = await log_in(anybody, key=f" {key}\n", to="/funnel?program=ready")
    assert (done.status_code, done.headers["location"]) == (303, "/funnel?program=ready")
    known = (await anybody.get("/caller")).json()
    assert (known["key"], known["channel"]) == (keys.id_of(key), "page")


async def test_the_cookie_is_strict(anybody: httpx2.AsyncClient, key: str) -> None:
    plain = (await log_in(anybody, key=key)).headers["set-cookie"].lower()
    assert plain.startswith("trellis-8600=") and "samesite=strict" in plain and "httponly" in plain
    assert "secure" not in plain and "max-age=43200" in plain and key not in plain
    behind = {**OWN_PAGE, "Origin": ADDRESS.replace("http:", "https:")}
    encrypted = (await log_in(anybody, behind, key=key)).headers["set-cookie"].lower()
    assert encrypted.startswith("__host-trellis=") and "secure" in encrypted and "path=/" in encrypted


async def test_nobody_is_sent_elsewhere_after_the_log_in(anybody: httpx2.AsyncClient, key: str) -> None:
    for to in ("//evil.example", "/\\evil.example", "https://evil.example", "", "/a\r\nSet-Cookie: a=b"):
        assert (await log_in(anybody, key=key, to=to)).headers["location"] == "/", to


async def test_what_does_not_log_in(anybody: httpx2.AsyncClient, key: str) -> None:
    wrong: list[dict[str, str]] = [{"key": key[:-1]}, {"key": ""}, {}, {"link": "nonsense"}, {"link": ""}]
    for given in wrong:
        refused = await anybody.post("/log-in", data=given, headers=OWN_PAGE)
        assert (refused.status_code, "set-cookie" in refused.headers) == (401, False), given
    broken = await anybody.post("/log-in", content=b"\xff=&" * 50, headers=OWN_PAGE)
    assert broken.status_code == 401


async def test_a_link_logs_in_once_and_not_by_being_opened(pool: Pool, anybody: httpx2.AsyncClient, key: str) -> None:
    key_id = keys.id_of(key)
    assert key_id
    link = await log_ins.make_link(pool, key_id, timedelta(minutes=1))
    address = log_ins.address("", link)
    for _ in range(2):
        assert (await anybody.get(address, headers=BROWSER)).status_code == 200
    assert (await log_in(anybody, link=link)).status_code == 303
    assert (await anybody.get("/caller")).json()["key"] == key_id
    assert (await anybody.get(address, headers=BROWSER)).status_code == 401
    assert (await log_in(anybody, link=link)).status_code == 401
    late = await log_ins.make_link(pool, key_id, timedelta(0))
    assert (await log_in(anybody, link=late)).status_code == 401


async def test_a_session_ends_with_the_log_out_and_with_its_key(
    pool: Pool, anybody: httpx2.AsyncClient, key: str
) -> None:
    await log_in(anybody, key=key)
    cookie = {"Cookie": f"trellis-8600={anybody.cookies['trellis-8600']}"}
    assert (await anybody.post("/log-out", headers=OWN_PAGE)).headers["location"] == "/log-in"
    assert (await anybody.get("/caller", headers=cookie)).status_code == 401, "also with a copy of the cookie"

    await log_in(anybody, key=key)
    assert (await anybody.get("/caller")).status_code == 200
    await keys.revoke(pool, keys.id_of(key) or "", by="test")
    assert (await anybody.get("/caller")).status_code == 401


OWN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "same-origin"},
    {"Origin": ADDRESS},
    {"Origin": ADDRESS.replace("http:", "https:")},
]
FOREIGN: list[dict[str, str]] = [
    {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:3000"},
    {"Sec-Fetch-Site": "cross-site", "Origin": ADDRESS},
    {"Sec-Fetch-Site": "none"},
    {"Origin": "http://localhost:3000"},
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {},
]


async def test_another_page_changes_nothing_in_the_name_of_who_is_logged_in(
    anybody: httpx2.AsyncClient, key: str
) -> None:
    await log_in(anybody, key=key)
    for says in (*OWN, *FOREIGN):
        assert (await anybody.get("/caller", headers=says)).status_code == 200
        changed = await anybody.post("/caller", headers=says)
        assert changed.status_code == (200 if says in OWN else 403), says
        with_key = await anybody.post("/caller", headers={**says, **bearing(key)})
        assert with_key.status_code == 200, "no browser sends a key by itself"
    for says in FOREIGN:
        refused = [await log_in(anybody, says, key=key), await anybody.post("/log-out", headers=says)]
        assert {(one.status_code, one.json()["type"]) for one in refused} == {(403, "/problems/other_site")}


async def test_a_wrong_key_is_not_made_good_by_a_cookie(anybody: httpx2.AsyncClient, key: str) -> None:
    await log_in(anybody, key=key)
    assert (await anybody.get("/caller", headers={"Authorization": "Bearer nonsense"})).status_code == 401
