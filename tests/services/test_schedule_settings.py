"""The schedules of a program are shown, paused without losing their mark, and resumed."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

from domain import program as p
from domain.ids import ProgramId
from domain.kit import Kit
from domain.refusal import Rejected
from projections.runner import catch_up
from services import schedule_settings
from services.enrolling import Enrollment, record_published
from services.schedule_settings import Code, NoSuchSchedule
from services.schedules import Schedules, capacity_review, kept, remove
from store import kits
from store.database import Pool
from tests.workflows.kits import SMALL

NOW = datetime(2026, 3, 2, tzinfo=UTC)


async def test_a_schedule_is_paused_and_keeps_its_mark(temporal: WorkflowEnvironment, pool: Pool, dsn: str) -> None:
    program, client = ProgramId(f"paused-{uuid4().hex[:8]}"), temporal.client
    reviewing = {"capacity": {"review_every": "7 days"}, "program": program}
    kit = Kit.model_validate(SMALL.model_dump(mode="json") | reviewing)
    await kits.publish(pool, kit.model_dump_json(), digest=kit.digest, program=program, version=kit.version, at=NOW)
    await record_published(pool, kit)
    await catch_up(dsn)

    (missing,) = await schedule_settings.schedules(pool, client, program)
    assert (missing.name, missing.standing, missing.every, missing.next) == (
        "capacity",
        "missing",
        timedelta(days=7),
        (),
    )
    with pytest.raises(Rejected) as refused:
        await schedule_settings.pause(pool, client, program, "capacity")
    assert refused.value.code == Code.NOT_KEPT
    with pytest.raises(NoSuchSchedule):
        await schedule_settings.run_now(pool, client, program, "matching")

    await Enrollment(pool).handle(program, p.OpenEnrollment(places=3), NOW)
    await Schedules("", pool, client, [capacity_review]).keep()
    (running,) = await schedule_settings.schedules(pool, client, program)
    assert (running.standing, len(running.next)) == ("runs", 3)
    before = (await client.get_schedule_handle(f"capacity-{program}").describe()).schedule.state.note
    for _ in range(2):
        paused = await schedule_settings.pause(pool, client, program, "capacity")
        assert (paused.standing, paused.next) == ("paused", ())
    assert (await client.get_schedule_handle(f"capacity-{program}").describe()).schedule.state.note == before
    assert (await schedule_settings.resume(pool, client, program, "capacity")).standing == "runs"
    await remove(client, f"capacity-{program}")
    async with asyncio.timeout(30):  # the list of schedules follows
        while f"capacity-{program}" in await kept(client):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
