"""People, mentors and enrollment over HTTP."""

from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.kit import Kit
from projections.runner import catch_up
from store import sequencer
from store.database import Pool
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.support.matching_rounds import small_kit
from tests.temporal import worker_on
from tests.workflows.kits import publish
from workflows.contract import TASK_QUEUE

CSV = {"Content-Type": "text/csv"}
NDJSON = {"Content-Type": "application/x-ndjson"}


@pytest.fixture
def app(pool: Pool, temporal: WorkflowEnvironment) -> FastAPI:
    return guarded_app(pool, JourneyClient(temporal.client))


@pytest.fixture
async def kits(pool: Pool, dsn: str) -> tuple[Kit, Kit]:
    """Two programs; the views are built."""
    both = small_kit("one"), small_kit("two")
    for kit in both:
        await publish(pool, kit)
    await catch_up(dsn)
    return both


@pytest.fixture
async def ops(app: FastAPI, pool: Pool, kits: tuple[Kit, Kit]) -> AsyncIterator[httpx2.AsyncClient]:
    async with calling(app, await key_of(pool, "ops")) as client:
        yield client


async def test_people_are_stored_listed_and_changed(ops: httpx2.AsyncClient) -> None:
    ana = {"kind": "mentor", "name": "Ana Ruiz", "email": "ana@example.org", "time_zone": "Europe/Madrid"}
    first = await ops.put("/v1/people/ana", json=ana)
    assert (first.status_code, first.json()) == (201, {"id": "ana", "new": True, "changed": []})
    again = await ops.put("/v1/people/ana", json=ana | {"name": "Ana Ruiz Gil"})
    assert (again.status_code, again.json()["changed"]) == (200, ["name"])
    lea = {"kind": "learner", "name": "Lea", "answers": {"goal": "job"}}
    assert (await ops.put("/v1/people/lea", json=lea)).status_code == 201
    assert (await ops.put("/v1/people/lea", json={"kind": "learner", "name": "Lea"})).json()["changed"] == []
    assert (await ops.get("/v1/people/lea")).json()["attributes"] == {"answers": {"goal": "job"}}

    page = (await ops.get("/v1/people", params={"limit": 1})).json()
    assert ([one["id"] for one in page["people"]], page["next"]) == (["ana"], "ana")
    rest = (await ops.get("/v1/people", params={"limit": 1, "after": page["next"]})).json()
    assert ([one["id"] for one in rest["people"]], rest["next"]) == (["lea"], None)

    refused = await ops.put("/v1/people/ana", json=lea)
    assert (refused.status_code, refused.json()["code"]) == (409, "person_of_other_kind")
    for wrong, field in (
        ({"name": "a\nb"}, "name"),
        ({"email": "nobody"}, "email"),
        ({"time_zone": "Mars"}, "time_zone"),
        ({"kind": "dog"}, "kind"),
        ({"colour": 1}, "colour"),
    ):
        told = await ops.put("/v1/people/zoe", json=lea | wrong)
        assert (told.status_code, told.json()["errors"][0]["loc"]) == (422, ["body", field])
    assert (await ops.get("/v1/people/zoe")).status_code == 404


async def test_tables_of_people_are_taken_whole_or_not_at_all(ops: httpx2.AsyncClient) -> None:
    table = "id,name,goal\nlea,Lea,job\nmax,Max,\n"
    dry = (await ops.post("/v1/imports/people?program=one&dry_run=true", content=table, headers=CSV)).json()
    assert dry == {"people": 2, "new": 2, "changed": 0, "dry_run": True}
    assert (await ops.get("/v1/people/lea")).status_code == 404
    assert (await ops.post("/v1/imports/people?program=one", content=table, headers=CSV)).json()["new"] == 2
    bad = '{"id": "lea", "name": "Lea"}\n{"id": "no id", "name": ""}\n'
    told = await ops.post("/v1/imports/people?program=one", content=bad, headers=NDJSON)
    assert (told.status_code, told.json()["code"]) == (422, "file_invalid")
    assert told.json()["errors"][0]["loc"][:3] == ["body", "people.ndjson", 2]
    typeless = await ops.post("/v1/imports/people?program=one", content=table)
    assert (typeless.status_code, typeless.json()["code"]) == (415, "unsupported_media_type")
    large = await ops.post("/v1/imports/people?program=one", content=b"x" * 5_000_001, headers=CSV)
    assert (large.status_code, large.json()["code"]) == (413, "payload_too_large")


