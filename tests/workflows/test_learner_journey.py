"""The journey's workflow, on a real Temporal server and a real log."""

import asyncio
from datetime import timedelta

import pytest
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from client.journeys import Refused
from domain.ids import JourneyId, KitDigest, journey_stream
from domain.kit import Kit
from store import kits
from store.event_log import EventLog
from tests.temporal import Running, own_id
from tests.workflows.kits import publish
from workflows.contract import Begin
from workflows.learner_journey import LearnerJourney
from workflows.pinned_kits import journey_converter

BEGIN = Begin(program="small", learner="l-1")


async def story(running: Running, journey: JourneyId) -> list[str]:
    events = await EventLog(running.pool).read_stream(journey_stream(journey))
    return [event.type.removeprefix("journey.") for event in events]


async def test_a_whole_journey_from_intake_to_closing(running: Running) -> None:
    await publish(running.pool)
    client, journey = running.client, own_id("whole")
    assert await client.begin(BEGIN, journey)

    await client.send(journey, "submit_intake", {"answers": {"goal": "job"}, "by": "learner:l-1"})
    await client.send(journey, "review_intake", {"verdict": "approve", "by": "ops:ana"})
    answer = await client.send(journey, "approve_match", {"mentor": "m-1"})
    assert answer.stage == "sessions"
    assert answer.events == ("journey.mentor_matched", "journey.pathway_started")

    await running.pass_time(journey, timedelta(days=3))
    await client.send(journey, "record_attendance", {"session": "kickoff", "attendance": "attended"})
    await running.pass_time(journey, timedelta(days=7))
    status = await client.status(journey)
    assert [case.rule for case in status.cases] == ["late-work"]
    for milestone in ("draft", "portfolio"):
        await client.send(journey, "submit_milestone", {"milestone": milestone})
        await client.send(journey, "review_milestone", {"milestone": milestone, "verdict": "passed", "score": 80})
    answer = await client.send(journey, "record_attendance", {"session": "review", "attendance": "late"})
    assert answer.stage == "wrap_up"
    assert (await client.send(journey, "complete_wrap_up", {})).stage == "closed"

    ended = await running.environment.client.get_workflow_handle(journey).result()
    assert ended == {"ending": "completed", "version": answer.version + 1}
    assert await story(running, journey) == [
        "started",
        "intake_submitted",
        "intake_approved",
        "mentor_matched",
        "pathway_started",
        "reminder_fell_due",
        "attendance_recorded",
        "reminder_fell_due",
        "milestone_deadline_missed",
        "reminder_fell_due",
        "case_opened",
        "nudged",
        "milestone_submitted",
        "milestone_reviewed",
        "milestone_submitted",
        "milestone_reviewed",
        "attendance_recorded",
        "wrap_up_started",
        "closed",
    ]


async def test_a_refused_update_is_answered_and_shows_in_the_log(running: Running) -> None:
    await publish(running.pool)
    client, journey = running.client, own_id("refused")
    await client.begin(BEGIN, journey)
    with pytest.raises(Refused, match="belongs to the stage sessions"):
        await client.send(journey, "submit_milestone", {"milestone": "draft"})
    assert await story(running, journey) == ["started", "command_rejected"]


async def test_a_refusal_has_a_code_and_data_which_a_repeat_in_a_later_run_has_too(running: Running) -> None:
    await publish(running.pool)
    client, journey = running.client, own_id("coded")
    await client.begin(BEGIN.model_copy(update={"continue_after": 1}), journey)
    codes = []
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            await client.send(journey, "give_feedback", {"confidence": 11, "nots": "high"}, command_id="same")
        codes.append((refused.value.code, refused.value.data))
        await client.send(journey, "give_feedback", {"confidence": 9})
    assert codes == [("payload_invalid", {"fields": ["confidence"]})] * 2
    (recorded,) = [
        one.meta
        for one in await EventLog(running.pool).read_stream(journey_stream(journey))
        if one.type == "journey.command_rejected"
    ]
    assert recorded["refusal"] == {"code": "payload_invalid", "data": {"fields": ["confidence"]}}


async def replay(running: Running, journey: JourneyId) -> None:
    """As after a restart: raises when the workflow would not do again what its history says."""

    async def kit(digest: KitDigest) -> Kit:
        return await kits.load(running.pool, digest)

    history = await running.environment.client.get_workflow_handle(journey).fetch_history()
    replayer = Replayer(
        workflows=[LearnerJourney],
        data_converter=journey_converter(kit),
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    await replayer.replay_workflow(history)


async def test_a_request_to_cancel_is_refused_with_a_trace_and_ends_nothing(running: Running) -> None:
    await publish(running.pool)
    client, journey = running.client, own_id("canceled")
    await client.begin(BEGIN, journey)
    await client.status(journey)
    handle = running.environment.client.get_workflow_handle(journey)
    await handle.cancel()
    await running.status_when(journey, lambda status: status.version == 2)
    await handle.cancel()

    answer = await client.send(journey, "submit_intake", {"answers": {"goal": "job"}})
    assert answer.version == 3, "the second request is of the same run"
    await client.send(journey, "withdraw", {"reason": "moved away"})
    assert (await handle.result())["ending"] == "withdrawn"
    recorded = await EventLog(running.pool).read_stream(journey_stream(journey))
    assert [event.type for event in recorded][:3] == [
        "journey.started",
        "journey.command_rejected",
        "journey.intake_submitted",
    ]
    assert recorded[1].data["command"] == "cancel"
    assert "`withdraw` or `end_early`" in recorded[1].data["reason"]
    await replay(running, journey)


async def test_a_journey_canceled_while_it_records_goes_on_too(running: Running) -> None:
    """Of all the moments at which a request may arrive, these are those that a client can bring about."""
    await publish(running.pool)
    client, journey = running.client, own_id("canceled")
    handle = running.environment.client.get_workflow_handle(journey)
    await client.begin(BEGIN, journey)
    await asyncio.gather(
        handle.cancel(), *(client.send(journey, "ask_for_help", {"notes": f"{number}"}) for number in range(5))
    )
    await client.send(journey, "end_early", {"reason": "closed"})
    assert (await handle.result())["ending"] == "ended_early"
    told = await story(running, journey)
    assert (told.count("help_asked"), told.count("command_rejected"), told[-1]) == (5, 1, "closed")
    await replay(running, journey)
