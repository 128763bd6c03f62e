"""Journeys keep up with the log, whatever became of their workflows: on a real Temporal and a real Postgres."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from temporalio import workflow
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.common import RawValue
from temporalio.testing import WorkflowEnvironment

from client.failing_tasks import failing_task
from client.journeys import TaskFailing
from domain.ids import JourneyId, journey_stream
from domain.journey.events import OutcomeRecorded
from projections.runner import catch_up
from services.reconciling import JourneyWorkflows, Pace, Reconciler, Report, reconcile, running
from services.reconciling.comparing import Comparison
from services.reconciling.kind import Expected
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog, NewEvent
from store.reconciliations import Reconciliation, reconciliations
from store.sequencer import drain
from tests.support.workers import broken_worker, when
from tests.temporal import Running, own_id, worker_on
from tests.workflows.kits import publish
from workflows.contract import WORKFLOW, Begin

QUICK = Pace(look=0.05, count=0.1, compare=0.3, quiet=0.0, first_retry=0.1)
RARELY = Pace(look=0.05, count=3600, compare=3600, quiet=0.0, first_retry=0.1)
"""Compares everything once; after that, only what has moved."""


class Place:
    """The reconciler of a database, on a worker's task queue."""

    def __init__(self, running: Running, dsn: str) -> None:
        self.running, self.dsn, self.pool = running, dsn, running.pool
        self.temporal = running.environment.client

    @property
    def kind(self) -> JourneyWorkflows:
        return JourneyWorkflows(self.pool, self.temporal, self.running.task_queue)

    async def begun(self, name: str, number: int = 1) -> list[JourneyId]:
        await publish(self.pool)
        journeys = [own_id(name) for _ in range(number)]
        for journey in journeys:
            await self.running.client.begin(Begin(program="small", learner="l-1"), journey)
            await self.running.client.status(journey)
        await self.shown()
        return journeys

    async def shown(self) -> None:
        """Everything that was recorded has its position and is in the views."""
        await drain(self.dsn)
        await catch_up(self.dsn)

    async def recorded_elsewhere(self, journey: JourneyId, note: str = "from elsewhere") -> int:
        """As by a worker that died between its append and its answer. Returns the version of the stream."""
        event = OutcomeRecorded(at=datetime.now(UTC), kind="note", value=note)
        append_id = f"{journey}:{uuid4()}"
        meta = {"order": "elsewhere", "command": "record_outcome", "by": "ops"}
        appended = await EventLog(self.pool).append(
            journey_stream(journey), None, append_id, encode([event], append_id, meta)
        )
        await drain(self.dsn)
        return appended.last_version

    @asynccontextmanager
    async def reconciled(self, pace: Pace = QUICK, number: int = 1) -> AsyncIterator[None]:
        services = [Reconciler(self.dsn, self.pool, self.temporal, self.kind, pace) for _ in range(number)]
        tasks = [asyncio.create_task(one.run()) for one in services]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*tasks)

    async def once(self, *, repair: bool = True) -> Report:
        return await reconcile(self.kind, self.pool, self.temporal, repair=repair)

    async def state_when(self, holds: Callable[[Reconciliation], bool]) -> Reconciliation:
        (state,) = await when(lambda: reconciliations(self.pool), lambda those: any(map(holds, those)))
        return state

    async def runs(self, journey: JourneyId) -> int:
        return len([one async for one in self.temporal.list_workflows(f"WorkflowId = '{journey}'")])


@pytest.fixture
def place(running: Running, dsn: str) -> Place:
    return Place(running, dsn)


async def test_a_lost_journey_is_started_again_while_the_worker_runs(place: Place) -> None:
    first, second = await place.begun("lost", 2)
    async with place.reconciled():
        await place.state_when(lambda one: one.compared_at is not None and not one.missing)
        await place.temporal.get_workflow_handle(first).terminate()
        await place.state_when(lambda one: one.started == 1 and not one.missing)
        assert (await place.running.client.status(first)).version == 1
        sent = await place.running.client.send(first, "submit_intake", {"answers": {"goal": "job"}})
    assert sent.version == 2
    assert await place.runs(second) == 1, "what runs is left alone"


