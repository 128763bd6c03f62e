"""Times and office hours over HTTP."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.ids import JourneyId, LearnerId, ProgramId
from projections.runner import catch_up
from store import people, sequencer
from store.database import Pool
from store.people import Person
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.support.matching_rounds import small_kit
from tests.temporal import worker_on
from tests.workflows.kits import publish
from workflows.contract import TASK_QUEUE, Begin


async def test_times_are_offered_and_booked(temporal: WorkflowEnvironment, pool: Pool, dsn: str) -> None:
    program, learner = ProgramId(f"times-{uuid4()}"), LearnerId("lea")
    await publish(pool, small_kit(program))
    mentors = [Person("ana", "mentor", "Ana"), Person("ben", "mentor", "Ben")]
    await people.upsert_many(pool, [*mentors, Person("lea", "learner", "Lea")])
    journeys = JourneyClient(temporal.client)
    journey = JourneyId(f"{program}.lea")
    app = guarded_app(pool, journeys)
    async with worker_on(temporal, pool, TASK_QUEUE), calling(app, await key_of(pool, "ops")) as ops:
        await journeys.begin(Begin(program=program, learner=learner))
        await journeys.send(journey, "submit_intake", {"answers": {"goal": "job"}})
        await journeys.send(journey, "review_intake", {"verdict": "approve"})
        await journeys.send(journey, "approve_match", {"mentor": "ana"})
        await sequencer.drain(dsn)
        await catch_up(dsn)
        times = f"/v1/journeys/{journey}/sessions/kickoff/times"
        offered = (await ops.get(times, params={"many": 2})).json()["offered"]
        assert len(offered) == 2
        booked = await ops.post(times, json={"starts_at": offered[0]["starts_at"]})
        assert (booked.status_code, booked.json()["new"]) == (200, True), booked.text
        assert (await ops.post(times, json={"starts_at": offered[0]["starts_at"]})).json()["new"] is False
        past = await ops.post(times, json={"starts_at": "2020-01-01T10:00:00Z"})
        assert (past.status_code, past.json()["code"]) == (409, "time_unsuitable")
        assert (await ops.post(times, json={"starts_at": "tomorrow"})).status_code == 422

        common = (await ops.get("/v1/common-times", params={"program": program, "learner": "lea"})).json()
        assert common["times"]
        for params in ({}, {"cohort": "x.1", "learner": "lea"}, {"program": program, "learner": "zoe"}):
            assert (await ops.get("/v1/common-times", params=params)).json()["code"] == "learners_unusable"

        start = (datetime.now(UTC) + timedelta(days=8)).replace(hour=12, minute=0, second=0, microsecond=0)
        hours = "/v1/mentors/ana/office-hours"
        body = {"program": program, "starts_at": start.isoformat(), "seats": 1}
        async with calling(app, await key_of(pool, "mentor", mentor="ana")) as ana:
            (offer,) = (await ana.post(hours, json=body)).json()
            assert (await ana.post(hours, json=body)).json() == []
            assert (await ana.post("/v1/mentors/ben/office-hours", json=body)).status_code == 404
        seat = f"{hours}/{offer['office_hours']}/seats/{journey}"
        assert [(await ops.put(seat)).json()["changed"] for _ in range(2)] == [True, False]
        await sequencer.drain(dsn)
        await catch_up(dsn)
        (listed,) = (await ops.get("/v1/office-hours", params={"mentor": "ana"})).json()
        assert (listed["left"], listed["learners"]) == (0, [journey])
        async with calling(app, await key_of(pool, "mentor", mentor="ben")) as ben:
            missing = await ben.get("/v1/journeys/nobody/sessions/kickoff/times")
            theirs = await ben.get(times)
            assert (theirs.status_code, theirs.text.replace(journey, "nobody")) == (404, missing.text)
            assert (await ben.get("/v1/office-hours")).json() == []
        assert [(await ops.delete(seat)).json()["changed"] for _ in range(2)] == [True, False]
        unknown = await ops.post(f"{hours}/x/cancel")
        assert (unknown.status_code, unknown.json()["code"]) == (409, "no_such_office_hours")
        canceled = await ops.post(f"{hours}/{offer['office_hours']}/cancel", json={"reason": "ill"})
        assert canceled.json()["journeys"] == []
