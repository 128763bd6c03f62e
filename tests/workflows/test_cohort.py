"""A group on a real Temporal server: what is recorded once reaches every member's journey, once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

from activities import cohorts
from activities.cohorts import Cohorts
from client.failing_tasks import failing_task
from client.journeys import JourneyClient
from domain.cohort.commands import (
    CloseCohort,
    MoveSession,
    RecordAttendance,
    RecordNotes,
    RemoveMember,
    SendFollowUp,
)
from domain.cohort.events import CameOtherwise, Entrant
from domain.cohort.tellings import Telling
from domain.ids import CohortId, LearnerId
from domain.kit import Kit
from projections.runner import catch_up
from queries.cohorts import snapshot
from services import cohorts as service
from services.reconciling import CohortWorkflows, reconcile
from store.database import Pool
from store.sequencer import drain
from tests.support.groups import (
    S1,
    S2,
    Groups,
    an_hour_before,
    events_of,
    form,
    groups_on,
    large_groups,
    members,
    recorded,
)
from tests.support.workers import broken_worker, when
from tests.temporal import Running, worker_on
from workflows import cohort as workflow_of_groups
from workflows.contract import WORKFLOW, Begin

GROUP = CohortId("first-steps.1")
STEP = {"text": "write to three people", "due_at": datetime.now(UTC) + timedelta(days=5)}


@pytest.fixture
def kit() -> Kit:
    return large_groups()


@pytest.fixture
async def groups(running: Running, pool: Pool) -> AsyncIterator[Groups]:
    async with groups_on(running.environment.client, pool, running.task_queue) as groups:
        yield groups


def _group(number: int) -> CohortId:
    """Tests share a server, so each has a group of its own."""
    return CohortId(f"first-steps.{number}")


async def formed(groups: Groups, kit: Kit, many: int, number: int) -> tuple[CohortId, list[Entrant]]:
    those = await members(groups.pool, kit, many, mark=str(number))
    group = _group(number)
    await groups.do(group, form(kit, those, number), an_hour_before())
    await groups.told(group)
    return group, those


async def test_what_is_recorded_once_reaches_every_journey_once(groups: Groups, kit: Kit) -> None:
    group, those = await formed(groups, kit, 12, 1)
    joined = await recorded(groups.pool, "journey.cohort_joined")
    assert sorted(joined) == sorted(one.journey for one in those), "journeys that Temporal did not run are begun"
    absent = CameOtherwise(learner=those[3].learner, attendance="missed_by_learner", notes="was ill")
    came = RecordAttendance(session=S1, exceptions=(absent,), by="mentor:ana")
    await groups.do(group, came)
    await groups.do(group, RecordNotes(session=S1, answers={"what": "all"}, by="mentor:ana"))
    follow_up = {"session": S1, "summary": "a good start", "next_steps": [STEP]}
    await groups.do(group, SendFollowUp.model_validate(follow_up))
    await groups.told(group)
    attendance = await recorded(groups.pool, "journey.attendance_recorded")
    assert {journey: [one["attendance"] for one in said] for journey, said in attendance.items()} == {
        one.journey: ["missed_by_learner" if one.learner == absent.learner else "attended"] for one in those
    }
    others = sorted(one.journey for one in those if one.learner != absent.learner)
    assert sorted(await recorded(groups.pool, "journey.notes_written")) == others
    assert sorted(await recorded(groups.pool, "journey.follow_up_sent")) == others
    by = await groups.pool.fetch("select distinct meta ->> 'by' from trellis.events where type = $1", came_type)
    assert [one[0] for one in by] == ["mentor:ana"]
    assert await recorded(groups.pool, "journey.command_rejected") == {}


came_type = "journey.attendance_recorded"


async def test_a_moved_session_and_a_member_who_left(groups: Groups, kit: Kit) -> None:
    group, those = await formed(groups, kit, 4, 2)
    later = datetime.now(UTC).replace(microsecond=0) + timedelta(days=9)
    await groups.do(group, RemoveMember(learner=those[0].learner, reason="another evening"))
    await groups.do(group, MoveSession(session=S2, starts_at=later))
    await groups.told(group)
    moved = await recorded(groups.pool, "journey.session_rescheduled")
    assert sorted(moved) == sorted(one.journey for one in those[1:])
    assert {datetime.fromisoformat(str(said["starts_at"])) for one in moved.values() for said in one} == {later}
    assert list(await recorded(groups.pool, "journey.cohort_left")) == [those[0].journey]


async def test_a_journey_that_refuses_is_reported_and_not_asked_again(
    groups: Groups, kit: Kit, running: Running
) -> None:
    those = await members(groups.pool, kit, 4, mark="3")
    paused, closed = those[0], those[1]
    client = JourneyClient(running.environment.client, running.task_queue)
    for one, command in ((paused, "pause"), (closed, "withdraw")):
        begin = Begin(program=kit.program, learner=one.learner)
        await client.begin_and_send(begin, command, {"reason": "exams"}, one.journey)
    group = _group(3)
    await groups.do(group, form(kit, those, 3), an_hour_before())
    await groups.told(group)
    await groups.do(group, RecordAttendance(session=S1))
    await groups.told(group)
    state = (await snapshot(groups.pool, group)).state
    assert {one: said[-1].code for one, said in state.refusals.items()} == {
        paused.learner: "journey_paused",
        closed.learner: "journey_closed",
    }
    assert sorted(await recorded(groups.pool, came_type)) == sorted(one.journey for one in those[2:])
    assert (await events_of(groups.pool, group)).count("telling_refused") == 1


async def test_a_journey_that_cannot_go_on_keeps_nobody_waiting_and_knows_it_all_once_it_is_repaired(
    groups: Groups, kit: Kit, running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("client.journeys._CHECK_SECONDS", 0.2)
    those = await members(groups.pool, kit, 3, mark="9")
    temporal, stuck, queue = running.environment, those[0], f"journeys-{uuid4()}"
    begin = Begin(program=kit.program, learner=stuck.learner)
    second = timedelta(seconds=1)
    await temporal.client.start_workflow(WORKFLOW, begin, id=stuck.journey, task_queue=queue, task_timeout=second)
    group = _group(9)
    async with broken_worker(temporal, queue):
        await when(lambda: failing_task(temporal.client, stuck.journey), lambda one: one is not None)
        await groups.do(group, form(kit, those, 9), an_hour_before())
        await groups.told(group)
        await groups.do(group, RecordAttendance(session=S1))
        await groups.told(group)
    state = (await snapshot(groups.pool, group)).state
    assert {one: said[-1].code for one, said in state.refusals.items()} == {stuck.learner: "not_answering"}
    assert len(await recorded(groups.pool, came_type)) == 2
    async with worker_on(temporal, groups.pool, queue):
        came = await when(lambda: recorded(groups.pool, came_type), lambda found: len(found) == 3)
    assert {len(said) for said in came.values()} == {1}


class _Killed(Exception):
    pass


async def test_a_teller_that_died_in_the_middle_is_followed_by_one_that_goes_on(
    groups: Groups, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    group, those = await formed(groups, kit, 12, 4)
    tell, asked, deaths = Cohorts._tell_one, list[LearnerId](), 0

    async def until_killed(self: Cohorts, telling: Telling, *more: object) -> object:
        nonlocal deaths
        if deaths == 0 and len(asked) >= 7:
            deaths = 1
        if deaths == 1 and len(asked) < 7 + 3:
            asked.append(telling.learner)
            raise _Killed
        asked.append(telling.learner)
        return await tell(self, telling, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Cohorts, "_tell_one", until_killed)
    monkeypatch.setattr(cohorts, "_AT_ONCE", 2)
    await groups.do(group, RecordAttendance(session=S1))
    await groups.told(group)
    came = await recorded(groups.pool, came_type)
    assert {journey: len(said) for journey, said in came.items()} == {one.journey: 1 for one in those}
    assert deaths == 1
    assert len(asked) < 2 * len(those), "the second goes on where the first was"


async def test_what_is_recorded_while_members_are_told_is_told_as_well(
    groups: Groups, kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a new run after each telling."""
    monkeypatch.setattr(workflow_of_groups, "_TELLINGS_A_RUN", 1)
    group, those = await formed(groups, kit, 3, 5)
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=8)
    for nth in range(6):
        await groups.do(group, MoveSession(session=S2, starts_at=start + timedelta(hours=nth)))
    await groups.told(group)
    moved = await recorded(groups.pool, "journey.session_rescheduled")
    assert {journey: len(said) for journey, said in moved.items()} == {one.journey: 6 for one in those}