async def test_a_lost_journey_is_found_by_counting_though_the_log_does_not_move(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    journeys = await place.begun("counted", 3)

    async def of_this_test(temporal: Client, workflow_type: str) -> int:
        return len(await running.running_among(temporal, workflow_type, journeys))

    monkeypatch.setattr(running, "count_running", of_this_test)
    async with place.reconciled(replace(RARELY, count=0.1)):
        await place.state_when(lambda one: one.compared_at is not None)
        await place.temporal.get_workflow_handle(journeys[0]).terminate()
        await place.state_when(lambda one: one.started == 1 and not one.missing)


async def test_a_view_that_calls_open_what_is_closed_is_no_reason_to_compare_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    journeys = await place.begun("stopped-view", 3)
    await place.running.client.send(journeys[0], "withdraw", {"reason": "moved"})
    await place.temporal.get_workflow_handle(journeys[0]).result()
    await drain(place.dsn)
    counts, compared = asyncio.Semaphore(0), 0
    suspects = Comparison.suspects

    async def of_this_test(temporal: Client, workflow_type: str) -> int:
        counts.release()
        return len(await running.running_among(temporal, workflow_type, journeys))

    async def counted(comparison: Comparison, program: str | None = None) -> list[Expected]:
        nonlocal compared
        compared += 1
        return await suspects(comparison, program)

    monkeypatch.setattr(running, "count_running", of_this_test)
    monkeypatch.setattr(Comparison, "suspects", counted)
    async with place.reconciled(replace(RARELY, count=0.1)):
        for _ in range(5):
            await counts.acquire()
    assert compared == 1


async def test_a_journey_behind_the_log_is_woken_when_the_log_moves(place: Place) -> None:
    (journey,) = await place.begun("behind")
    async with place.reconciled(RARELY):
        await place.state_when(lambda one: one.compared_at is not None)
        version = await place.recorded_elsewhere(journey)
        await place.running.status_when(journey, lambda status: status.version == version)
        state = await place.state_when(lambda one: one.woken >= 1 and not one.behind)
    assert state.position <= await EventLog(place.pool).head()


async def test_a_journey_behind_the_log_is_found_at_start(place: Place) -> None:
    (journey,) = await place.begun("behind-at-start")
    version = await place.recorded_elsewhere(journey)
    await place.shown()
    async with place.reconciled(RARELY):
        await place.running.status_when(journey, lambda status: status.version == version)


async def test_what_a_view_does_not_know_yet_is_compared_from_the_log(place: Place) -> None:
    """The view may have stopped: what came after its position is looked at stream by stream."""
    (known,) = await place.begun("known")
    unknown = own_id("unknown")
    await place.running.client.begin(Begin(program="small", learner="l-1"), unknown)
    await place.running.client.status(unknown)
    await drain(place.dsn)
    await place.temporal.get_workflow_handle(unknown).terminate()
    async with place.reconciled(RARELY):
        await place.state_when(lambda one: one.started == 1)
    assert (await place.running.client.status(unknown)).version == 1
    assert await place.runs(known) == 1


async def test_a_closed_journey_stays_closed_whatever_the_view_says(place: Place) -> None:
    (journey,) = await place.begun("closed")
    await place.running.client.send(journey, "withdraw", {"reason": "moved"})
    await place.temporal.get_workflow_handle(journey).result()
    await drain(place.dsn)
    assert await place.pool.fetchval("select count(*) from views.board where ending is null") == 1, "it is behind"
    report = await place.once()
    assert (report.missing, report.started, await place.runs(journey)) == ([], 0, 1)


async def test_a_dry_run_names_and_mends_nothing(place: Place) -> None:
    lost, behind, well = await place.begun("dry", 3)
    await place.temporal.get_workflow_handle(lost).terminate()
    await place.recorded_elsewhere(behind)
    report = await place.once(repair=False)
    assert (report.missing, report.behind, report.started, report.woken) == ([lost], [behind], 0, 0)
    report = await place.once()
    assert (report.missing, report.behind, report.started, report.woken) == ([lost], [behind], 1, 1)
    await place.running.status_when(behind, lambda status: status.version == 2)
    report = await place.once()
    assert (report.missing, report.behind) == ([], [])
    assert await place.runs(well) == 1


async def test_one_journey_that_cannot_be_read_keeps_no_other_from_being_started(place: Place) -> None:
    spoiled, lost = await place.begun("spoiled", 2)
    event = NewEvent(uuid4(), "journey.nudged", 1, {"nonsense": True}, datetime.now(UTC))
    await EventLog(place.pool).append(journey_stream(spoiled), None, f"{spoiled}:nonsense", [event])
    await drain(place.dsn)
    for journey in (spoiled, lost):
        await place.temporal.get_workflow_handle(journey).terminate()
    async with place.reconciled():
        state = await place.state_when(lambda one: one.started == 1 and one.missing == 1)
    assert (state.trouble, state.stuck) == (None, 1)
    report = await place.once()
    assert report.missing == [spoiled]
    assert "journey.nudged version 1" in report.unstartable[spoiled]
    assert (await place.running.client.status(lost)).version == 1


async def test_of_several_reconcilers_one_works_and_a_second_would_do_no_harm(place: Place) -> None:
    (journey,) = await place.begun("one-leader")
    await place.temporal.get_workflow_handle(journey).terminate()
    async with place.reconciled(number=3):
        state = await place.state_when(lambda one: one.started > 0 and not one.missing)
    assert state.started == 1
    await place.temporal.get_workflow_handle(journey).terminate()
    reports = await asyncio.gather(place.once(), place.once())
    assert sum(one.started for one in reports) == 1
    assert await place.runs(journey) == 3


async def test_where_nothing_moves_nobody_asks_temporal(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    await place.begun("idle", 2)
    looks, asked = asyncio.Semaphore(0), 0
    unrecorded = JourneyWorkflows.unrecorded

    async def counted(kind: JourneyWorkflows) -> list[Expected]:
        looks.release()
        return await unrecorded(kind)

    async def listed(*_: object) -> tuple[dict[str, int | None], bytes]:
        nonlocal asked
        asked += 1
        return {}, b""

    async with place.reconciled(RARELY):
        await place.state_when(lambda one: one.compared_at is not None)
        monkeypatch.setattr(running, "_listed", listed)
        monkeypatch.setattr(JourneyWorkflows, "unrecorded", counted)
        for _ in range(5):
            await looks.acquire()
    assert asked == 0


@workflow.defn(name=WORKFLOW)
class Deaf:
    """Runs, and takes in nothing."""

    @workflow.run
    async def run(self, _begin: object) -> None:
        await workflow.wait_condition(lambda: False)

    @workflow.signal(dynamic=True)
    def hear(self, _name: str, _args: Sequence[RawValue]) -> None:
        return

    @workflow.query
    def status(self) -> dict[str, int]:
        return {"version": 0}


async def test_what_waking_does_not_help_is_woken_less_and_less_and_told_to_a_person(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str
) -> None:
    queue = f"journeys-{uuid4()}"
    async with worker_on(temporal, pool, queue) as worker:
        place = Place(worker, dsn)
        (journey,) = await place.begun("deaf")
        await temporal.client.get_workflow_handle(journey).terminate()
    await place.running.client.begin(Begin(program="small", learner="l-1"), journey)
    async with broken_worker(temporal, queue, Deaf), place.reconciled(replace(RARELY, first_retry=0.02)):
        state = await place.state_when(lambda one: one.stuck == 1)
        assert (state.behind, state.woken <= 4) == (1, True)


async def test_a_workflow_task_that_fails_again_and_again_is_told_and_left_alone(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client.journeys._CHECK_SECONDS", 0.2)
    queue = f"journeys-{uuid4()}"
    async with worker_on(temporal, pool, queue) as worker:
        place = Place(worker, dsn)
        (journey,) = await place.begun("failing")
        handle = temporal.client.get_workflow_handle(journey)
        await handle.terminate()
    await temporal.client.start_workflow(
        WORKFLOW,
        Begin(program="small", learner="l-1"),
        id=journey,
        task_queue=queue,
        task_timeout=timedelta(seconds=1),
    )
    async with broken_worker(temporal, queue):
        failing = await when(lambda: failing_task(temporal.client, journey), lambda one: one is not None)
        assert failing
        assert "this release is broken" in str(failing)
        length = (await handle.describe()).history_length
        for _ in range(3):
            report = await place.once()
            assert (report.failing, report.behind, report.woken) == ([journey], [], 0)
        assert (await handle.describe()).history_length == length, "no signals pile up"
        for ask in (
            worker.client.status(journey),
            worker.client.send(journey, "pause", {"reason": "exams"}),
        ):
            with pytest.raises(TaskFailing, match=r"fails again and again \(\d attempts\).*this release is broken"):
                await ask
    async with worker_on(temporal, pool, queue):
        await when(lambda: failing_task(temporal.client, journey), lambda one: one is None)
        await worker.status_when(journey, lambda status: status.version == 1)
    assert (await handle.describe()).status == WorkflowExecutionStatus.RUNNING
