"""What all answers over HTTP have in common: host names, security headers, HEAD, errors as pages or problem JSON."""

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, cast
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.ids import journey_stream
from interfaces.http.app import create_app
from interfaces.http.guards import SECURITY_HEADERS
from interfaces.http.problems import prefers_page
from projections.runner import catch_up
from store import sequencer
from store.database import Pool
from store.event_log import EventLog, NewEvent
from tests.projections.stories import journey, publish, story, tell

BROWSER = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@asynccontextmanager
async def visiting(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8600") as client:
        yield client


def app_without_servers(**options: Any) -> FastAPI:
    """For what is answered before anybody asks a server."""
    nobody = cast("Any", None)
    return create_app(nobody, nobody, {}, registry=CollectorRegistry(), **options)


@pytest.fixture(scope="module")
async def anybody() -> AsyncIterator[httpx2.AsyncClient]:
    """One for all: nothing that they do stays, and an application takes most of a second to make."""
    async with visiting(app_without_servers(host_names=["Trellis.Example.org", "api"])) as client:
        yield client


@pytest.fixture
async def broken(pool: Pool, dsn: str, temporal: WorkflowEnvironment) -> AsyncIterator[httpx2.AsyncClient]:
    """With the journeys 0, well; 1, with an event that cannot be decoded; 2, with one of a future release; 3, whose
    first event is none that a journey begins with."""
    await publish(pool)
    for number in range(3):
        await tell(EventLog(pool), number, story(number, 8))
    await sequencer.drain(dsn)
    await catch_up(dsn)
    for number, kind, version, data in (
        (1, "journey.paused", 1, "{}"),
        (2, "journey.sent_to_the_moon", 1, "{}"),
        (3, "journey.checked_in", 1, "{}"),
    ):
        event = NewEvent(uuid4(), kind, version, data, datetime.now(UTC), {})
        after = 0 if number == 3 else 8
        await EventLog(pool).append(journey_stream(journey(number)), after, f"odd-{number}", [event])
    app = create_app(pool, JourneyClient(temporal.client), {}, registry=CollectorRegistry())
    async with visiting(app) as client:
        yield client


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("localhost:8600", 200),
        ("127.0.0.1:8600", 200),
        ("[::1]:8600", 200),
        ("10.1.2.3", 200),
        ("trellis.example.org:443", 200),
        ("TRELLIS.example.org.", 200),
        ("api:8600", 200),
        ("evil.example", 421),
        ("localhost.evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("sub.trellis.example.org", 421),
        ("2130706433", 421),
        ("", 421),
    ],
)
async def test_only_our_own_host_names_are_answered_to(anybody: httpx2.AsyncClient, host: str, status: int) -> None:
    for path in ("/livez", "/metrics"):
        assert (await anybody.get(path, headers={"Host": host})).status_code == status


async def test_the_refusal_says_which_setting_to_change(anybody: httpx2.AsyncClient) -> None:
    for accept in ("*/*", BROWSER["Accept"]):
        refused = await anybody.get("/", headers={"Host": "evil.example", "Accept": accept})
        assert (refused.status_code, "TRELLIS_HTTP_NAMES" in refused.text) == (421, True)


async def test_with_an_asterisk_any_name_is_ours() -> None:
    async with visiting(app_without_servers(host_names=["*"])) as client:
        assert (await client.get("/livez", headers={"Host": "board.example"})).status_code == 200


async def test_every_answer_has_the_security_headers(anybody: httpx2.AsyncClient) -> None:
    for path in ("/livez", "/metrics", "/openapi.json", "/nowhere", "/api/board?limit=0", "/api/commands"):
        for headers in ({}, BROWSER, {"Host": "evil.example"}):
            answer = await anybody.get(path, headers=headers)
            assert {name: answer.headers.get(name) for name in SECURITY_HEADERS} == dict(SECURITY_HEADERS), path


async def test_the_policy_fits_the_pages(anybody: httpx2.AsyncClient) -> None:
    """Styles and scripts are files of this service, whose addresses change with their content; nothing is inline."""
    page = (await anybody.get("/nowhere", headers=BROWSER)).text
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "style-src 'self'" in policy and "frame-ancestors 'none'" in policy
    assert not re.search(r"<style|<script(?! src=)|\son\w+=|\sstyle=", page)
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(files) == 4
    for address in files:
        file = await anybody.get(address)
        assert (file.status_code, "immutable" in file.headers["cache-control"]) == (200, True)
        assert hashlib.sha256(file.content).hexdigest()[:16] in address
    assert (await anybody.get("/static/page.0.css")).status_code == 404


