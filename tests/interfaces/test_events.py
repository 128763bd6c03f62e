"""The feed of events over HTTP: pages, waiting, and the stream of a real server."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from prometheus_client import CollectorRegistry
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.ids import JourneyId, KitDigest, LearnerId, ProgramId, journey_stream
from domain.journey import events as e
from domain.kit import Kit
from domain.values import Event
from interfaces.http import streaming
from interfaces.http.app import create_app
from interfaces.http.authentication import Access
from interfaces.http.server import HttpServer
from queries import event_feed
from queries.event_types import EVENTS
from queries.live_events import LiveEvents
from services.keys import Keyring
from store import sequencer
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.projections.stories import AT, KIT, publish

PROGRAM = KIT.program


async def record(pool: Pool, dsn: str, journey: str, *events: Event) -> None:
    stream, log = journey_stream(JourneyId(journey)), EventLog(pool)
    await log.append(stream, await log.version(stream), str(uuid4()), encode(events, str(uuid4())))
    await sequencer.drain(dsn)


def started(program: str = PROGRAM) -> Event:
    return e.JourneyStarted(
        at=AT, program=ProgramId(program), learner=LearnerId("l"), kit=KitDigest(KIT.digest), intake_due_at=AT
    )


def paused() -> Event:
    return e.JourneyPaused(at=AT, by="ops", reason="She is ill.", until=AT)


@pytest.fixture
def journeys(temporal: WorkflowEnvironment) -> JourneyClient:
    return JourneyClient(temporal.client)


@pytest.fixture
async def client(pool: Pool, dsn: str, journeys: JourneyClient) -> AsyncIterator[httpx2.AsyncClient]:
    """Of an application in this process."""
    live = LiveEvents(pool, dsn)
    following = asyncio.create_task(live.run())
    app = create_app(pool, journeys, {}, registry=CollectorRegistry(), live=live)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client
    following.cancel()
    await asyncio.gather(following, return_exceptions=True)


async def three_events(pool: Pool, dsn: str) -> None:
    await record(pool, dsn, "a", started(), paused())
    await record(pool, dsn, "b", started("other"))


async def test_pages_of_events(client: httpx2.AsyncClient, pool: Pool, dsn: str) -> None:
    await three_events(pool, dsn)
    first = (await client.get("/v1/events", params={"limit": 2})).json()
    assert [(one["position"], one["type"], one["journey"]) for one in first["events"]] == [
        (1, "journey.started", "a"),
        (2, "journey.paused", "a"),
    ]
    assert first["events"][1]["data"] == {"by": "ops", "reason": "She is ill.", "until": "2026-01-05T09:00:00Z"}
    assert (first["next"], first["end"]) == (2, False)
    second = (await client.get("/v1/events", params={"after": first["next"]})).json()
    assert [one["program"] for one in second["events"]] == ["other"]
    assert (second["next"], second["end"]) == (3, True)


async def test_filters_and_the_types_that_there_are(client: httpx2.AsyncClient, pool: Pool, dsn: str) -> None:
    await publish(pool)
    await three_events(pool, dsn)

    async def positions(**params: Any) -> list[int]:
        page = (await client.get("/v1/events", params=params)).json()
        assert (page["next"], page["end"]) == (3, True)
        return [one["position"] for one in page["events"]]

    assert await positions(type="journey.paused") == [2]
    assert await positions(type=["journey.paused", "journey.started"]) == [1, 2, 3]
    assert await positions(type="message.*") == []
    assert await positions(program=PROGRAM) == [1, 2]
    assert await positions(journey="b") == [3]
    assert await positions(journey="nobody") == []
    assert await positions(program=PROGRAM, journey="b") == []

    types = {one["type"]: one for one in (await client.get("/v1/event-types")).json()}
    assert types.keys() == EVENTS.keys()
    assert types["journey.paused"]["personal"] == ["reason"]
    assert types["journey.paused"]["data"]["properties"].keys() == {"by", "reason", "until"}


REFUSED = {
    "after=4": (422, "/problems/position_ahead"),
    "after=9223372036854775807": (422, "/problems/position_ahead"),
    "after=-1": (422, "/problems/request_invalid"),
    "after=9223372036854775808": (422, "/problems/request_invalid"),
    "after=x": (422, "/problems/request_invalid"),
    "type=journey.clsoed": (422, "/problems/unknown_event_type"),
    "type=": (422, "/problems/unknown_event_type"),
    "program=nothing": (404, "/problems/no_such_program"),
    "program=a/b": (422, "/problems/request_invalid"),
    "journey=%00": (422, "/problems/request_invalid"),
    "since=1": (422, "/problems/request_invalid"),
    "limit=0": (422, "/problems/request_invalid"),
    "limit=1001": (422, "/problems/request_invalid"),
    "wait=31": (422, "/problems/request_invalid"),
}


async def test_what_does_not_fit_is_refused(client: httpx2.AsyncClient, pool: Pool, dsn: str) -> None:
    await three_events(pool, dsn)
    for path in ("/v1/events", "/v1/events/stream"):
        for query, (status, kind) in REFUSED.items():
            response = await client.get(f"{path}?{query}")
            assert (response.status_code, response.json()["type"]) == (status, kind), (path, query)
            assert response.headers["content-type"] == "application/problem+json"
    for id_ in ("x", "-1", "4"):
        response = await client.get("/v1/events/stream", headers={"Last-Event-ID": id_})
        assert response.status_code == 422


async def test_a_page_that_waits_comes_with_the_first_event_that_matches(
    client: httpx2.AsyncClient, pool: Pool, dsn: str
) -> None:
    await three_events(pool, dsn)
    waiting = asyncio.create_task(client.get("/v1/events?after=3&type=journey.paused&wait=20"))
    await record(pool, dsn, "c", started())
    await record(pool, dsn, "c", paused())
    async with asyncio.timeout(10):
        page = (await waiting).json()
    assert [one["position"] for one in page["events"]] == [5]
    assert page["next"] == 5


async def test_a_page_that_waited_in_vain_moves_on(client: httpx2.AsyncClient, pool: Pool, dsn: str) -> None:
    await three_events(pool, dsn)
    page = (await client.get("/v1/events", params={"after": 1, "type": "message.*", "wait": 1})).json()
    assert page == {"events": [], "next": 3, "end": True}


async def test_a_search_that_takes_long_is_continued_by_the_client(
    client: httpx2.AsyncClient, pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(event_feed, "_WINDOW", 1)
    monkeypatch.setattr(event_feed, "_LOOK_SECONDS", 0.0)
    await three_events(pool, dsn)
    assert (await client.get("/v1/events")).json() == {"events": [], "next": 0, "end": False}


# The stream, from a real server


@pytest.fixture
async def server(pool: Pool, dsn: str, journeys: JourneyClient) -> AsyncIterator[str]:
    async with serving(pool, dsn, journeys) as address:
        yield address


@asynccontextmanager
async def serving(pool: Pool, dsn: str, journeys: JourneyClient, access: Access | None = None) -> AsyncIterator[str]:
    live = LiveEvents(pool, dsn)
    app = create_app(pool, journeys, {}, access=access, registry=CollectorRegistry(), live=live)
    server = HttpServer(app, "127.0.0.1", 0, drain_seconds=5)
    running = [asyncio.create_task(server.run()), asyncio.create_task(live.run())]
    try:
        yield f"http://127.0.0.1:{server._socket.getsockname()[1]}"
    finally:
        running[1].cancel()
        await server.shutdown()
        async with asyncio.timeout(3):
            await asyncio.gather(*running, return_exceptions=True)


class Listening:
    """A client of the stream, as a browser has it: it knows the last id, and keeps what was sent as data."""

    def __init__(self, key: str | None = None) -> None:
        self.key = key
        self.last_id = ""
        self.events: list[dict[str, Any]] = []

    async def listen(self, address: str, **params: Any) -> None:
        headers = {"Last-Event-ID": self.last_id} if self.last_id else {}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        async with (
            httpx2.AsyncClient(timeout=30) as client,
            client.stream("GET", f"{address}/v1/events/stream", params=params, headers=headers) as response,
        ):
            assert response.status_code == 200
            assert response.headers["content-type"].startswith("text/event-stream")
            async for line in response.aiter_lines():
                name, _, value = line.partition(": ")
                if name == "id":
                    self.last_id = value
                elif name == "data":
                    self.events.append(json.loads(value))

    async def until(self, many: int) -> None:
        async with asyncio.timeout(20):
            while len(self.events) < many:  # noqa: ASYNC110 - what is read says it
                await asyncio.sleep(0.01)

    async def until_at(self, position: int) -> None:
        async with asyncio.timeout(20):
            while self.last_id != str(position):  # noqa: ASYNC110 - what is read says it
                await asyncio.sleep(0.01)

    @contextlib.asynccontextmanager
    async def connected(self, address: str, **params: Any) -> AsyncIterator[None]:
        task = asyncio.create_task(self.listen(address, **params))
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


def positions(listening: Listening) -> list[int]:
    return [one["position"] for one in listening.events]


async def test_the_stream_tells_what_is_recorded_and_goes_on_after_the_last_id(
    server: str, pool: Pool, dsn: str
) -> None:
    await three_events(pool, dsn)
    listening = Listening()
    async with listening.connected(server):
        await listening.until_at(3)
        assert listening.events == [], "it begins with what is recorded from now on"
        await record(pool, dsn, "c", started(), paused())
        await listening.until(2)
    await record(pool, dsn, "c", e.JourneyResumed(at=AT, by="ops", paused_for=AT - AT))
    async with listening.connected(server):
        await listening.until(3)
        await record(pool, dsn, "d", started())
        await listening.until(4)
    assert positions(listening) == [4, 5, 6, 7]
    assert listening.events[1]["data"]["reason"] == "She is ill."


async def test_the_stream_from_the_beginning(server: str, pool: Pool, dsn: str) -> None:
    await three_events(pool, dsn)
    listening = Listening()
    async with listening.connected(server, after=0, type="journey.started"):
        await listening.until(2)
        await listening.until_at(3)
        await record(pool, dsn, "c", paused(), started())
        await listening.until(3)
    assert positions(listening) == [1, 3, 5]


async def test_the_id_moves_on_where_nothing_matches(
    server: str, pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "HEARTBEAT_SECONDS", 0.05)
    listening = Listening()
    async with listening.connected(server, type="message.*"):
        await listening.until_at(0)
        await three_events(pool, dsn)
        await listening.until_at(3)
    assert listening.events == []


async def test_a_stream_ends_by_itself_so_that_the_key_is_looked_at_again(
    server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "LIFE_SECONDS", 0.0)
    async with asyncio.timeout(10):
        await Listening().listen(server)


async def test_a_server_that_stops_does_not_wait_for_streams(pool: Pool, dsn: str, journeys: JourneyClient) -> None:
    listening = Listening()
    async with serving(pool, dsn, journeys) as address:
        task = asyncio.create_task(listening.listen(address))
        await listening.until_at(0)
    async with asyncio.timeout(5):
        await task


@pytest.mark.parametrize("path", ["/v1/events/stream", "/v1/events?wait=1"])
async def test_one_client_too_many_is_told_to_come_later(
    pool: Pool, dsn: str, journeys: JourneyClient, path: str
) -> None:
    live = LiveEvents(pool, dsn, most_subscribers=0)
    app = create_app(pool, journeys, {}, registry=CollectorRegistry(), live=live)
    transport = httpx2.ASGITransport(app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        response = await client.get(path)
        assert (response.status_code, response.headers["retry-after"]) == (503, "5")
        assert (await client.get("/v1/events")).status_code == 200


# What a key may see


async def test_a_key_without_personal_data_and_for_one_program(pool: Pool, dsn: str, journeys: JourneyClient) -> None:
    await publish(pool)
    await publish(pool, Kit.model_validate(KIT.model_dump() | {"program": "other"}))
    await three_events(pool, dsn)
    app = guarded_app(pool, journeys)

    async def page(key: str, query: str = "") -> Any:
        async with calling(app, key) as client:
            return (await client.get(f"/v1/events?{query}")).json()

    for role in ("observer", "integration"):
        events = (await page(await key_of(pool, role)))["events"]
        assert [one["position"] for one in events] == [1, 2, 3]
        assert events[1]["data"] == {"by": "ops", "until": "2026-01-05T09:00:00Z"}
    ready, other = await key_of(pool, "ops", programs=[PROGRAM]), await key_of(pool, "ops", programs=["other"])
    assert [one["position"] for one in (await page(ready))["events"]] == [1, 2]
    assert await page(other, "journey=a") == await page(other, "journey=nobody")
    assert await page(other, f"program={PROGRAM}") == await page(other, "program=nothing")
    assert (await page(other, f"program={PROGRAM}"))["status"] == 404


async def test_a_stream_without_personal_data(pool: Pool, dsn: str, journeys: JourneyClient) -> None:
    await three_events(pool, dsn)
    key = await key_of(pool, "observer")
    listening = Listening(key)
    async with serving(pool, dsn, journeys, Access(Keyring(pool))) as address, listening.connected(address, after=0):
        await listening.until(3)
        await record(pool, dsn, "a", paused())
        await listening.until(4)
    assert [one["data"].get("reason") for one in listening.events] == [None] * 4
