"""Bulk actions: each journey obeys once, whatever is killed, paused or lost, and each has its outcome."""

import os
from collections import Counter
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.bulk import Outcomes
from domain.ids import bulk_stream
from domain.kit import Kit
from kits.loading import publish
from services.bulk import Entry, enter
from services.reconciling import BulkWorkflows, reconcile
from store.database import Pool
from store.people import Person
from tests.support.bulk import PAUSE, InBulk
from tests.support.groups import large_groups, members
from tests.support.workers import when
from tests.temporal import worker_on

MANY = 12
KILLED = int(os.environ.get("TRELLIS_BULK_JOURNEYS", MANY))
LEARNERS = int(os.environ.get("TRELLIS_BULK_LEARNERS", MANY))
KILLS = int(os.environ.get("TRELLIS_BULK_KILLS", "1"))
"""`make bulk` has 2,000 journeys, 10,000 learners, and three kills."""
RATE = 4 if KILLED == MANY else 100
"""A batch is what a second has, and a worker is killed between two of them."""
PATIENCE = 60 if KILLED == MANY else 3_600


@pytest.fixture
async def in_bulk(temporal: WorkflowEnvironment, pool: Pool, dsn: str) -> AsyncIterator[InBulk]:
    one = InBulk(pool, temporal.client, dsn)
    async with worker_on(temporal, pool, one.journeys_queue):
        yield one


@pytest.fixture
def kit() -> Kit:
    return large_groups(f"bulk-{uuid4().hex[:8]}")


async def test_a_command_reaches_every_journey_of_the_frozen_selection_once(in_bulk: InBulk, kit: Kit) -> None:
    those = await members(in_bulk.pool, kit, MANY)
    await in_bulk.shown()
    planned = await in_bulk.plan(PAUSE, {"program": kit.program})
    assert (planned.journeys, planned.expected.done, planned.refusals) == (MANY, MANY, [])
    later = await members(in_bulk.pool, kit, 2, "later")
    await in_bulk.shown()
    await in_bulk.begin(planned)
    async with in_bulk.worker():
        over = await in_bulk.over(planned.id)
    assert (over.status, over.outcomes, over.left) == ("finished", Outcomes(done=MANY), 0)
    assert await in_bulk.recorded("journey.paused") == Counter(one.journey for one in those)
    assert not {one.journey for one in later} & set(await in_bulk.recorded("journey.paused"))
    await in_bulk.begin(planned)  # again: nothing
    assert (await in_bulk.bulks.show(planned.id)).version == over.version


async def test_what_would_be_refused_is_told_before_and_comes_true(in_bulk: InBulk, kit: Kit) -> None:
    those = await members(in_bulk.pool, kit, 4)
    await in_bulk.shown()
    first = await in_bulk.plan(PAUSE, {"learner": those[0].learner})
    await in_bulk.begin(first)
    async with in_bulk.worker():
        await in_bulk.over(first.id)
        await in_bulk.shown()
        notes = {"action": "command", "command": "check_in", "fields": {"notes": "hello"}}
        planned = await in_bulk.plan(notes, {"program": kit.program})
        assert (planned.expected.done, planned.expected.refused) == (3, 1)
        (refusal,) = planned.refusals
        assert (refusal.code, refusal.journeys, refusal.example) == ("journey_paused", 1, those[0].journey)
        await in_bulk.begin(planned)
        over = await in_bulk.over(planned.id)
    assert over.outcomes == Outcomes(done=3, refused=1)
    assert [(one.code, one.journeys) for one in over.refusals] == [("journey_paused", 1)]
    (item,) = await in_bulk.bulks.items(planned.id, "refused")
    assert (item.journey, item.code) == (those[0].journey, "journey_paused")


