"""The worker of groups killed in the middle of telling: a real process, and every journey knows it once."""

from uuid import uuid4

from temporalio.testing import WorkflowEnvironment

from domain.cohort.commands import RecordAttendance
from domain.cohort.events import CameOtherwise
from domain.ids import CohortId
from store.database import Pool
from tests.support.groups import (
    S1,
    Groups,
    an_hour_before,
    form,
    groups_on,
    large_groups,
    members,
    recorded,
    told_with_a_kill,
)
from tests.temporal import worker_on
from workflows.contract import PROGRAM_TASK_QUEUE, TASK_QUEUE

_MANY, _ENOUGH = 48, 6


async def test_a_worker_that_is_killed_while_it_tells(temporal: WorkflowEnvironment, pool: Pool, dsn: str) -> None:
    kit = large_groups(f"steps-{uuid4()}")
    group = CohortId(f"{kit.program}.1")
    those = await members(pool, kit, _MANY)
    async with worker_on(temporal, pool, TASK_QUEUE):
        async with groups_on(temporal.client, pool, TASK_QUEUE, PROGRAM_TASK_QUEUE) as groups:
            await groups.do(group, form(kit, those), an_hour_before())
            await groups.told(group)
        absent = those[-1].learner
        came = RecordAttendance(session=S1, exceptions=(CameOtherwise(learner=absent, attendance="missed_by_learner"),))
        where = Groups(pool, temporal.client, PROGRAM_TASK_QUEUE)
        known = await told_with_a_kill(where, dsn, group, came, _ENOUGH)
    assert _ENOUGH <= known < _MANY, "it was killed in the middle"
    attendance = await recorded(pool, "journey.attendance_recorded")
    assert {journey: [one["attendance"] for one in said] for journey, said in attendance.items()} == {
        one.journey: ["missed_by_learner" if one.learner == absent else "attended"] for one in those
    }
