"""What a journey lives through: new runs at any point, a lost Temporal, a log that knows more, an absent Postgres."""

import asyncio
import gc
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.journeys import Journeys
from client.journeys import JourneyClient
from domain.activity import LearnerWasActive
from domain.ids import JourneyId, activity_stream, journey_stream
from domain.journey.events import OutcomeRecorded
from runtime.embedded.postgres import PostgresServer
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog, RecordedEvent
from tests.support.outages import away
from tests.support.rehearsed import START, STORY, play, told
from tests.temporal import Running, move_clock, own_id, worker_on
from tests.workflows.kits import publish
from workflows.contract import Begin
from workflows.journey_activities import Cause, Record, Recorded, facts


async def test_a_new_run_after_every_command_records_the_same_events(running: Running) -> None:
    in_one_run = own_id("one-run")
    in_many = own_id("many-runs")
    plain = await play(running, in_one_run, continue_after=500)
    assert plain == await play(running, in_many, continue_after=1)
    assert plain[-1][0] == "journey.closed"
    assert len(plain) > 2 * len(STORY) - 8
    runs = [one async for one in running.environment.client.list_workflows(f"WorkflowId = '{in_many}'")]
    assert len(runs) >= len(STORY)


async def test_signals_that_arrive_while_runs_change_are_all_handled_in_order(running: Running) -> None:
    await publish(running.pool)
    journey = own_id("burst")
    await running.client.begin(Begin(program="small", learner="l-1", continue_after=1), journey)
    for number in range(60):
        await running.client.signal(journey, "record_outcome", {"kind": "note", "value": str(number)})
    await running.client.send(journey, "record_outcome", {"kind": "note", "value": "last"})
    values = [data["value"] for kind, _, data in await told(running.pool, journey) if kind.endswith("outcome_recorded")]
    assert values == [*map(str, range(60)), "last"]


async def test_a_journey_that_temporal_lost_goes_on_from_the_log(running: Running) -> None:
    await publish(running.pool)
    journey, begin = own_id("lost"), Begin(program="small", learner="l-1")
    await running.client.begin(begin, journey)
    await running.client.send(journey, "submit_intake", {"answers": {"goal": "job"}})
    before = await running.client.status(journey)
    await running.environment.client.get_workflow_handle(journey).terminate()

    assert await running.client.begin(begin, journey)
    after = await running.client.status(journey)
    assert after.version == before.version == 2
    assert (after.stage, after.awaited, after.timers) == (before.stage, before.awaited, before.timers)
    assert (await running.client.send(journey, "review_intake", {"verdict": "approve"})).stage == "matching"


async def test_an_outcome_after_the_end_runs_the_journey_for_a_moment(running: Running) -> None:
    await publish(running.pool)
    journey, begin = own_id("late-outcome"), Begin(program="small", learner="l-1")
    await running.client.begin(begin, journey)
    await running.client.send(journey, "withdraw", {"reason": "found a job"})
    handle = running.environment.client.get_workflow_handle(journey)
    await handle.result()
    outcome = {"kind": "job", "value": "junior engineer"}
    answer = await running.client.begin_and_send(begin, "record_outcome", outcome, journey)
    assert answer.events == ("journey.outcome_recorded",)
    assert (await handle.result())["version"] == answer.version


async def test_a_journey_behind_its_log_is_loaded_from_it(running: Running) -> None:
    """As after a worker died between its append and its answer, or somebody reset the workflow."""
    await publish(running.pool)
    journey = own_id("behind")
    await running.client.begin(Begin(program="small", learner="l-1"), journey)
    assert (await running.client.status(journey)).version == 1
    stream = journey_stream(journey)
    event = OutcomeRecorded(at=datetime.now(UTC), kind="note", value="written by another run")
    cause = Cause(order="elsewhere", command="record_outcome", by="ops")
    record = Record(stream=stream, expected_version=1, facts=facts(stream, 1, [event]), cause=cause)
    assert (await Journeys(running.pool).record(record)).in_place

    answer = await running.client.send(journey, "record_outcome", {"kind": "note", "value": "mine"})
    assert answer.version == 3
    again = await running.client.send(journey, "record_outcome", {"kind": "note", "value": "written by another run"})
    assert again.events == ()


async def test_a_retried_record_changes_nothing(pool: Pool) -> None:
    stream = journey_stream(JourneyId("retried"))
    event = OutcomeRecorded(at=START, kind="note", value="once")
    cause = Cause(order="o-1", command="record_outcome", by="ops")
    record = Record(stream=stream, expected_version=0, facts=facts(stream, 0, [event]), cause=cause)
    journeys = Journeys(pool)
    first, *repeats = [await journeys.record(record) for _ in range(3)]
    assert first == Recorded(version=1, in_place=True)
    assert repeats == [Recorded(version=1, in_place=True, repeated=True)] * 2
    other = record.model_copy(update={"facts": facts(stream, 0, [event.model_copy(update={"value": "other"})])})
    assert not (await journeys.record(other)).in_place
    assert len(await EventLog(pool).read_stream(stream)) == 1