async def test_a_mentor_is_added_and_changed(ops: httpx2.AsyncClient, dsn: str) -> None:
    ana = {"id": "ana", "name": "Ana", "time_zone": "Europe/Berlin", "places": 3, "availability": ["mon 18:00-20:00"]}
    added = await ops.post("/v1/programs/one/mentors", json=ana | {"checks": [{"check": "background"}]})
    assert (added.status_code, added.json()["new"]) == (201, True), added.text
    again = await ops.post("/v1/programs/one/mentors", json=ana)
    assert (again.status_code, again.json()["profile"], again.json()["person"]) == (200, [], [])
    changed = (await ops.patch("/v1/mentors/ana", json={"places": 5, "onboarded_on": "2026-01-02"})).json()
    assert len(changed["changes"]) == 2
    assert (await ops.patch("/v1/mentors/ana", json={"places": 5})).json()["changes"] == []
    wrong = await ops.patch("/v1/mentors/ana", json={"format": ["dancing"]})
    assert (wrong.status_code, wrong.json()["errors"][0]["loc"]) == (422, ["body", "format"])

    for method, path, body in (
        ("PUT", "checks/safeguarding", {"valid_until": "2030-01-01"}),
        ("DELETE", "checks/background", None),
        ("PUT", "onboarding", {"on": None}),
    ):
        done = await ops.request(method, f"/v1/mentors/ana/{path}", json=body)
        assert (done.status_code, len(done.json()["changes"])) == (200, 1), done.text
    gone = await ops.delete("/v1/mentors/ana/checks/background")
    assert (gone.status_code, gone.json()["code"]) == (409, "unknown_check")
    away = {"first_day": "2030-05-01", "last_day": "2030-05-03"}
    planned = (await ops.post("/v1/mentors/ana/leave", json=away)).json()
    assert (len(planned["changes"]), planned["sessions"]) == (1, [])
    assert (await ops.post("/v1/mentors/ana/leave/cancel", json=away)).json()["changes"]
    for body in ({}, {"first_day": "2030-05-01"}, away | {"last_day": "2030-04-01"}, away | {"starts_at": "x"}):
        assert (await ops.post("/v1/mentors/ana/leave", json=body)).status_code == 422
    assert (await ops.put("/v1/programs/two/mentors/ana")).json()["changes"]
    assert (await ops.delete("/v1/programs/two/mentors/ana")).json()["changes"]

    await sequencer.drain(dsn)
    await catch_up(dsn)
    shown = (await ops.get("/v1/mentors/ana")).json()
    assert (shown["programs"], shown["profile"]["places"]) == (["one"], 5)
    assert [one["mentor"] for one in (await ops.get("/v1/programs/one/mentors")).json()] == ["ana"]
    assert (await ops.get("/v1/programs/one/mentors", params={"after": "ana"})).json() == []
    assert (await ops.get("/v1/programs/two/mentors")).json() == []
    table = "id,name,places\nana,Ana,4\nben,Ben,1\n"
    imported = await ops.post("/v1/programs/one/imports/mentors", content=table, headers=CSV)
    assert (imported.json()["new"], imported.json()["changed"]) == (1, 1)
    assert (await ops.patch("/v1/mentors/nobody", json={"places": 1})).status_code == 404
    assert (await ops.patch("/v1/mentors/ana", json={"places": "5"})).status_code == 422
    assert (await ops.patch("/v1/mentors/%0c", json={"places": 5})).status_code == 422
    assert (await ops.post("/v1/mentors/ana")).headers["allow"] == "GET, HEAD, PATCH"
    step = await ops.put("/v1/programs/one/training/ana/guides/x.md")
    assert (step.status_code, step.json()["code"]) == (409, "program_without_training")


