"""Whatever is sent to a journey, it says no, records that, and lives on."""

import asyncio
from uuid import uuid4

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowFailureError
from temporalio.common import RawValue

from client.journeys import Refused
from domain.ids import JourneyId, journey_stream
from store.event_log import EventLog
from tests.temporal import Running
from tests.workflows.kits import publish
from workflows.contract import WORKFLOW, Begin

SENT: list[tuple[str, bytes]] = [
    ("pause", rb'{"by": "\u0000", "reason": "ill"}'),
    ("pause", rb'{"by": "\ud800", "reason": "ill"}'),
    ("pause", rb'{"reason": "a\u0000b"}'),
    ("pause", rb'{"reason\u0000": "ill"}'),
    ("pau\x00se", b"{}"),
    ("pause", b'{"reason": "ill", "until": "9999-12-31T23:59:59-12:00"}'),
    ("pause", b'{"reason": 1e999}'),
    ("pause", b"\xff\xfe"),
    ("pause", b"[" * 50_000),
    ("x" * 900, b"{}"),
    ("record_attendance", rb'{"session": "\ud800", "attendance": "attended"}'),
    ("record_attendance", b'{"session": "%s", "attendance": "late"}' % (b"x" * 50_000)),
    ("submit_intake", b'{"answers": {%s}}' % b",".join(b'"%s%d": "x"' % (b"k" * 3_000, nth) for nth in range(20))),
]


async def test_a_journey_survives_whatever_is_sent(running: Running) -> None:
    await publish(running.pool)
    journey = JourneyId(f"small.{uuid4()}")
    await running.client.begin(Begin(program="small", learner="lea"), journey)
    handle = running.environment.client.get_workflow_handle(journey)
    for name, data in SENT:
        await handle.signal(name, RawValue(Payload(metadata={"encoding": b"json/plain"}, data=data)))
    async with asyncio.timeout(30):
        await running.client.send(journey, "withdraw", {"reason": "moved"})
    types = [one.type for one in await EventLog(running.pool).read_stream(journey_stream(journey))]
    assert types == ["journey.started", *["journey.command_rejected"] * len(SENT), "journey.closed"]


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", 0, "now"])
async def test_a_journey_does_not_begin_at_the_ends_of_time(running: Running, instant: object) -> None:
    await publish(running.pool)
    begin = {"program": "small", "learner": "zero", "rehearse_from": instant}
    journey = f"small.{uuid4()}"
    with pytest.raises(WorkflowFailureError) as failed:
        await running.environment.client.execute_workflow(WORKFLOW, begin, id=journey, task_queue=running.task_queue)
    assert "the journey cannot begin: rehearse_from: " in str(failed.value.cause)
    assert await EventLog(running.pool).version(journey_stream(JourneyId(journey))) == 0


@pytest.mark.parametrize("odd", ["a/b-{}", "a b-{}", "?{}", "ä-{}", "{}" + "x" * 300])
async def test_a_journey_does_not_begin_under_an_id_that_no_url_can_carry(running: Running, odd: str) -> None:
    await publish(running.pool)
    journey, begin = odd.format(uuid4()), Begin(program="small", learner="lea")
    with pytest.raises(WorkflowFailureError) as failed:
        await running.environment.client.execute_workflow(WORKFLOW, begin, id=journey, task_queue=running.task_queue)
    assert "cannot be the id of a journey; use letters" in str(failed.value.cause)
    assert await EventLog(running.pool).version(journey_stream(JourneyId(journey))) == 0


async def test_a_command_beyond_the_limit_of_the_log_is_refused_with_its_trace(running: Running) -> None:
    await publish(running.pool)
    journey = JourneyId(f"small.{uuid4()}")
    await running.client.begin(Begin(program="small", learner="lea"), journey)
    step = {"text": "\u00e4" * 10_000, "due_at": "2027-03-02T09:00:00Z"}
    with pytest.raises(Refused, match=r"280,\d+ bytes as JSON, and at most 245,760 can be recorded; shorten its texts"):
        await running.client.send(
            journey, "send_follow_up", {"session": "kickoff", "summary": "s", "next_steps": [step] * 14}
        )
    types = [one.type for one in await EventLog(running.pool).read_stream(journey_stream(journey))]
    assert types == ["journey.started", "journey.command_rejected"]
    assert (await running.client.send(journey, "withdraw", {"reason": "moved"})).stage == "closed"


@pytest.mark.parametrize("name", ["submit_intake", "status", "__temporal", "run"])
async def test_names_that_mean_something_else_are_only_names(running: Running, name: str) -> None:
    await publish(running.pool)
    journey = JourneyId(f"small.{uuid4()}")
    await running.client.begin(Begin(program="small", learner="lea"), journey)
    await running.client.signal(journey, name, {})
    async with asyncio.timeout(30):
        assert (await running.client.send(journey, "withdraw", {"reason": "moved"})).stage == "closed"
