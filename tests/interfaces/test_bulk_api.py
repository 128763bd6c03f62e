"""/v1/bulk and POST /v1/journeys/bulk, on a real Temporal and a real Postgres."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.kit import Kit
from kits.loading import publish
from store.database import Pool
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.support.bulk import PAUSE, InBulk
from tests.support.groups import large_groups, members
from tests.temporal import worker_on
from workflows.contract import PROGRAM_TASK_QUEUE, TASK_QUEUE

Client = httpx2.AsyncClient


@pytest.fixture
async def in_bulk(temporal: WorkflowEnvironment, pool: Pool, dsn: str) -> AsyncIterator[InBulk]:
    one = InBulk(pool, temporal.client, dsn, TASK_QUEUE, PROGRAM_TASK_QUEUE)
    async with worker_on(temporal, pool, TASK_QUEUE), one.worker():
        yield one


@pytest.fixture
def app(temporal: WorkflowEnvironment, pool: Pool) -> FastAPI:
    return guarded_app(pool, JourneyClient(temporal.client))


@pytest.fixture
def kit() -> Kit:
    return large_groups(f"steps-{uuid4().hex[:8]}")


@pytest.fixture
async def ops(app: FastAPI, pool: Pool) -> AsyncIterator[Client]:
    async with calling(app, await key_of(pool, "ops")) as client:
        yield client


async def over(client: Client, in_bulk: InBulk, bulk: str) -> Any:
    await in_bulk.over(bulk)  # type: ignore[arg-type]
    return (await client.get(f"/v1/bulk/{bulk}")).json()


async def test_a_plan_is_confirmed_by_its_number_and_carried_out(ops: Client, in_bulk: InBulk, kit: Kit) -> None:
    those = await members(in_bulk.pool, kit, 5)
    await in_bulk.shown()
    order = {"action": PAUSE, "filter": {"program": kit.program}, "rate": 200, "by": "ops:ana"}
    answer = await ops.post("/v1/bulk", json=order)
    assert answer.status_code == 201
    plan = answer.json()
    assert (plan["journeys"], plan["expected"], len(plan["sample"])) == (
        5,
        {"done": 5, "unchanged": 0, "refused": 0},
        5,
    )
    wrong = await ops.post(f"/v1/bulk/{plan['id']}/begin", json={"journeys": 4})
    assert (wrong.status_code, wrong.json()["type"], wrong.json()["data"]) == (
        409,
        "/problems/bulk_not_confirmed",
        {"journeys": 5},
    )
    other = await ops.post("/v1/bulk/confirmed", json=order | {"filter": {"mentor": "x"}, "digest": plan["digest"]})
    assert (other.status_code, other.json()["code"]) == (409, "another_plan")
    for begin, body in (
        (f"{plan['id']}/begin", {"journeys": 5}),
        ("confirmed", order | {"digest": plan["digest"]}),  # again: nothing more
    ):
        assert (await ops.post(f"/v1/bulk/{begin}", json=body)).json()["version"] >= 2
    shown = await over(ops, in_bulk, plan["id"])
    assert (shown["status"], shown["by"], shown["outcomes"]["done"], shown["left"]) == ("finished", "ops:ana", 5, 0)
    page = (await ops.get(f"/v1/bulk/{plan['id']}/journeys", params={"outcome": "done", "limit": 3})).json()
    assert [one["number"] for one in page["journeys"]] == [1, 2, 3]
    rest = (await ops.get(f"/v1/bulk/{plan['id']}/journeys", params={"after": page["next"]})).json()
    assert [one["journey"] for one in (*page["journeys"], *rest["journeys"])] == [one.journey for one in those]
    assert rest["next"] is None
    late = await ops.post(f"/v1/bulk/{plan['id']}/stop")
    assert (late.status_code, late.json()["code"]) == (409, "bulk_over")
    await in_bulk.shown()
    (row,) = (await ops.get("/v1/bulk", params={"limit": 1})).json()["rows"]
    assert (row["id"], row["status"], row["done"]) == (plan["id"], "finished", 5)


async def test_what_is_not_yours_does_not_exist(ops: Client, app: FastAPI, in_bulk: InBulk, kit: Kit) -> None:
    other = Kit.model_validate(kit.model_dump() | {"program": f"other-{uuid4().hex[:8]}"})
    await members(in_bulk.pool, kit, 1)
    await members(in_bulk.pool, other, 1)
    await in_bulk.shown()
    plan = (await ops.post("/v1/bulk", json={"action": PAUSE, "filter": {"program": kit.program}})).json()
    async with AsyncExitStack() as stack:
        theirs = await stack.enter_async_context(
            calling(app, await key_of(in_bulk.pool, "ops", programs=[other.program]))
        )
        observer = await stack.enter_async_context(calling(app, await key_of(in_bulk.pool, "observer")))
        missing = (await theirs.get("/v1/bulk/none")).json()["detail"]
        for method, path in (("GET", ""), ("GET", "/journeys"), ("POST", "/begin"), ("POST", "/stop")):
            body = {"journeys": 1} if path == "/begin" else None
            answer = await theirs.request(method, f"/v1/bulk/{plan['id']}{path}", json=body)
            assert answer.status_code == 404
            assert answer.json()["detail"] == missing.replace("none", plan["id"])
        assert (await theirs.get("/v1/bulk")).json()["rows"] == []
        order = {"action": PAUSE, "filter": {"program": kit.program}}
        assert (await theirs.post("/v1/bulk", json=order)).status_code == 404
        wide = {"action": PAUSE, "filter": {"stage": "sessions"}}
        assert (await theirs.post("/v1/bulk", json=wide)).json()["programs"] == [other.program]
        seen = (await observer.get(f"/v1/bulk/{plan['id']}")).json()
        assert (seen["journeys"], seen["content"]) == (1, "{}")
        assert (await observer.post(f"/v1/bulk/{plan['id']}/begin", json={"journeys": 1})).status_code == 403
        page = await observer.get(f"/bulk/{plan['id']}")
        assert (page.status_code, "l-0" in page.text, 'href="/journeys/' in page.text) == (200, True, False)


async def test_a_table_of_learners_starts_once_however_often_it_is_sent(
    app: FastAPI, in_bulk: InBulk, kit: Kit
) -> None:
    await publish(in_bulk.pool, kit)
    table = "id,name,goal\n" + "".join(f"n-{nth},Name {nth},job\n" for nth in range(5))
    query = {"program": kit.program, "send_answers": "true"}
    async with calling(app, await key_of(in_bulk.pool, "integration")) as lms:
        typed = {"Content-Type": "text/csv"}
        plan = (await lms.post("/v1/journeys/bulk/plan", params=query, content=table, headers=typed)).json()
        assert (plan["journeys"], plan["expected"]["done"]) == (5, 5)
        without = await lms.post("/v1/journeys/bulk", params=query, content=table, headers=typed)
        assert (without.status_code, without.json()["code"]) == (400, "idempotency_key_missing")
        keyed = typed | {"Idempotency-Key": "september"}
        first = await lms.post("/v1/journeys/bulk", params=query, content=table, headers=keyed)
        assert first.status_code == 202
        again = await lms.post("/v1/journeys/bulk", params=query, content=table, headers=keyed)
        assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
        other = await lms.post("/v1/journeys/bulk", params=query, content=table + "n-9,Nine,job\n", headers=keyed)
        assert other.status_code == 422
        shown = await over(lms, in_bulk, first.json()["id"])
        assert (shown["status"], shown["outcomes"]["done"]) == ("finished", 5)
        bad = await lms.post(
            "/v1/journeys/bulk", params=query, content="id\nx\n", headers=typed | {"Idempotency-Key": "2"}
        )
        assert bad.status_code == 422
    assert await in_bulk.recorded("journey.intake_submitted") == Counter(f"{kit.program}.n-{nth}" for nth in range(5))


async def test_many_learners_who_enroll_begin_as_a_bulk_action(
    app: FastAPI, in_bulk: InBulk, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.bulk.beginning._FEW", 3)
    await publish(in_bulk.pool, kit)
    base = f"/v1/programs/{kit.program}/enrollment"
    table = "id,name,goal\n" + "".join(f"e-{nth},Name {nth},job\n" for nth in range(6))
    typed = {"Content-Type": "text/csv"}
    async with calling(app, await key_of(in_bulk.pool, "ops")) as ops:
        await ops.post(f"{base}/open", json={"places": 5})
        done = (await ops.post(f"{base}/import", content=table, headers=typed)).json()
        assert (len(done["enrollment"]["taken"]), done["enrollment"]["waiting"]) == (5, ["e-5"])
        assert (len(done["journeys"]["begun"]), len(done["journeys"]["answered"]), done["to_start"]) == (5, 5, 0)
        shown = (await ops.get(f"/v1/bulk/{done['bulk']}")).json()
        assert (shown["action"], shown["status"], shown["journeys"]) == ("start", "finished", 5)
        again = (await ops.post(f"{base}/import", content=table, headers=typed)).json()
        assert (again["enrollment"]["taken"], len(again["journeys"]["running"])) == ([], 5)
        opened = (await ops.post(f"{base}/open", json={"places": 6})).json()
        assert (opened["journeys"]["begun"], opened["bulk"]) == ([f"{kit.program}.e-5"], None), "they are few"


async def test_who_does_not_wait_is_told_how_many_are_left(
    ops: Client, pool: Pool, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.bulk.beginning._FEW", 1)
    monkeypatch.setattr("interfaces.http.v1.enrollment._START_SECONDS", 0.0)
    await publish(pool, kit)
    base = f"/v1/programs/{kit.program}/enrollment"
    await ops.post(f"{base}/open", json={})
    done = (await ops.post(f"{base}/learners", json={"learners": [{"id": "e-1"}, {"id": "e-2"}]})).json()
    assert (done["to_start"], done["journeys"]["begun"]) == (2, [])
    assert (await ops.get(f"/v1/bulk/{done['bulk']}")).json()["status"] == "running"


def aimed(action: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"action": action, "filter": {"mentor": "x"}, **more}


async def test_what_cannot_be_planned(ops: Client, in_bulk: InBulk) -> None:
    await in_bulk.shown()
    written = {"action": "message", "subject": "a", "text": "t"}
    for order, status, code in (
        ({"action": PAUSE, "filter": {}}, 409, "filter_empty"),
        ({"action": PAUSE, "filter": {"open": True}}, 409, "filter_empty"),
        ({"action": PAUSE, "filter": {"colour": "red"}}, 422, "request_invalid"),
        ({"action": PAUSE, "filter": {"program": "none"}}, 201, None),
        ({"action": PAUSE, "filter": {"program": "\x00"}}, 422, "request_invalid"),
        (aimed(PAUSE, rate=0), 422, "request_invalid"),
        (aimed(PAUSE, rate=1e9), 422, "request_invalid"),
        (aimed({"action": "fly"}), 422, "request_invalid"),
        (aimed(PAUSE | {"command": "paws"}), 409, "unknown_command"),
        (aimed(PAUSE | {"fields": {}}), 422, "payload_invalid"),
        (aimed({"action": "reassign", "to": [], "reason": "r"}), 422, "request_invalid"),
        (aimed({"action": "move_to_kit", "to": "9", "reason": "r"}), 409, "unknown_kit"),
        (aimed(written | {"text": "{% for x in y %}"}), 422, "payload_invalid"),
        (aimed(written | {"subject": "a\nb"}), 422, "payload_invalid"),
    ):
        answer = await ops.post("/v1/bulk", json=order)
        assert (answer.status_code, answer.json().get("code")) == (status, code), order
