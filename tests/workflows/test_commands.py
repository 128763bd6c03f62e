"""Commands by signal and by update: read, refused, repeated, and never an obstacle for the journey."""

import asyncio
import json
from asyncio.subprocess import PIPE
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import WorkflowUpdateFailedError
from temporalio.common import RawValue

from client.journeys import NoSuchJourney, Refused
from domain.ids import JourneyId, journey_stream
from runtime.embedded.temporal import PROGRAM
from store.event_log import EventLog
from tests.temporal import Running, move_clock, own_id
from tests.workflows.kits import publish
from workflows.contract import Begin

BEGIN = Begin(program="small", learner="l-1")


async def begun(running: Running, name: str) -> JourneyId:
    await publish(running.pool)
    journey = own_id(name)
    await running.client.begin(BEGIN, journey)
    return journey


async def refusals(running: Running, journey: JourneyId) -> list[dict[str, Any]]:
    events = await EventLog(running.pool).read_stream(journey_stream(journey))
    return [event.data for event in events if event.type == "journey.command_rejected"]


@pytest.mark.parametrize(
    ("name", "payload", "reason"),
    [
        ("pause", {"reason": ""}, "reason: String should have at least 1 character"),
        ("pause", {"reason": "exams", "untill": "2026-01-01"}, "untill: Extra inputs are not permitted"),
        ("pause", "exams", "not an object with named fields"),
        ("pause", ["exams"], "not an object with named fields"),
        ("pause", None, "reason: Field required"),
        ("pause", {"reason": "exams", "by": "somebody"}, "by: String should match pattern"),
        ("record_attendance", {"session": "kickoff", "attendance": "asleep"}, "attendance: Input should be"),
        ("review_milestone", {"milestone": "draft", "verdict": "passed", "score": 101}, "score: Input should be less"),
        ("pauze", {"reason": "exams"}, "no command of this name; there are: submit_intake, review_intake"),
        ("submit_milestone", {"milestone": "draft"}, "belongs to the stage sessions"),
    ],
)
async def test_a_refusal_leaves_a_trace_both_ways_and_the_journey_goes_on(
    running: Running, name: str, payload: Any, reason: str
) -> None:
    journey = await begun(running, "refusing")
    handle = running.environment.client.get_workflow_handle(journey)

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await handle.execute_update(name, payload)
    assert reason in str(refused.value.cause)

    await handle.signal(name, payload)
    answer = await running.client.send(journey, "submit_intake", {"answers": {"goal": "job"}})
    assert answer.events == ("journey.intake_submitted",)
    both = await refusals(running, journey)
    assert [one["command"] for one in both] == [name, name]
    assert all(reason in one["reason"] for one in both)


async def test_a_payload_that_is_not_json_shows_on_the_timeline(running: Running) -> None:
    journey = await begun(running, "garbled")
    garbled = RawValue(Payload(metadata={"encoding": b"json/plain"}, data=b"not json"))
    await running.environment.client.get_workflow_handle(journey).signal("pause", garbled)
    await running.client.send(journey, "submit_intake", {"answers": {"goal": "job"}})
    (refusal,) = await refusals(running, journey)
    assert "the payload is not JSON" in refusal["reason"]
    assert "not json" not in refusal["reason"]


async def test_the_temporal_cli_begins_signals_and_updates(running: Running) -> None:
    await publish(running.pool)
    journey = own_id("by-hand")
    start = json.dumps({"program": "small", "learner": "l-9"})
    await _temporal(
        running,
        "signal-with-start",
        journey,
        "submit_intake",
        *("--signal-input", '{"answers": {"goal": "job"}, "by": "learner:l-9"}'),
        *("--type", "LearnerJourney", "--task-queue", running.task_queue, "--input", start),
    )
    await _temporal(running, "signal", journey, "pause", "--input", '{"reason": "exam weeks", "by": "ops:ana"}')
    told = await _temporal(running, "update", journey, "resume", "--input", '{"by": "ops:ana"}')
    assert "journey.resumed" in told
    status = await running.client.status(journey)
    assert (status.stage, status.awaited[0].duty) == ("intake", "intake_review")


async def test_a_repeated_command_changes_nothing(running: Running) -> None:
    journey = await begun(running, "twice")
    first = await running.client.send(journey, "pause", {"reason": "exams"})
    second = await running.client.send(journey, "pause", {"reason": "exams"})
    assert first.events == ("journey.paused",)
    assert second.events == ()
    assert first.version == second.version


async def test_a_pause_moves_the_deadlines(running: Running) -> None:
    journey = await begun(running, "pausing")
    before = await running.client.status(journey)
    await running.client.send(journey, "pause", {"reason": "exams"})
    paused = await running.client.status(journey)
    assert paused.awaited == ()
    assert [timer.rule for timer in paused.timers] == ["pausing.limit"]
    await move_clock(running.environment, running.environment.client.get_workflow_handle(journey), timedelta(days=5))
    await running.client.send(journey, "resume", {})
    after = await running.client.status(journey)
    moved = after.awaited[0].due_at - before.awaited[0].due_at
    assert timedelta(days=5) <= moved < timedelta(days=5, minutes=2)


async def test_an_unknown_journey_and_an_unknown_program_say_so(running: Running) -> None:
    with pytest.raises(NoSuchJourney, match="begin it with"):
        await running.client.send(own_id("nobody"), "pause", {"reason": "exams"})
    journey = own_id("no-kit")
    await running.client.begin(Begin(program="nowhere", learner="l-1"), journey)
    with pytest.raises(Exception, match="Workflow execution failed") as failed:
        await running.environment.client.get_workflow_handle(journey).result()
    assert "publish one with" in str(failed.value.__cause__)


async def test_an_input_that_does_not_fit_fails_with_the_reason(running: Running) -> None:
    handle = await running.environment.client.start_workflow(
        "LearnerJourney", {"programme": "small"}, id=own_id("misfit"), task_queue=running.task_queue
    )
    with pytest.raises(Exception, match="Workflow execution failed") as failed:
        await handle.result()
    assert "program: Field required" in str(failed.value.__cause__)


async def test_begin_and_send_is_one_step_and_can_be_repeated(running: Running) -> None:
    await publish(running.pool)
    journey = own_id("with-start")
    payload = {"answers": {"goal": "job"}}
    first = await running.client.begin_and_send(BEGIN, "submit_intake", payload, journey)
    again = await running.client.begin_and_send(BEGIN, "submit_intake", payload, journey)
    assert (first.events, again.events) == (("journey.intake_submitted",), ())
    with pytest.raises(Refused):
        await running.client.begin_and_send(BEGIN, "submit_milestone", {"milestone": "draft"}, journey)


async def _temporal(running: Running, verb: str, journey: JourneyId, name: str, *rest: str) -> str:
    """What a person types in another terminal."""
    address = running.environment.client.service_client.config.target_host
    flag = "--signal-name" if verb == "signal-with-start" else "--name"
    command = [str(Path(PROGRAM)), "workflow", *(("update", "execute") if verb == "update" else (verb,))]
    command += ["--address", address, "--workflow-id", journey, flag, name, *rest]
    done = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    async with asyncio.timeout(30):
        out, errors = await done.communicate()
    assert done.returncode == 0, errors.decode()
    return out.decode()