async def test_what_is_not_yours_does_not_exist(ops: httpx2.AsyncClient, app: FastAPI, pool: Pool, dsn: str) -> None:
    assert (await ops.post("/v1/programs/one/mentors", json={"id": "ana", "name": "Ana"})).status_code == 201
    await sequencer.drain(dsn)
    await catch_up(dsn)
    async with calling(app, await key_of(pool, "ops", programs=["two"])) as other:
        for method, path, body in (
            ("GET", "/v1/programs/{}", None),
            ("GET", "/v1/programs/{}/versions", None),
            ("GET", "/v1/programs/{}/enrollment", None),
            ("GET", "/v1/programs/{}/capacity", None),
            ("GET", "/v1/programs/{}/rounds", None),
            ("GET", "/v1/programs/{}/training", None),
            ("POST", "/v1/programs/{}/rounds", None),
            ("POST", "/v1/programs/{}/cohorts", {}),
            ("POST", "/v1/programs/{}/enrollment/open", {}),
        ):
            ours, nobodys = [await other.request(method, path.format(one), json=body) for one in ("one", "nowhere")]
            assert (ours.status_code, ours.json()) == (404, nobodys.json()), path
        assert [one["program"] for one in (await other.get("/v1/programs")).json()] == ["two"]
        theirs, nobody = await other.get("/v1/mentors/ana"), await other.get("/v1/mentors/who")
        assert (theirs.status_code, theirs.text.replace("ana", "who")) == (404, nobody.text)
        assert (await other.patch("/v1/mentors/ana", json={"places": 9})).status_code == 404
        taken = await other.post("/v1/programs/two/mentors", json={"id": "ana", "name": "Ann"})
        assert (taken.status_code, taken.json()["code"]) == (422, "file_invalid")
        assert (await other.get("/v1/people")).json()["code"] == "key_of_some_programs"
        person, nobody = await other.get("/v1/people/ana"), await other.get("/v1/people/who")
        assert (person.status_code, person.text.replace("ana", "who")) == (404, nobody.text)
    async with calling(app, await key_of(pool, "mentor", mentor="ana")) as ana:
        assert (await ana.get("/v1/mentors/ana/day")).status_code == 200
        assert (await ana.get("/v1/mentors/ben/day")).status_code == 404
        said = {"first_day": "2030-05-01", "last_day": "2030-05-03", "by": "ops:boss"}
        assert (await ana.post("/v1/mentors/ana/leave", json=said)).status_code == 200
    by = await pool.fetchval("select meta ->> 'by' from trellis.events where type = 'mentor.leave_planned'")
    assert by == "mentor:ana", "a mentor speaks for themselves alone"


async def test_learners_are_enrolled_and_their_journeys_start(
    ops: httpx2.AsyncClient, temporal: WorkflowEnvironment, pool: Pool
) -> None:
    base = "/v1/programs/one/enrollment"
    two = {"learners": [{"id": "lea", "name": "Lea", "answers": {"goal": "job"}}, {"id": "max"}]}
    closed = await ops.post(f"{base}/learners", json=two)
    assert (closed.status_code, closed.json()["code"]) == (409, "enrollment_closed")
    async with worker_on(temporal, pool, TASK_QUEUE):
        opened = (await ops.post(f"{base}/open", json={"places": 1})).json()
        recorded = [{"type": "program.enrollment_opened", "places": 1}]
        assert (opened["events"], opened["recorded"]) == (["program.enrollment_opened"], recorded)
        assert (opened["journeys"], opened["to_start"], opened["bulk"]) == (None, 0, None)
        dry = (await ops.post(f"{base}/learners", json=two | {"dry_run": True})).json()
        assert (dry["enrollment"]["taken"], dry["journeys"]) == (["lea"], None)
        done = (await ops.post(f"{base}/learners", json=two)).json()
        assert (done["enrollment"]["waiting"], done["journeys"]["answered"]) == (["max"], ["one.lea"])
        again = (await ops.post(f"{base}/learners", json=two)).json()
        assert (again["enrollment"]["taken"], again["journeys"]["running"]) == ([], ["one.lea"])
        assert (await ops.get(f"{base}/waiting")).json() == {"waiting": [{"learner": "max", "place": 1}], "next": None}
        removed = (await ops.post(f"{base}/learners/lea/remove", json={"reason": "moved"})).json()
        assert (removed["events"], removed["journeys"]["begun"]) == (
            ["program.learner_removed", "program.learners_enrolled"],
            ["one.max"],
        )
        table = "id,name\nzoe,Zoe\n"
        assert (await ops.post(f"{base}/import", content=table, headers=CSV)).json()["enrollment"]["waiting"] == ["zoe"]
    standing = (await ops.get(base)).json()
    assert (standing["is_open"], standing["enrolled"], standing["left"], standing["waiting"]) == (True, 1, 0, 1)
    assert (await ops.post(f"{base}/close")).json()["events"] == ["program.enrollment_closed"]
    assert (await ops.post(f"{base}/close")).json()["events"] == []
    origin = await pool.fetchval(
        "select meta -> 'origin' ->> 'channel' from trellis.events where type = 'program.enrollment_closed'"
    )
    assert origin == "http"
    for learners in ([], [{"id": "a b"}], [{"id": "a", "email": "a@b.org"}]):
        assert (await ops.post(f"{base}/learners", json={"learners": learners})).status_code == 422
