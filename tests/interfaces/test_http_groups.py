"""Groups, rounds of matching, reviews of capacity and messages over HTTP, with the workers that they need."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.capacity import CapacityReviews
from channels.channel import Bounced
from client.journeys import JourneyClient
from domain.kit import Kit
from projections.runner import catch_up
from store import people, sequencer
from store.database import Pool
from store.people import Person
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.messaging.told import Remembering, sent
from tests.support.groups import groups_on, large_groups, members
from tests.support.matching_rounds import Matching
from tests.support.own_pages import own_page
from tests.temporal import worker_on
from tests.workflows.kits import publish
from workflows.capacity_review import CapacityReview
from workflows.contract import PROGRAM_TASK_QUEUE, TASK_QUEUE


@pytest.fixture
def app(pool: Pool, temporal: WorkflowEnvironment) -> FastAPI:
    return guarded_app(pool, JourneyClient(temporal.client))


@pytest.fixture
async def ops(app: FastAPI, pool: Pool) -> AsyncIterator[httpx2.AsyncClient]:
    async with calling(app, await key_of(pool, "ops")) as client:
        yield client


async def views(dsn: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)


async def test_a_group_from_forming_to_closing(
    ops: httpx2.AsyncClient, app: FastAPI, pool: Pool, dsn: str, temporal: WorkflowEnvironment
) -> None:
    kit: Kit = large_groups(f"steps-{uuid4()}")
    await members(pool, kit, 4)
    await people.upsert_many(pool, [Person("ana", "mentor", "Ana")])
    await views(dsn)
    forming = f"/v1/programs/{kit.program}/cohorts"
    async with worker_on(temporal, pool, TASK_QUEUE), groups_on(temporal.client, pool, TASK_QUEUE, PROGRAM_TASK_QUEUE):
        dry = (await ops.post(forming, json={"dry_run": True})).json()
        assert (dry["formed"], [len(one["members"]) for one in dry["groups"]]) == (False, [4])
        done = (await ops.post(forming, json={})).json()
        group = done["groups"][0]["cohort"]
        base, mentor = f"/v1/cohorts/{group}", done["groups"][0]["mentors"][0]
        assert (done["formed"], group) == (True, f"{kit.program}.1")
        await views(dsn)
        assert [one["cohort"] for one in (await ops.get("/v1/cohorts")).json()] == [group]
        assert (await ops.get("/v1/cohorts", params={"after": group})).json() == []

        planned = {one["session"]: datetime.fromisoformat(one["starts_at"]) for one in done["groups"][0]["sessions"]}
        later = max(planned.values()) + timedelta(days=1)
        moved = (await ops.post(f"{base}/move?wait=10", json={"session": "s2", "starts_at": later.isoformat()})).json()
        assert (moved["told"], moved["members"], moved["refused"]) == (True, 4, {})
        assert moved["events"] == ["cohort.session_moved"]
        large = {"session": "s1", "answers": {f"q{nth}": "x" * 9_000 for nth in range(30)}}
        for body in (large, {"session": "s1", "answers": {}, "by": f"ops:{'a' * 200}"}):
            told = await ops.post(f"{base}/notes", json=body)
            assert (told.status_code, told.json()["code"]) == (422, "request_invalid")
        early = await ops.post(f"{base}/attendance", json={"session": "s2"})
        assert (early.status_code, early.json()["code"]) == (409, "session_not_begun")
        own = await own_page(pool, "mentor", mentor, later)
        assert f"{own}/groups/{group}/s2/attendance" not in (await ops.get(own)).text, "it lies ahead"
        form = (await ops.get(f"{own}/groups/{group}/s2/attendance")).text
        assert form.count('<select id="') == 4, "one for each member"
        said = {"attendance": "attended", **{f"otherwise.l-00{nth}": "same" for nth in range(4)}}
        early = await ops.post(f"{own}/groups/{group}/s2/attendance", data=said)
        assert (early.status_code, "has not begun" in early.text) == (409, True)
        gone = await ops.post(f"{base}/members/l-001/remove", json={"reason": "no time"})
        assert (gone.status_code, gone.json()["members"]) == (200, 3)
        nobody = await ops.post(f"{base}/members", json={"learners": ["nobody"]})
        assert (nobody.status_code, nobody.json()["code"]) == (422, "learners_unusable")
        async with calling(app, await key_of(pool, "mentor", mentor=mentor)) as leads:
            assert [one["cohort"] for one in (await leads.get("/v1/cohorts")).json()] == [group]
            assert len((await leads.get(base)).json()["members"]) == 3
            assert (await leads.post(f"{base}/close")).status_code == 403
        await people.upsert_many(pool, [Person("zoe", "mentor", "Zoe")])
        async with calling(app, await key_of(pool, "mentor", mentor="zoe")) as other:
            missing = await other.get("/v1/cohorts/nowhere.1")
            assert (await other.get("/v1/cohorts")).json() == []
            for refused in (
                await other.get(base),
                await other.post(f"{base}/notes", json={"session": "s1", "answers": {}}),
            ):
                assert (refused.status_code, refused.text.replace(group, "nowhere.1")) == (404, missing.text)
        assert (await ops.post(f"{base}/close")).json()["events"] == ["cohort.closed"]
        assert (await ops.post(f"{base}/close")).json()["events"] == []


async def test_a_round_from_its_draft_to_taking_it_back(
    ops: httpx2.AsyncClient, temporal: WorkflowEnvironment, pool: Pool, dsn: str
) -> None:
    matching = Matching(temporal, pool, dsn, queue=TASK_QUEUE)
    kit = {"rounds": {"every": "7 days", "released_by": "ops"}, "asks": ["mentor"], "weights": {"time_zone": 20}}
    await matching.published(kit | {"rules": ["mentor_type"]}, capacity=2)
    await matching.mentors("ana")
    await matching.shown()
    base = f"/v1/programs/{matching.program}/rounds"
    async with worker_on(temporal, pool, TASK_QUEUE), matching.programs():
        nobody = await ops.post(base)
        assert (nobody.status_code, nobody.json()["code"]) == (409, "nobody_waits")
        assert (await ops.post(f"{base}/open/again")).json()["code"] == "no_round"
        await matching.waiting(range(3))
        drafted = (await ops.post(base)).json()
        assert (drafted["phase"], drafted["pairs"], drafted["unplaced"]) == ("drafted", 2, 1)
        assert (await ops.post(base)).json()["code"] == "round_open"
        left = (await ops.get(f"{base}/1")).json()["left"][0]["learner"]
        pair = {"learner": left, "mentor": "ana"}
        assert (await ops.post(f"{base}/open/pin", json=pair | {"reason": "old friends"})).json()["stale"] is True
        assert (await ops.post(f"{base}/open/release", json={})).json()["code"] == "draft_out_of_date"
        assert (await ops.post(f"{base}/open/unpin", json=pair)).status_code == 200
        assert (await ops.post(f"{base}/open/forbid", json=pair)).status_code == 200
        assert (await ops.post(f"{base}/open/again")).json()["draft"] == 2
        imagined = await ops.get(f"{base}/1/learners/l-0/mentors/ana")
        assert imagined.status_code == 200
        assert (await ops.post(f"{base}/open/release", json={"draft": 1})).json()["code"] == "another_draft"
        assert (await ops.post(f"{base}/open/release", json={"draft": 2})).status_code == 200
        await temporal.client.get_workflow_handle(f"matching-{matching.program}").result()
        back = (await ops.post(f"{base}/1/take-back", json={"reason": "the wrong list"})).json()
        assert (back["taken_back"], back["withdrawn"]) == (True, 2)
        assert (await ops.post(f"{base}/7/take-back")).json()["code"] == "no_round"
    for body in ({"learner": "l 1", "mentor": "ana"}, {"learner": "l-1"}, {**pair, "round": 1}):
        assert (await ops.post(f"{base}/open/pin", json=body)).status_code == 422


async def test_capacity_is_reviewed_at_once(
    ops: httpx2.AsyncClient, temporal: WorkflowEnvironment, pool: Pool, dsn: str
) -> None:
    await publish(pool)
    await catch_up(dsn)
    activities = CapacityReviews(pool).all
    async with Worker(
        temporal.client, task_queue=PROGRAM_TASK_QUEUE, workflows=[CapacityReview], activities=activities
    ):
        assert (await ops.post("/v1/programs/small/capacity/reviews")).json()["version"] == 1
    assert len((await ops.get("/v1/programs/small/capacity/reviews")).json()) == 1
    assert (await ops.get("/v1/programs/small/capacity")).json()["mentors"] == []


async def test_messages_and_what_became_of_them(ops: httpx2.AsyncClient, pool: Pool, dsn: str) -> None:
    _, first = await sent(pool, Remembering(Bounced("550 5.1.1")))
    await views(dsn)
    (row,) = (await ops.get("/v1/messages")).json()
    assert (row["message"], row["status"]) == (first, "bounced")
    assert (await ops.get(f"/v1/messages/{first}")).json() == row
    assert (await ops.get("/v1/messages", params={"after": first})).json() == []
    assert (await ops.get("/v1/messages", params={"program": "another"})).json() == []
    assert (await ops.post(f"/v1/messages/{first}/bounce", json={"because": "5.2.2"})).json()["new"] is False
    for path, body in (("retry", None), ("bounce", {"because": "x"})):
        assert (await ops.post(f"/v1/messages/nonsense/{path}", json=body)).status_code == 404
    assert (await ops.post(f"/v1/messages/{first}/bounce", json={"because": ""})).status_code == 422

    for decision in ("park", "skip"):
        goes_on = await ops.post(f"/v1/courier/3/{decision}", json={"reason": "broken"})
        assert (goes_on.status_code, goes_on.json()["code"]) == (409, "courier_not_stopped")
    assert (await ops.get("/v1/courier/set-aside")).json() == []
    assert (await ops.post("/v1/courier/resume")).json() == {"stopped_at": None, "processed": []}