async def test_a_worker_that_is_killed_again_and_again(in_bulk: InBulk, kit: Kit) -> None:
    those = await members(in_bulk.pool, kit, KILLED)
    await in_bulk.shown()
    planned = await in_bulk.plan(PAUSE, {"program": kit.program}, rate=RATE)
    await in_bulk.begin(planned)
    await in_bulk.kill_while_it_runs(planned.id, KILLS, KILLED // (KILLS + 8), PATIENCE)
    shown = await in_bulk.bulks.show(planned.id)
    assert 0 < shown.left < KILLED, "it was killed in the middle"
    async with in_bulk.worker():
        over = await in_bulk.over(planned.id, PATIENCE)
    assert over.outcomes == Outcomes(done=KILLED)
    assert await in_bulk.recorded("journey.paused") == Counter(one.journey for one in those)


async def test_learners_of_a_file_start_once_though_the_worker_is_killed(in_bulk: InBulk, kit: Kit) -> None:
    await publish(in_bulk.pool, kit)
    people = [
        Person(f"n-{nth}", "learner", f"Name {nth}", attributes={"answers": {"goal": "job"}}) for nth in range(LEARNERS)
    ]
    entry = Entry(kit.program_id, people, sends_answers=True, rate=RATE)
    bulk = await enter(in_bulk.pool, entry)
    shown = await in_bulk.bulks.show(bulk)
    await in_bulk.bulks.begin(bulk, journeys=shown.journeys, by="ops")
    await in_bulk.kill_while_it_runs(bulk, 1, LEARNERS // 4, PATIENCE)
    assert 0 < (await in_bulk.bulks.show(bulk)).left < LEARNERS, "it was killed in the middle"
    async with in_bulk.worker():
        over = await in_bulk.over(bulk, PATIENCE)
    assert over.outcomes == Outcomes(done=LEARNERS)
    expected = Counter(f"{kit.program}.n-{nth}" for nth in range(LEARNERS))
    assert await in_bulk.recorded("journey.started") == expected
    assert await in_bulk.recorded("journey.intake_submitted") == expected


async def test_journeys_move_to_another_version_of_their_kit(in_bulk: InBulk, kit: Kit) -> None:
    those = await members(in_bulk.pool, kit, 3)
    newer = Kit.model_validate(kit.model_dump() | {"version": "2.0"})
    await publish(in_bulk.pool, newer)
    await in_bulk.shown()
    move = {"action": "move_to_kit", "to": "2.0", "reason": "new dates"}
    planned = await in_bulk.plan(move, {"program": kit.program})
    assert (planned.command, planned.expected.done) == ("move_to_kit", 3)
    await in_bulk.begin(planned)
    async with in_bulk.worker():
        assert (await in_bulk.over(planned.id)).outcomes == Outcomes(done=3)
        moved = "select data ->> 'kit' as kit from trellis.events where type = 'journey.moved_to_kit'"
        assert {row["kit"] for row in await in_bulk.pool.fetch(moved)} == {newer.digest}
        assert await in_bulk.recorded("journey.moved_to_kit") == Counter(one.journey for one in those)
        await in_bulk.shown()
        again = await in_bulk.plan(move, {"program": kit.program})
        assert (again.expected.unchanged, again.expected.done) == (3, 0)
        await in_bulk.begin(again)
        assert (await in_bulk.over(again.id)).outcomes == Outcomes(unchanged=3)
    assert await in_bulk.recorded("journey.moved_to_kit") == Counter(one.journey for one in those)


async def test_it_stands_still_while_it_is_paused_and_ends_where_it_is_stopped(in_bulk: InBulk, kit: Kit) -> None:
    many = 2 * MANY
    await members(in_bulk.pool, kit, many)
    await in_bulk.shown()
    planned = await in_bulk.plan(PAUSE, {"program": kit.program}, rate=2)
    await in_bulk.begin(planned)
    async with in_bulk.worker():
        await in_bulk.until(planned.id, lambda shown: shown.outcomes.done >= 1)
        await in_bulk.bulks.pause(planned.id, reason="a mistake?", by="ops:ana")
        handle = in_bulk.client.get_workflow_handle(bulk_stream(planned.id))
        paused = await in_bulk.until(planned.id, lambda shown: shown.status == "paused")
        await when(lambda: handle.query("status"), lambda told: told.get("status") == "paused")
        left = (await in_bulk.bulks.show(planned.id)).left
        assert left > many / 2
        await in_bulk.bulks.resume(planned.id, rate=4, by="ops:ana")
        await in_bulk.until(planned.id, lambda shown: shown.left < left)
        await in_bulk.bulks.stop(planned.id, by="ops:ana")
        await handle.result()
    over = await in_bulk.bulks.show(planned.id)
    assert (over.status, paused.reason, over.outcomes.all + over.left) == ("stopped", "a mistake?", many)
    assert over.left > 0


async def test_what_temporal_has_lost_goes_on_from_the_log(in_bulk: InBulk, kit: Kit) -> None:
    await members(in_bulk.pool, kit, 3)
    await in_bulk.shown()
    planned = await in_bulk.plan(PAUSE, {"program": kit.program})
    await in_bulk.begin(planned)
    await in_bulk.client.get_workflow_handle(bulk_stream(planned.id)).terminate()
    await in_bulk.shown()
    kind = BulkWorkflows(in_bulk.pool, in_bulk.client, in_bulk.queue)
    report = await reconcile(kind, in_bulk.pool, in_bulk.client)
    assert bulk_stream(planned.id) in report.missing
    async with in_bulk.worker():
        assert (await in_bulk.over(planned.id)).outcomes == Outcomes(done=3)
    await in_bulk.shown()
    assert await kind.to_start(bulk_stream(planned.id)) is None
