"""What Temporal lists and offers of a journey, and what becomes of a message that no handler expects."""

import asyncio
import json
from asyncio.subprocess import PIPE
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.common import RawValue

from domain.ids import JourneyId, journey_stream
from domain.journey import COMMANDS
from runtime.embedded.temporal import PROGRAM
from store.event_log import EventLog
from tests.temporal import Running, own_id
from tests.workflows.kits import publish
from workflows.contract import CATCH_UP, Begin
from workflows.handlers import description_of

NOT_JSON = RawValue(Payload(metadata={"encoding": b"json/plain"}, data=b"not json"))


async def begun(running: Running, name: str) -> JourneyId:
    await publish(running.pool)
    journey = own_id(name)
    await running.client.begin(Begin(program="small", learner="l-1"), journey)
    return journey


async def temporal_cli(running: Running, *arguments: str) -> str:
    """What a person types in another terminal."""
    address = running.environment.client.service_client.config.target_host
    command = [str(Path(PROGRAM)), "workflow", *arguments, "--address", address]
    done = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=PIPE)
    async with asyncio.timeout(30):
        out, errors = await done.communicate()
    assert done.returncode == 0, errors.decode()
    return out.decode()


async def refused(running: Running, journey: JourneyId) -> list[tuple[str, str]]:
    events = await EventLog(running.pool).read_stream(journey_stream(journey))
    return [
        (event.data["command"], event.data["reason"]) for event in events if event.type == "journey.command_rejected"
    ]


@pytest.mark.parametrize("name", list(COMMANDS))
def test_every_command_describes_itself_in_one_sentence(name: str) -> None:
    description = description_of(COMMANDS[name])
    assert description.endswith(".")
    assert 10 < len(description) <= 120


async def test_temporal_lists_every_command_with_its_description(running: Running) -> None:
    journey = await begun(running, "listed")
    told = await temporal_cli(running, "metadata", "--workflow-id", journey, "--output", "json")
    definition = json.loads(told)["queryResult"][0]["definition"]
    described = {name: description_of(command) for name, command in COMMANDS.items()}
    for kind in ("signalDefinitions", "updateDefinitions"):
        listed = {one.get("name", ""): one.get("description", "") for one in definition[kind]}
        assert described.items() <= listed.items()
        assert listed.keys() - described.keys() <= {"", CATCH_UP}, "the dynamic handler has no name"
    assert any(one["name"] == "status" and one["description"] for one in definition["queryDefinitions"])


async def test_the_temporal_cli_sends_a_command_as_an_update(running: Running) -> None:
    journey = await begun(running, "by-hand")
    payload = '{"reason": "exam weeks", "by": "ops:ana"}'
    told = await temporal_cli(
        running, "update", "execute", "--workflow-id", journey, "--name", "pause", "--input", payload
    )
    assert "journey.paused" in told
    assert (await running.client.status(journey)).paused_until


@pytest.mark.parametrize("arguments", [[], [NOT_JSON], [NOT_JSON, NOT_JSON], [{"reason": ""}, "more"]])
async def test_a_signal_that_cannot_be_read_leaves_a_trace_and_holds_up_nothing(
    running: Running, arguments: list[Any]
) -> None:
    journey = await begun(running, "unreadable")
    handle = running.environment.client.get_workflow_handle(journey)
    for name in ("pause", "pauze"):
        await handle.signal(name, args=arguments)
    await running.client.send(journey, "submit_intake", {"answers": {"goal": "job"}})
    assert [command for command, _ in await refused(running, journey)] == ["pause", "pauze"]


async def test_known_and_unknown_names_are_handled_in_the_order_in_which_they_came(running: Running) -> None:
    journey = await begun(running, "in-order")
    handle = running.environment.client.get_workflow_handle(journey)
    for number in range(8):
        await handle.signal("pause" if number % 2 else f"dance-{number}", {"reason": ""})
    await running.client.send(journey, "submit_intake", {"answers": {"goal": "job"}})
    assert [command for command, _ in await refused(running, journey)] == [
        "pause" if number % 2 else f"dance-{number}" for number in range(8)
    ]


@pytest.mark.parametrize("arguments", [[], [NOT_JSON], [NOT_JSON, 2], ["17"], [{"version": "17"}]])
async def test_a_catch_up_that_cannot_be_read_changes_nothing(running: Running, arguments: list[Any]) -> None:
    journey = await begun(running, "catching-up")
    await running.environment.client.get_workflow_handle(journey).signal(CATCH_UP, args=arguments)
    answer = await running.client.send(journey, "submit_intake", {"answers": {"goal": "job"}})
    assert answer.version == 2


async def test_a_start_without_input_fails_with_the_reason(running: Running) -> None:
    handle = await running.environment.client.start_workflow(
        "LearnerJourney", id=own_id("no-input"), task_queue=running.task_queue
    )
    with pytest.raises(Exception, match="Workflow execution failed") as failed:
        await handle.result()
    assert "the journey cannot begin" in str(failed.value.__cause__)
