"""Webhooks over HTTP: what can be done, by whom, and what is refused."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment

from channels import signing
from client.journeys import JourneyClient
from store import webhooks
from store.database import Pool
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.projections.stories import publish
from tests.webhooks.delivering import Log

URL = "https://hooks.example.org/trellis"


@pytest.fixture
async def app(pool: Pool, temporal: WorkflowEnvironment) -> FastAPI:
    await publish(pool)
    return guarded_app(pool, JourneyClient(temporal.client))


def own() -> str:
    """Tests share a Temporal server, on which workflows are named by the ids of webhooks."""
    return f"wh-{uuid4().hex[:20]}"


async def added(client: httpx2.AsyncClient, **wanted: Any) -> dict[str, Any]:
    answer = await client.post("/v1/webhooks", json={"id": own(), "url": URL, **wanted})
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    found: dict[str, Any] = answer.json()
    return found


async def test_the_life_of_a_webhook(app: FastAPI, pool: Pool, dsn: str) -> None:
    log = Log(pool, dsn)
    await log.journeys(3)
    async with calling(app, await key_of(pool, "ops")) as client:
        made = await added(client, types=["journey.*", "journey.started"], description="the CRM")
        signing.key(made["secret"])
        hook = made["webhook"]
        place = f"/v1/webhooks/{hook['webhook']}"
        assert (hook["status"], hook["position"], hook["role"], hook["made_by"]) == (
            "enabled",
            3,
            "observer",
            "ops:test",
        )
        assert (await client.get("/v1/webhooks")).json() == [hook]
        assert made["secret"] not in (await client.get(place)).text

        changed = (await client.patch(place, json={"url": f"{URL}/2", "types": []})).json()
        assert (changed["url"], changed["types"], changed["description"]) == (f"{URL}/2", [], "the CRM")

        rotated = (await client.post(f"{place}/rotate", json={})).json()
        assert rotated["secret"] != made["secret"]
        assert rotated["previous_until"] == rotated["webhook"]["previous_until"]
        assert await webhooks.secrets(pool, hook["webhook"]) == [rotated["secret"], made["secret"]]

        disabled = (await client.post(f"{place}/disable", json={"reason": "maintenance"})).json()
        assert (disabled["status"], disabled["because"]) == ("disabled", "maintenance")
        assert (await client.post(f"{place}/enable", json={})).json()["status"] == "enabled"
        assert (await client.post(f"{place}/replay", json={"position": 2})).json()["behind"] == 2
        assert (await client.get(f"{place}/deliveries")).json() == {"deliveries": [], "next": None}

        shown = (await client.get(place)).json()
        assert [one["change"] for one in shown["changes"]] == [
            *("replay from position 2", "enabled", "disabled: maintenance", "secret rotated", "changed", "added"),
        ]
        assert {one["actor"] for one in shown["changes"]} == {"ops:test"}

        assert (await client.delete(place)).status_code == 204
        assert (await client.get(place)).status_code == 404
        assert (await client.get("/v1/webhooks")).json() == []
        again = await client.post("/v1/webhooks", json={"id": hook["webhook"], "url": URL})
        assert (again.status_code, again.json()["code"]) == (409, "webhook_id_used")


CANNOT_BE: list[tuple[dict[str, Any], str]] = [
    ({"url": "http://hooks.example.org/"}, "webhook_address_not_allowed"),
    ({"url": "https://127.0.0.1/"}, "webhook_address_not_allowed"),
    ({"url": "https://2852039166/latest/meta-data"}, "webhook_address_not_allowed"),
    ({"url": "https://[::ffff:10.0.0.1]/"}, "webhook_address_not_allowed"),
    ({"url": "https://u:p@example.org/"}, "webhook_invalid"),
    ({"url": "x" * 3_000}, "webhook_invalid"),
    ({"url": "https://a\u0000b.org/"}, "webhook_invalid"),
    ({"id": "UPPER"}, "webhook_invalid"),
    ({"id": "a" * 41}, "webhook_invalid"),
    ({"id": "../x"}, "webhook_invalid"),
    ({"description": "x" * 501}, "webhook_invalid"),
    ({"description": "a\u0000b"}, "webhook_invalid"),
    ({"types": ["journey.starte"]}, "unknown_event_type"),
    ({"types": ["*"]}, "unknown_event_type"),
    ({"types": ["j\u0000"]}, "unknown_event_type"),
    ({"position": 5}, "replay_out_of_range"),
    ({"position": 0}, "request_invalid"),
    ({"position": -1}, "request_invalid"),
    ({"position": 2**70}, "request_invalid"),
    ({"position": "1"}, "request_invalid"),
    ({"role": "mentor"}, "request_invalid"),
    ({"programs": []}, "request_invalid"),
    ({"programs": ["no spaces"]}, "request_invalid"),
    ({"types": ["journey.*"] * 101}, "request_invalid"),
    ({"secret": "whsec_mine"}, "request_invalid"),
]


async def test_what_cannot_be(app: FastAPI, pool: Pool) -> None:
    async with calling(app, await key_of(pool, "ops")) as client:
        for body, code in CANNOT_BE:
            answer = await client.post("/v1/webhooks", json={"id": own(), "url": URL, **body})
            assert answer.status_code == 422, answer.text
            problem = answer.json()
            assert problem.get("code") == code, (body, problem)
            assert "u:p@" not in problem["detail"]
        assert (await client.get("/v1/webhooks")).json() == []


async def test_what_is_not_yours_does_not_exist(app: FastAPI, pool: Pool) -> None:
    everything, mine = await key_of(pool, "ops"), await key_of(pool, "ops", programs=["ready"])
    async with calling(app, everything) as all_, calling(app, mine) as some:
        theirs = (await added(all_))["webhook"]["webhook"]
        own_ = (await added(some))["webhook"]
        assert own_["programs"] == ["ready"]
        assert [one["webhook"] for one in (await some.get("/v1/webhooks")).json()] == [own_["webhook"]]
        assert len((await all_.get("/v1/webhooks")).json()) == 2
        for method, path, body in (
            ("GET", "", None),
            ("PATCH", "", {"description": "mine"}),
            ("DELETE", "", None),
            ("POST", "/rotate", {}),
            ("POST", "/disable", {"reason": "mine"}),
            ("POST", "/enable", {}),
            ("POST", "/replay", {"position": 1}),
            ("POST", "/test", None),
            ("GET", "/deliveries", None),
        ):
            there = await some.request(method, f"/v1/webhooks/{theirs}{path}", json=body)
            nowhere = await some.request(method, f"/v1/webhooks/nowhere{path}", json=body)
            assert there.status_code == nowhere.status_code == 404
            assert there.text.replace(theirs, "nowhere") == nowhere.text
        foreign = await some.post("/v1/webhooks", json={"url": URL, "programs": ["other"]})
        unknown = await all_.post("/v1/webhooks", json={"url": URL, "programs": ["other"]})
        assert foreign.status_code == unknown.status_code == 404
        widened = await some.patch(f"/v1/webhooks/{own_['webhook']}", json={"all_programs": True})
        assert widened.json()["programs"] == ["ready"]


async def test_there_are_not_too_many(app: FastAPI, pool: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhooks, "MOST_WEBHOOKS", 1)
    async with calling(app, await key_of(pool, "ops")) as client:
        first = await added(client)
        second = await client.post("/v1/webhooks", json={"url": URL})
        assert (second.status_code, second.json()["code"]) == (409, "too_many_webhooks")
        await client.delete(f"/v1/webhooks/{first['webhook']['webhook']}")
        await added(client)


async def test_the_delivery_log_has_pages(app: FastAPI, pool: Pool, dsn: str) -> None:
    async with calling(app, await key_of(pool, "ops")) as client:
        hook = (await added(client))["webhook"]["webhook"]
        await pool.execute(
            "insert into trellis.webhook_deliveries (webhook, position, event, type, stream, state, attempts, tries)"
            " select $1, n, gen_random_uuid(), 't', 's', (array['delivered', 'given_up'])[n % 2 + 1], 1, '[]'"
            " from generate_series(1, 7) as n",
            hook,
        )
        seen: list[int] = []
        after: int | None = None
        while True:
            parameters = {"limit": "3"} | ({"after": str(after)} if after else {})
            page = (await client.get(f"/v1/webhooks/{hook}/deliveries", params=parameters)).json()
            seen += [one["position"] for one in page["deliveries"]]
            if (after := page["next"]) is None:
                break
        assert seen == [7, 6, 5, 4, 3, 2, 1]
        given_up = await client.get(f"/v1/webhooks/{hook}/deliveries", params={"state": "given_up"})
        assert [one["position"] for one in given_up.json()["deliveries"]] == [7, 5, 3, 1]
        for wrong in ({"state": "lost"}, {"after": "x"}, {"after": "0"}, {"limit": "0"}, {"limit": "100000"}):
            answer = await client.get(f"/v1/webhooks/{hook}/deliveries", params=wrong)
            assert answer.status_code == 422


async def test_a_repeated_request_adds_one_webhook(app: FastAPI, pool: Pool) -> None:
    async with calling(app, await key_of(pool, "ops")) as client:
        headers, asked = {"Idempotency-Key": own()}, {"url": URL}
        first = await client.post("/v1/webhooks", json=asked, headers=headers)
        again = await client.post("/v1/webhooks", json=asked, headers=headers)
        assert (first.status_code, again.json()) == (201, first.json())
        await pool.execute("delete from trellis.requests")  # as when the process was killed before it had answered
        anew = await client.post("/v1/webhooks", json=asked, headers=headers)
        assert anew.json()["webhook"]["webhook"] == first.json()["webhook"]["webhook"]
        assert anew.json()["secret"] != first.json()["secret"], "that one was never seen"
        assert len((await client.get("/v1/webhooks")).json()) == 1
