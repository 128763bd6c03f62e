"""Temporal's Schedules follow the newest kits of open programs, and what they start runs once at a time."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from temporalio import workflow
from temporalio.client import Client, ScheduleActionExecutionStartWorkflow, ScheduleOverlapPolicy
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from domain import program as p
from domain.ids import ProgramId
from domain.kit import Kit
from projections.runner import catch_up
from services.enrolling import Enrollment, record_published
from services.schedules import Scheduled, Schedules, kept, one_at_a_time, put, remove
from store import kits, sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.projections import stories
from tests.projections.stories import KIT
from tests.support.workers import when
from tests.workflows.kits import SMALL
from workflows.contract import PROGRAM_TASK_QUEUE, Single
from workflows.single_start import SingleStart

NOW = datetime(2026, 3, 2, tzinfo=UTC)


async def published(pool: Pool, program: str, version: str, cadence: str) -> None:
    content = SMALL.model_dump(mode="json")
    promise = content["promise"] | {"cadence": cadence}
    kit = Kit.model_validate(content | {"program": program, "version": version, "promise": promise})
    await kits.publish(
        pool, kit.model_dump_json(), digest=kit.digest, program=program, version=version, at=datetime.now(UTC)
    )
    await record_published(pool, kit)


def by_cadence(kit: Kit) -> Scheduled | None:
    days = int(kit.promise.cadence)
    return Scheduled(f"test-{kit.program}", timedelta(days=days), "Waits") if days else None


async def test_they_follow_the_newest_kit_while_the_program_is_open(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str
) -> None:
    await catch_up(dsn)
    program, client = ProgramId(f"open-{uuid4()}"), temporal.client
    schedules, id_ = Schedules("", pool, client, [by_cadence]), f"test-{program}"
    await published(pool, program, "1", "7")
    await schedules.keep()
    assert await _every(client, id_) is None  # nobody can enroll yet, and nobody is under way

    enrollment = Enrollment(pool)
    await enrollment.handle(program, p.OpenEnrollment(places=3), NOW)
    await schedules.keep()
    assert await _every(client, id_) == timedelta(days=7)

    await client.get_schedule_handle(id_).pause(note="the term has not begun")
    await published(pool, program, "2", "1")
    await schedules.keep()
    described = await client.get_schedule_handle(id_).describe()
    assert (await _every(client, id_), described.schedule.state.paused) == (timedelta(days=1), True)
    assert described.schedule.policy.overlap is ScheduleOverlapPolicy.SKIP
    assert described.schedule.policy.catchup_window == timedelta(days=1)
    assert {at.hour for at in described.info.next_action_times} == {6}

    await published(pool, program, "3", "0")
    await when(lambda: kept(client), lambda found: id_ in found)  # listing is a moment behind
    await schedules.keep()
    assert await _every(client, id_) is None


async def test_a_kit_that_cannot_be_read_takes_no_schedule_away_and_keeps_none_back(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str
) -> None:
    await catch_up(dsn)
    enrollment, client = Enrollment(pool), temporal.client
    broken, sound = ProgramId(f"broken-{uuid4()}"), ProgramId(f"sound-{uuid4()}")
    schedules = Schedules("", pool, client, [by_cadence])
    await published(pool, broken, "1", "7")
    await enrollment.handle(broken, p.OpenEnrollment(places=3), NOW)
    await schedules.keep()
    await when(lambda: kept(client), lambda found: f"test-{broken}" in found)
    await kits.publish(pool, "{}", digest=f"{broken}-2", program=broken, version="2", at=datetime.now(UTC))
    await published(pool, sound, "1", "1")
    await enrollment.handle(sound, p.OpenEnrollment(places=3), NOW)
    await schedules.keep()
    assert await _every(client, f"test-{broken}") == timedelta(days=7)
    assert await _every(client, f"test-{sound}") == timedelta(days=1)
    await remove(client, f"test-{broken}")
    await remove(client, f"test-{sound}")


async def test_a_pulse_goes_on_while_a_journey_follows_a_kit_that_has_one(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str
) -> None:
    asks = {
        "asking": {},
        "surveys": [{"id": "p", "title": "P", "of": "learner", "every": "7 days", "questions": ["?"]}],
    }
    older = Kit.model_validate(KIT.model_dump(mode="json") | {"version": "asks", **asks})
    for kit, at in ((older, NOW), (KIT, NOW + timedelta(days=1))):
        await stories.publish(pool, kit, at)
    schedules, wanted = Schedules("", pool, temporal.client, []), f"pulses-{KIT.program}"
    for number, length in ((1, 15), (2, 4)):
        events = stories.story(number, length, older)
        await stories.tell(EventLog(pool), number, events)
        await sequencer.drain(dsn)
        await catch_up(dsn)
        assert (await schedules.lacking()).missing == ([] if events[-1].type == "journey.closed" else [wanted])


async def _every(client: Client, id_: str) -> timedelta | None:
    try:
        described = await client.get_schedule_handle(id_).describe()
    except RPCError:
        return None
    return described.schedule.spec.intervals[0].every


@workflow.defn(name="Waits", sandboxed=False)
class Waits:
    @workflow.run
    async def run(self, _input: dict[str, str]) -> None:
        await workflow.wait_condition(lambda: False)


async def test_what_must_not_run_twice_is_started_once(temporal: WorkflowEnvironment) -> None:
    client, id_, queue = temporal.client, f"once-{uuid4()}", f"waits-{uuid4()}"
    wanted = one_at_a_time(id_, timedelta(days=7), Single(workflow="Waits", id=id_, task_queue=queue))
    runner = UnsandboxedWorkflowRunner()
    async with (
        Worker(client, task_queue=PROGRAM_TASK_QUEUE, workflows=[SingleStart], workflow_runner=runner),
        Worker(client, task_queue=queue, workflows=[Waits], workflow_runner=runner),
    ):
        await put(client, wanted)
        for expected in (True, False):
            started = await client.execute_workflow(
                SingleStart.run,
                Single.model_validate(wanted.input),
                id=f"{id_}-{uuid4()}",
                task_queue=PROGRAM_TASK_QUEUE,
            )
            assert started is expected
        await client.get_schedule_handle(id_).trigger()
        described = await when(
            lambda: client.get_schedule_handle(id_).describe(), lambda found: bool(found.info.recent_actions)
        )
        (action,) = described.info.recent_actions
        assert isinstance(action.action, ScheduleActionExecutionStartWorkflow)
        assert await client.get_workflow_handle(action.action.workflow_id).result() is False
        await client.get_workflow_handle(id_).terminate()
        await remove(client, id_)
        await remove(client, id_)