async def test_quiet_learners_are_noticed_and_active_ones_are_left_alone(running: Running) -> None:
    await publish(running.pool)
    log, journey = EventLog(running.pool), own_id("activity")
    await running.client.begin(Begin(program="small", learner="l-1", rehearse_from=START), journey)
    for after, command, payload in (STORY[0], STORY[1], STORY[3]):
        await running.client.send(journey, command, payload | {"at": (START + after).isoformat()})
    active = [LearnerWasActive(at=START + timedelta(days=day), clicks=3, pages=1) for day in (2, 5, 6)]
    await log.append(activity_stream(journey), None, "activity-1", encode(active, "activity-1"))
    handle = running.environment.client.get_workflow_handle(journey)
    await move_clock(running.environment, handle, timedelta(days=27))
    await running.status_when(journey, lambda status: status.timers[0].at > START + timedelta(days=27))
    story = [
        (kind.removeprefix("journey."), (at - START).days, data.get("rule"))
        for kind, at, data in await told(running.pool, journey)
        if kind.endswith(("activity_seen", "nudged", "case_opened")) and data.get("rule") in (None, "quiet", "gone")
    ]
    assert story == [("activity_seen", 8, None), ("nudged", 13, "quiet"), ("case_opened", 18, "gone")]


async def test_while_postgres_is_away_the_journey_waits_and_its_history_does_not_grow(
    temporal: WorkflowEnvironment, pool: Pool, postgres: PostgresServer
) -> None:
    async with worker_on(temporal, pool, f"journeys-{uuid4()}") as running:
        await publish(pool)
        journey = own_id("away")
        await running.client.begin(Begin(program="small", learner="l-1"), journey)
        await running.client.status(journey)
        handle = temporal.client.get_workflow_handle(journey)
        async with away(postgres, pool):
            await running.client.signal(journey, "pause", {"reason": "exams"})
            attempts = await _attempts(handle, at_least=2)
            grown = (await handle.describe()).history_length
            await _attempts(handle, at_least=attempts + 1)
            assert (await handle.describe()).history_length == grown
        await running.status_when(journey, lambda status: status.paused_until is not None)
        assert [kind for kind, *_ in await told(pool, journey)] == ["journey.started", "journey.paused"]


async def _attempts(handle: Any, *, at_least: int) -> int:
    """Waits until an activity has been tried so many times."""
    async with asyncio.timeout(30):
        while True:
            pending = (await handle.describe()).raw_description.pending_activities
            if pending and pending[0].attempt >= at_least:
                return int(pending[0].attempt)
            await asyncio.sleep(0.1)


async def test_the_facts_say_who_and_by_which_rule(running: Running) -> None:
    await publish(running.pool)
    journey = own_id("audit")
    await running.client.begin(Begin(program="small", learner="l-1", rehearse_from=START), journey)
    at = (START + timedelta(days=4)).isoformat()
    await running.client.send(journey, "submit_intake", {"answers": {"goal": "job"}, "by": "learner:l-1", "at": at})
    events: list[RecordedEvent] = await EventLog(running.pool).read_stream(journey_stream(journey))
    causes = [(event.type, event.meta["by"], event.meta.get("rule")) for event in events]
    assert causes == [
        ("journey.started", "system", None),
        ("journey.reminder_fell_due", "system", "intake.reminders.0"),
        ("journey.intake_submitted", "learner:l-1", None),
    ]


@pytest.mark.parametrize("continue_after", [1, 500])
async def test_search_attributes_find_the_journey(running: Running, continue_after: int) -> None:
    await publish(running.pool)
    journey = own_id("found")
    await running.client.begin(Begin(program="small", learner="l-1", continue_after=continue_after), journey)
    await running.client.send(journey, "submit_intake", {"answers": {"goal": "job"}})
    await running.client.send(journey, "review_intake", {"verdict": "approve"})
    await running.client.send(journey, "approve_match", {"mentor": "m-7"})
    status = await running.client.status(journey)
    found: dict[str, Any] = {}
    async with asyncio.timeout(10):
        while found.get("TrellisVersion") != status.version:  # a run that continued shows it when it comes to rest
            described = await running.environment.client.get_workflow_handle(journey).describe()
            found = {one.key.name: one.value for one in described.typed_search_attributes if "Trellis" in one.key.name}
    deadline = found.pop("TrellisNextDeadline")
    assert found == {
        "TrellisProgram": "small",
        "TrellisStage": "sessions",
        "TrellisMentor": "m-7",
        "TrellisVersion": status.version,
    }
    assert deadline == status.timers[0].at


async def test_a_caller_that_gives_up_leaves_no_error_behind(temporal: WorkflowEnvironment) -> None:
    client, journey = JourneyClient(temporal.client, f"journeys-{uuid4()}"), own_id("unanswered")
    await client.begin(Begin(program="small", learner="l-1"), journey)
    errors: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: errors.append(context))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await client.send(journey, "pause", {"reason": "exams"})
    gc.collect()
    await asyncio.sleep(0)
    assert errors == []