@pytest.mark.parametrize(
    ("accept", "page"),
    [
        (BROWSER["Accept"], True),
        ("text/html", True),
        ("*/*", False),
        ("", False),
        ("application/json", False),
        ("application/json, text/html;q=0.5", False),
        ("text/html;q=0", False),
        ("text/html;q=x", False),
        ("TEXT/HTML; charset=utf-8; q=0.9, application/json; q=0.1", True),
    ],
)
def test_who_prefers_a_page(accept: str, page: bool) -> None:
    assert prefers_page(accept) is page


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/nowhere", 404, "Not Found"),
        ("/api/board?limit=0&colour=red", 422, "limit: Input should be greater than or equal to 1"),
        ("/funnel?since=0001-01-01", 422, "since: out of range; write one from 1970 to 2199"),
        ("/v1/journeys?after=bm90aGluZw==", 422, "must be the `next` of an earlier page"),
    ],
)
async def test_an_error_is_a_page_in_a_browser_and_problem_json_elsewhere(
    anybody: httpx2.AsyncClient, path: str, status: int, says: str
) -> None:
    told = await anybody.get(path)
    assert (told.status_code, told.headers["content-type"]) == (status, "application/problem+json")
    assert (told.json()["status"], says in told.json()["detail"]) == (status, True)
    page = await anybody.get(path, headers=BROWSER)
    assert (page.status_code, page.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert says in page.text


async def test_what_was_given_stands_escaped_or_not_at_all_in_the_page(anybody: httpx2.AsyncClient) -> None:
    page = await anybody.get("/", params={"sort": "<script>alert(1)</script>", "<b>": "1"}, headers=BROWSER)
    assert page.status_code == 422
    assert "<script>alert" not in page.text and "<b>" not in page.text


async def test_a_fault_of_our_own_is_told_without_its_inside(anybody: httpx2.AsyncClient) -> None:
    for headers, kind in ((BROWSER, "text/html; charset=utf-8"), ({}, "application/problem+json")):
        failed = await anybody.get("/api/counts", headers=headers)
        assert (failed.status_code, failed.headers["content-type"]) == (500, kind)
        assert "NoneType" not in failed.text
        assert "An internal error occurred" in failed.text


async def test_head_is_get_without_the_body(broken: httpx2.AsyncClient) -> None:
    document = (await broken.get("/openapi.json")).json()
    gets = {path: methods["get"] for path, methods in document["paths"].items() if "get" in methods}
    paths = [
        path for path, one in gets.items() if "text/event-stream" not in one["responses"]["200"].get("content", {})
    ]
    names = defaultdict(lambda: "1", journey=journey(0), mentor="m-1", program="ready")
    filled = [path.format_map(names) for path in paths]
    for path in [*filled, "/", "/funnel", f"/journeys/{journey(0)}", "/nowhere", "/openapi.json"]:
        got, head = await broken.get(path), await broken.head(path)
        assert (head.status_code, head.content) == (got.status_code, b""), path
        assert head.headers["content-type"] == got.headers["content-type"]
    refused = await broken.post("/livez")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("part", ["/journeys/{}", "/api/journeys/{}/why", "/api/journeys/{}/profile"])
async def test_an_event_that_cannot_be_read_is_named_with_what_to_do(broken: httpx2.AsyncClient, part: str) -> None:
    for number, says in (
        (1, "journey.paused version 1 at journey-ready.l-1@9 cannot be decoded"),
        (2, "journey.sent_to_the_moon version 1 at journey-ready.l-2@9 cannot be decoded"),
        (3, "journey.checked_in at journey-ready.l-3@1 cannot follow what was recorded before it"),
    ):
        if number == 3 and part.startswith("/journeys/"):
            continue  # it is not on the board
        for headers in ({}, BROWSER):
            told = await broken.get(part.format(journey(number)), headers=headers)
            assert told.status_code == 500
            assert says in told.text
            assert "If a newer Trellis wrote it, run that".lower() in told.text.lower()
            assert "Traceback" not in told.text
    assert (await broken.get(part.format(journey(0)))).status_code == 200


def references(part: Any) -> list[str]:
    if isinstance(part, Mapping):
        here = [str(part["$ref"])] if "$ref" in part else []
        return here + [one for value in part.values() for one in references(value)]
    return [one for value in part for one in references(value)] if isinstance(part, list) else []


async def test_openapi_lists_the_errors(anybody: httpx2.AsyncClient) -> None:
    document = (await anybody.get("/openapi.json")).json()
    for path, methods in document["paths"].items():
        if path.startswith("/api/"):
            answers = methods["get"]["responses"]
            wanted = {"503"} | ({"404", "422"} if "{" in path else set())
            assert wanted <= answers.keys(), path
            assert "422" in answers or not methods["get"].get("parameters"), path
            for status in answers.keys() - {"200"}:
                assert "application/problem+json" in answers[status]["content"], path
    for one in references(document):
        assert one.removeprefix("#/components/schemas/") in document["components"]["schemas"], one
    assert "HTTPValidationError" not in json.dumps(document)


async def test_schemas_of_answers_allow_more_fields_and_those_of_commands_do_not(anybody: httpx2.AsyncClient) -> None:
    closed = '"additionalProperties": false'
    document = (await anybody.get("/openapi.json")).json()
    schemas = document["components"]["schemas"]
    answers = [one["responses"] for methods in document["paths"].values() for one in methods.values()]
    told, left = set[str](), references(answers)
    while left:
        name = left.pop().removeprefix("#/components/schemas/")
        left += references(schemas[name]) if name not in told else []
        told.add(name)
    assert closed not in json.dumps([answers, [schemas[one] for one in told]])
    assert schemas["KitToPublish"]["additionalProperties"] is False
    for one in (await anybody.get("/api/commands")).json():
        assert closed not in json.dumps(one["output"])
        assert one["input"]["additionalProperties"] is False