async def test_after_the_loss_of_the_whole_server_it_goes_on_from_the_stream(
    groups: Groups, kit: Kit, temporal: WorkflowEnvironment, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    group, those = await formed(groups, kit, 3, 6)
    workflow = temporal.client.get_workflow_handle(f"cohort-{group}")
    await workflow.terminate()

    async def unreachable(*_: object) -> None:
        return None

    with monkeypatch.context() as patched:
        patched.setattr(service, "wake", unreachable)
        await groups.do(group, RecordAttendance(session=S1))
    await drain(dsn)
    await catch_up(dsn)
    kind = CohortWorkflows(groups.pool, temporal.client, groups.queue)
    report = await reconcile(kind, groups.pool, temporal.client)
    assert f"cohort-{group}" in report.missing
    await groups.told(group)
    assert sorted(await recorded(groups.pool, came_type)) == sorted(one.journey for one in those)
    await drain(dsn)
    await catch_up(dsn)
    async with asyncio.timeout(20):
        while (await reconcile(kind, groups.pool, temporal.client)).behind:  # noqa: ASYNC110 - another process's
            await asyncio.sleep(0.1)


async def test_a_closed_group_ends_its_workflow_and_needs_none(
    groups: Groups, kit: Kit, temporal: WorkflowEnvironment
) -> None:
    group, those = await formed(groups, kit, 3, 7)
    version = await groups.do(group, CloseCohort(reason="too few"))
    result = await temporal.client.get_workflow_handle(f"cohort-{group}").result()
    assert result["version"] > version
    assert sorted(await recorded(groups.pool, "journey.cohort_left")) == sorted(one.journey for one in those)
    kind = CohortWorkflows(groups.pool, temporal.client, groups.queue)
    assert await kind.to_start(f"cohort-{group}") is None  # type: ignore[arg-type]
