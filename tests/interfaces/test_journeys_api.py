"""Journeys over HTTP: started, steered by commands, each once, and each only by whom it concerns."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from fastapi import FastAPI
from pydantic_core import from_json
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.access import KeyRole
from domain.ids import JourneyId, ProgramId, journey_stream
from domain.program import OpenEnrollment, program_stream
from projections.runner import catch_up
from queries import freshness
from services.enrolling import Enrollment, record_published
from services.enrollment import standing
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from store.people import Person, upsert_many
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.projections.stories import AT, story, tell
from tests.projections.stories import publish as publish_story
from tests.temporal import worker_on
from tests.workflows.kits import SMALL, publish
from workflows.contract import TASK_QUEUE

PAUSE = {"reason": "exam weeks"}


@dataclass(frozen=True)
class Service:
    app: FastAPI
    ops: httpx2.AsyncClient
    pool: Pool
    dsn: str

    async def start(self, learner: str = "") -> str:
        answer = await self.ops.post("/v1/journeys", json={"program": "small", "learner": learner or own_learner()})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["journey"])

    async def pause(self, journey: str, **headers: str) -> httpx2.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.ops.post(f"/v1/journeys/{journey}/commands/pause", json=PAUSE, headers=named)

    async def events(self, journey: str) -> list[Any]:
        return await EventLog(self.pool).read_stream(journey_stream(JourneyId(journey)))

    async def show(self) -> None:
        await sequencer.drain(self.dsn)
        await catch_up(self.dsn)


def own_learner() -> str:
    """The tests share a Temporal server, and the id of a journey follows from its learner."""
    return f"l-{uuid4().hex[:12]}"


@pytest.fixture
async def service(temporal: WorkflowEnvironment, pool: Pool, dsn: str) -> AsyncIterator[Service]:
    await publish(pool)
    await record_published(pool, SMALL)
    app = guarded_app(pool, JourneyClient(temporal.client))
    async with worker_on(temporal, pool, TASK_QUEUE), calling(app, await key_of(pool, KeyRole.OPS)) as ops:
        yield Service(app, ops, pool, dsn)


async def test_a_journey_is_started_once_and_steered(service: Service) -> None:
    learner = own_learner()
    asked = {"program": "small", "learner": learner}
    first = await service.ops.post("/v1/journeys", json=asked)
    again = await service.ops.post("/v1/journeys", json=asked)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.headers["location"] == f"/v1/journeys/small.{learner}"
    assert first.json() == {
        "journey": f"small.{learner}", "program": "small", "learner": learner, "started": True,
        "intake": None, "answered": None,
    }  # fmt: skip
    assert again.json()["started"] is False

    paused = await service.pause(first.json()["journey"])
    assert paused.status_code == 200, paused.text
    assert paused.json() == {
        "journey": first.json()["journey"], "version": 2, "stage": "intake", "events": ["journey.paused"],
    }  # fmt: skip
    assert paused.headers["etag"] == '"2"'
    begun, event = await service.events(first.json()["journey"])
    assert event.meta["by"] == "ops:test"
    assert event.meta["origin"]["channel"] == begun.meta["origin"]["channel"] == "http"
    assert event.meta["origin"]["correlation"] == paused.headers["x-request-id"]
    enrolled = [one.meta for one in await EventLog(service.pool).read_stream(program_stream(ProgramId("small")))][-1]
    assert enrolled["origin"]["actor"].startswith("key:")
    assert enrolled["by"] == "ops:test"


async def test_many_start_at_once_and_each_gets_an_answer_of_their_own(service: Service) -> None:
    await Enrollment(service.pool).handle(ProgramId("small"), OpenEnrollment(places=5), AT)
    learners = [own_learner() for _ in range(12)]
    answers = await asyncio.gather(
        *(
            service.ops.post("/v1/journeys", json={"program": "small", "learner": one})
            for one in [*learners, learners[0]]
        )
    )
    statuses = Counter(one.status_code for one in answers)
    assert statuses[201] == 5
    assert statuses[409] == (8 if answers[0].status_code == answers[12].status_code == 409 else 7)
    assert {one.json()["type"] for one in answers if one.status_code == 409} == {"/problems/too_few_places"}
    state = await Enrollment(service.pool).state(ProgramId("small"))
    assert len(state.enrolled) == 5


async def test_answers_that_are_stored_are_sent_in_with_the_start(service: Service) -> None:
    learner = own_learner()
    await upsert_many(service.pool, [Person(learner, "learner", "Ada", attributes={"answers": {"goal": "job"}})])
    asked = {"program": "small", "learner": learner, "send_answers": True}
    started = (await service.ops.post("/v1/journeys", json=asked)).json()
    assert (started["started"], started["answered"], started["intake"]) == (True, "answered", None)
    again = (await service.ops.post("/v1/journeys", json=asked)).json()
    assert (again["started"], again["answered"]) == (False, None)
    both = await service.ops.post("/v1/journeys", json={**asked, "answers": {"goal": "job"}})
    assert (both.status_code, "not both" in both.text) == (422, True)
    words = await service.ops.post("/v1/journeys", json={**asked, "send_answers": "yes"})
    assert (words.status_code, "without quotes" in words.text) == (422, True)


async def test_answers_to_the_intake_come_with_the_start(service: Service) -> None:
    asked = {"program": "small", "learner": own_learner(), "answers": {"goal": "job"}}
    started = await service.ops.post("/v1/journeys", json=asked)
    assert started.status_code == 201, started.text
    assert started.json()["intake"]["events"][0] == "journey.intake_submitted"
    for answers in ({"gaol": "x"}, {"q": 1}, {"goal": "job" * 100_000}):
        other = own_learner()
        refused = await service.ops.post("/v1/journeys", json={**asked, "learner": other, "answers": answers})
        assert (refused.status_code, refused.json()["code"]) == (422, "answers_invalid"), answers
        assert other not in (await standing(service.pool, ProgramId("small"))).enrolled, "nothing has started"


async def test_a_command_holds_at_the_version_that_was_seen(service: Service) -> None:
    journey = await service.start()
    status = await service.ops.get(f"/v1/journeys/{journey}/status")
    assert status.headers["etag"] == '"1"'
    late = await service.pause(journey, If_Match='"7"')
    assert (late.status_code, late.json()["type"]) == (412, "/problems/version_mismatch")
    assert late.json()["data"] == {"version": 1, "if_version": 7}
    assert len(await service.events(journey)) == 1, "a wrong version leaves no trace"

    paused = await service.pause(journey, If_Match=status.headers["etag"], Idempotency_Key="pause-1")
    repeated = await service.pause(journey, If_Match=status.headers["etag"], Idempotency_Key="pause-1")
    stale = await service.pause(journey, If_Match=status.headers["etag"])
    assert (paused.status_code, repeated.status_code, stale.status_code) == (200, 200, 412)
    assert repeated.json() == paused.json()
    assert (await service.pause(journey, If_Match="17")).json()["code"] == "if_match_invalid"


async def test_a_repeat_gets_the_first_answer_and_another_request_none(service: Service) -> None:
    journey = await service.start()
    once = {"Idempotency-Key": "one"}
    path = f"/v1/journeys/{journey}/commands/give_feedback"
    said = {"confidence": 7, "notes": "good"}
    first = await service.ops.post(path, json=said, headers=once)
    again = await service.ops.post(path, json=said, headers=once)
    assert first.status_code == 200, first.text
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert (again.content, again.headers["etag"]) == (first.content, first.headers["etag"])

    other = await service.ops.post(path, json={"confidence": 2}, headers=once)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    invalid = await service.ops.post(path, json=said, headers={"Idempotency-Key": "a b"})
    assert (invalid.status_code, invalid.json()["code"]) == (400, "idempotency_key_invalid")
    async with calling(service.app, await key_of(service.pool, KeyRole.INTEGRATION)) as somebody:
        theirs = await somebody.post(path, json={"confidence": 2}, headers=once)
    assert theirs.status_code == 200, "each key has idempotency keys of its own"


async def test_a_repeat_after_a_kill_is_the_same_command(service: Service) -> None:
    """The claim of a killed process has run out and there is no answer: the request is handled again."""
    journey = await service.start()
    once = {"Idempotency-Key": "killed"}
    path = f"/v1/journeys/{journey}/commands/check_in"
    await service.ops.post(path, json={"notes": "a"}, headers=once)
    await service.pause(journey)
    await service.pool.execute("update trellis.requests set status = null, claimed_until = clock_timestamp()")
    again = await service.ops.post(path, json={"notes": "a"}, headers=once)
    assert "idempotent-replayed" not in again.headers
    refused = [one.type for one in await service.events(journey)]
    assert refused.count("journey.command_rejected") == 1, "check_in does not fit the stage, and is refused once"

    await service.pool.execute(
        "update trellis.requests set status = null, claimed_until = clock_timestamp() + interval '9 s'"
    )
    busy = await service.ops.post(path, json={"notes": "a"}, headers=once)
    assert (busy.status_code, busy.json()["code"]) == (409, "request_in_progress")
    assert busy.headers["retry-after"] == "1"


async def test_what_does_not_fit_is_not_sent_and_says_which_field(service: Service) -> None:
    journey = await service.start()
    path = f"/v1/journeys/{journey}/commands"
    wrong = await service.ops.post(f"{path}/pause", json={"reason": "", "untill": "x"})
    assert wrong.status_code == 422
    assert {tuple(one["loc"]) for one in wrong.json()["errors"]} == {("body", "reason"), ("body", "untill")}
    assert (await service.ops.post(f"{path}/nothing", json={})).status_code == 404
    resumed = await service.ops.post(f"{path}/resume")
    assert (resumed.status_code, resumed.json()["code"]) == (409, "journey_not_paused"), "it needs no body"
    hyphens = await service.ops.post(f"{path}/raise-risk-flag", json={"flag": "quiet"})
    assert hyphens.status_code == 200
    nobody = await service.ops.post("/v1/journeys/small.nobody/commands/pause", json=PAUSE)
    assert (nobody.status_code, "no journey 'small.nobody'" in nobody.json()["detail"]) == (404, True)


async def test_a_closed_journey_is_taken_up_from_the_log(service: Service) -> None:
    journey = await service.start()
    path = f"/v1/journeys/{journey}/commands"
    assert (await service.ops.post(f"{path}/withdraw", json={"reason": "moved"})).json()["stage"] == "closed"
    reopened = await service.ops.post(f"{path}/reopen", json={"reason": "a slip"})
    assert (reopened.status_code, reopened.json()["stage"]) == (200, "intake")


async def test_others_learn_nothing_of_a_journey(service: Service) -> None:
    journey = await service.start()
    await service.show()
    other = await key_of(service.pool, KeyRole.INTEGRATION, programs=["small"])
    await service.pool.execute("update trellis.keys set programs = '{other}' where programs is not null")
    mentor = await key_of(service.pool, KeyRole.MENTOR, mentor="m-1")
    for key, name in ((other, "pause"), (mentor, "raise_risk_flag")):
        said = PAUSE if name == "pause" else {"flag": "quiet"}
        async with calling(service.app, key) as stranger:
            for path in (
                f"/v1/journeys/{journey}",
                f"/v1/journeys/{journey}/status",
                f"/v1/journeys/{journey}/timeline",
            ):
                seen, absent = await stranger.get(path), await stranger.get(path.replace(journey, "nobody"))
                assert (seen.status_code, seen.text) == (404, absent.text.replace("nobody", journey))
            sent = await stranger.post(f"/v1/journeys/{journey}/commands/{name}", json=said)
            assert sent.status_code == 404
            assert (await stranger.get("/v1/journeys")).json() == {"rows": [], "next": None}
    assert len(await service.events(journey)) == 1


async def test_a_mentor_speaks_for_themselves(service: Service) -> None:
    journey = await service.start()
    path = f"/v1/journeys/{journey}/commands"
    await service.ops.post(f"{path}/submit_intake", json={"answers": {"goal": "job"}, "by": "learner"})
    await service.ops.post(f"{path}/review_intake", json={"verdict": "approve"})
    matched = await service.ops.post(f"{path}/approve_match", json={"mentor": "m-1"})
    assert matched.status_code == 200, matched.text
    async with calling(service.app, await key_of(service.pool, KeyRole.MENTOR, mentor="m-1")) as mentor:
        flagged = await mentor.post(f"{path}/raise_risk_flag", json={"flag": "quiet"})
        assert flagged.status_code == 200, flagged.text
        assert (await service.events(journey))[-1].meta["by"] == "mentor:m-1"
        as_ops = await mentor.post(f"{path}/raise_risk_flag", json={"flag": "loud", "by": "ops"})
        assert (as_ops.status_code, as_ops.json()["code"]) == (403, "not_yourself")
        assert (await mentor.post(f"{path}/pause", json=PAUSE)).status_code == 403
        await service.show()
        assert [one["journey"] for one in (await mentor.get("/v1/journeys")).json()["rows"]] == [journey]
        assert (await mentor.get("/v1/journeys", params={"mentor": "m-2"})).json()["rows"] == []
        for flag, found in (("quiet", [journey]), ("any", [journey]), ("loud", [])):
            rows = (await mentor.get("/v1/journeys", params={"flag": flag})).json()["rows"]
            assert [(one["journey"], one["flags"]) for one in rows] == [(one, ["quiet"]) for one in found]
    row = await service.ops.get(f"/v1/journeys/{journey}")
    assert row.headers["etag"] == f'"{row.json()["version"]}"' == f'"{len(await service.events(journey))}"'


async def test_every_command_has_its_form_in_the_document(service: Service) -> None:
    document = from_json((await service.ops.get("/openapi.json")).content)
    pause = document["paths"]["/v1/journeys/{journey}/commands/pause"]["post"]
    assert pause["operationId"] == "pause_journey"
    form = document["components"]["schemas"]["Pause"]
    assert (form["required"], form["additionalProperties"]) == (["reason"], False)
    assert {one["name"] for one in pause["parameters"]} == {"journey", "Idempotency-Key", "If-Match"}
    assert {"200", "404", "409", "412", "422", "503"} <= set(pause["responses"])


async def test_whoever_has_written_reads_it(service: Service) -> None:
    await service.show()
    journey = await service.start()
    version = (await service.pause(journey)).json()["version"]

    async def project() -> None:
        await asyncio.sleep(0.1)
        await service.show()

    projecting = asyncio.create_task(project())
    seen = await service.ops.get(f"/v1/journeys/{journey}", params={"min_version": version})
    await projecting
    assert (seen.status_code, seen.json()["version"], seen.json()["paused_until"] is None) == (200, 2, False)
    entries = (await service.ops.get(f"/v1/journeys/{journey}/timeline", params={"min_version": version})).json()
    assert [one["version"] for one in entries] == [1, 2]
    never = await service.ops.get(f"/v1/journeys/{journey}", params={"min_version": 9})
    assert (never.status_code, never.json()["code"], never.json()["data"]) == (
        422,
        "version_not_recorded",
        {"version": 2},
    )
    absent = await service.ops.get("/v1/journeys/nobody", params={"min_version": 1})
    assert absent.status_code == 404


async def test_a_view_that_is_behind_is_no_wrong_answer(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    await service.show()
    journey = await service.start()
    monkeypatch.setattr(freshness, "PATIENCE", timedelta(seconds=0.05))
    status = await service.ops.get(f"/v1/journeys/{journey}/status")
    late = await service.ops.get(f"/v1/journeys/{journey}", params={"min_version": status.json()["version"]})
    assert (late.status_code, late.headers["retry-after"]) == (503, "1")


async def test_cases_are_a_queue_that_is_worked_off(service: Service) -> None:
    await publish_story(service.pool)
    for number in range(3):
        await tell(EventLog(service.pool), number, story(number, 8))
    await service.show()
    first = (await service.ops.get("/v1/cases", params={"limit": 2})).json()
    rest = (await service.ops.get("/v1/cases", params={"limit": 2, "after": first["next"]})).json()
    found = [*first["rows"], *rest["rows"]]
    assert rest["next"] is None
    assert [one["journey"] for one in found] == ["ready.l-0", "ready.l-1", "ready.l-2"]
    case = found[0]
    assert (case["case"], case["severity"], case["owner"], case["acknowledged"]) == ("case-1", "warning", "ops", False)
    assert case["respond_by"] > case["opened_at"]
    one = await service.ops.get("/v1/cases/ready.l-1/case-1")
    assert (one.json(), one.headers["etag"]) == (found[1], '"8"')
    assert (await service.ops.get("/v1/cases/ready.l-1/case-9")).status_code == 404
    filters: list[tuple[dict[str, str | bool], int]] = [
        ({"owner": "mentor"}, 0), ({"overdue": True}, 3), ({"severity": "critical"}, 0), ({"mentor": "m-1"}, 1),
        ({"acknowledged": True}, 0), ({"snoozed": False, "sort": "due"}, 3), ({"program": "small"}, 0),
        ({"journey": "ready.l-2"}, 1),
    ]  # fmt: skip
    for asked, expected in filters:
        rows = (await service.ops.get("/v1/cases", params=asked)).json()["rows"]
        assert len(rows) == expected, asked
    assert (await service.ops.get("/v1/cases", params={"after": "x"})).json()["code"] == "cursor_invalid"
    overdue = (await service.ops.get("/v1/attention")).json()
    assert [one["about"] for one in overdue["items"][:3]] == ["case:case-1"] * 3


async def test_a_case_is_taken_and_resolved(service: Service) -> None:
    journey = await service.start()
    path = f"/v1/cases/{journey}"
    unknown = await service.ops.post(f"{path}/case-1/acknowledge")
    assert (unknown.status_code, unknown.json()["code"]) == (409, "unknown_case")
    resolved = await service.ops.post(f"{path}/case-1/resolve", json={"resolution": ""})
    assert resolved.status_code == 422
    stale = await service.ops.post(f"{path}/case-1/resolve", json={"resolution": "x"}, headers={"If-Match": '"1"'})
    assert stale.json()["code"] == "version_mismatch"
