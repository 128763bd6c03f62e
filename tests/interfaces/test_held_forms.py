"""What pages say while something is away, and what they hold of a form that was sent meanwhile."""

import json
import re
from html import unescape
from urllib.parse import urlencode
from uuid import uuid4

import httpx2
import pytest
from structlog.testing import capture_logs
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from runtime.embedded.postgres import PostgresServer
from store.database import Pool
from tests.interfaces.asked import ask
from tests.interfaces.calling import ADDRESS, calling, guarded_app, key_of
from tests.projections.upgraded import half_build, leave_old_board
from tests.support.outages import away
from tests.support.own_pages import own_page

_PAGE = {"Accept": "text/html", "Origin": ADDRESS}
_WORDS = 'First line, with "quotes" & <b>.\r\nSecond line: ä, 日'


def typed() -> list[tuple[str, str]]:
    return [("zone", "Asia/Tokyo"), ("once", uuid4().hex), ("notes", _WORDS), ("zone", "again"), ("nothing", "")]


def body_of(pairs: list[tuple[str, str]]) -> bytes:
    return urlencode(pairs).encode()


def held_in(page: str) -> list[tuple[str, str]]:
    """The fields of the form of a page, as a browser sends them: it begins each line with the same two characters."""
    assert page.count("<button>Send again</button>") == 1
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return [(name, re.sub("\r?\n", "\r\n", unescape(value))) for name, value in found]


async def test_a_form_that_was_sent_while_postgres_is_away_is_in_the_page(
    pool: Pool, temporal: WorkflowEnvironment, postgres: PostgresServer
) -> None:
    """To the byte, or the second time would not be known as a repeat of the first."""
    key = await key_of(pool, "ops")
    own = await own_page(pool, "mentor", "m-1")
    survey = (await ask(pool)).path
    app = guarded_app(pool, JourneyClient(temporal.client))
    async with calling(app, None) as client:
        client.headers.update({**_PAGE, "Content-Type": "application/x-www-form-urlencoded"})
        assert (await client.post("/log-in", content=body_of([("key", key)]))).status_code == 303
        async with away(postgres, pool):
            with capture_logs() as lines:
                for path in ("/time-zone?back=%2F", f"{own}/leave", survey):
                    form = typed()
                    answer = await client.post(path, content=body_of(form))
                    assert (answer.status_code, "retry-after" in answer.headers) == (503, True), path
                    assert held_in(answer.text) == form, path
                    assert body_of(held_in(answer.text)) == body_of(form), path
                    assert f'action="{path}"' in answer.text, path
                    assert ("Log out" in answer.text) == (path[:5] == "/time"), "people have pages of their own"
                secret = await client.post("/log-in", content=body_of([("key", key)]))
        assert "Second line" not in json.dumps(lines, default=str)
    assert (secret.status_code, key in secret.text, "Go back" in secret.text) == (503, False, True), "no key in a page"


async def test_a_form_that_was_sent_again_is_carried_out_once(
    pool: Pool, temporal: WorkflowEnvironment, postgres: PostgresServer
) -> None:
    key = await key_of(pool, "ops")
    app = guarded_app(pool, JourneyClient(temporal.client))
    async with calling(app, None) as client:
        client.headers.update({**_PAGE, "Content-Type": "application/x-www-form-urlencoded"})
        await client.post("/log-in", content=body_of([("key", key)]))
        form = body_of([("zone", "Asia/Tokyo"), ("once", uuid4().hex)])
        async with away(postgres, pool):
            unsent = await client.post("/time-zone", content=form)
        again = body_of(held_in(unsent.text))
        first, second = [await client.post("/time-zone", content=again) for _ in range(2)]
    assert (first.status_code, second.status_code) == (303, 303)
    assert ("idempotent-replayed" in first.headers, "idempotent-replayed" in second.headers) == (False, True)


async def test_a_form_of_another_site_does_not_become_one_of_ours(
    pool: Pool, temporal: WorkflowEnvironment, postgres: PostgresServer
) -> None:
    key = await key_of(pool, "ops")
    async with calling(guarded_app(pool, JourneyClient(temporal.client)), None) as client:
        client.headers.update({**_PAGE, "Content-Type": "application/x-www-form-urlencoded"})
        await client.post("/log-in", content=body_of([("key", key)]))
        async with away(postgres, pool):
            for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
                answer = await client.post("/time-zone", content=body_of(typed()), headers=headers)
                assert (answer.status_code, "Asia/Tokyo" in answer.text) == (503, False), headers


@pytest.mark.parametrize("body", [b"\xff\xfe", b"a=" + b"b" * 1_200_000, b"&".join([b"a=1"] * 4_000)])
async def test_what_is_no_form_of_ours_is_not_held(
    pool: Pool, temporal: WorkflowEnvironment, postgres: PostgresServer, body: bytes
) -> None:
    own = await own_page(pool, "mentor", "m-1")
    app = guarded_app(pool, JourneyClient(temporal.client))
    async with calling(app, None) as client, away(postgres, pool):
        headers = {**_PAGE, "Content-Type": "application/x-www-form-urlencoded"}
        answer = await client.post(f"{own}/leave", content=body, headers=headers)
    assert (answer.status_code, "Send again" in answer.text, "go back" in answer.text) == (503, False, True)


async def test_a_page_whose_view_is_being_rebuilt_says_when_to_come_back(
    browser: httpx2.AsyncClient, pool: Pool, dsn: str
) -> None:
    await leave_old_board(pool, dsn)
    await half_build(pool)
    browser.headers["Accept"] = "text/html"
    for path in ("/", "/journeys?search=le", "/programs/ready"):
        page = await browser.get(path)
        seconds = page.headers["retry-after"]
        assert (page.status_code, f'<p id="again" data-seconds="{seconds}">' in page.text) == (503, True), path
        assert ("300 of 1,000 events" in page.text, 'aria-label="Areas"' in page.text) == (True, True), path
        assert f'href="{path}">Load the page again' in page.text
    for role, person in (("learner", "l-1"), ("mentor", "m-1")):
        own = await browser.get(await own_page(pool, role, person))  # type: ignore[arg-type]  # one of the two roles
        assert (own.status_code, "retry-after" in own.headers) == (503, True)
        assert "Nothing of yours is lost" in own.text and "Load the page again" in own.text
        assert "view board" not in own.text and "<script" not in own.text, "in words for people"
