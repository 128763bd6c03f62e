"""A round of reviews on a real Temporal server and a real log."""

from datetime import timedelta
from uuid import uuid4

from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.quality import QualityRounds
from domain.ids import ProgramId
from domain.quality.reviews import SkipItem
from projections.runner import catch_up
from queries import quality as queries
from services import quality
from services.reconciling import QaRoundWorkflows
from services.schedules import quality_round
from store import sequencer
from store.database import Pool
from tests.projections.stories import AT
from tests.support.reviews import LONG_OPEN, REVIEWED, tell_held, with_terms
from tests.temporal import move_clock
from workflows.contract import qa_workflow
from workflows.quality_activities import HoldReviews, Reviews
from workflows.quality_round import QaRound

DAY = timedelta(days=1)


async def test_it_is_begun_lost_taken_up_again_and_closed_when_its_time_is_over(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str
) -> None:
    program, queue = ProgramId(f"ready-{uuid4()}"), f"programs-{uuid4()}"
    await tell_held(pool, with_terms(**LONG_OPEN | {"open_for": "6 days"}).model_copy(update={"program": program}))
    await show(dsn)
    async with Worker(temporal.client, task_queue=queue, workflows=[QaRound], activities=QualityRounds(pool).all):
        begun = await quality.begin(temporal.client, pool, program, queue)
        assert (begun.round, begun.items, begun.is_open) == (f"{program}-1", 4, True)
        assert await quality.begin(temporal.client, pool, program, queue) == begun, "there is one at a time"

        handle: WorkflowHandle[QaRound, Reviews] = temporal.client.get_workflow_handle(
            qa_workflow(program), result_type=Reviews
        )
        await handle.terminate()
        await show(dsn)
        kind = QaRoundWorkflows(pool, temporal.client, queue)
        (expected,) = [one async for page in kind.expected(program) for one in page]
        assert kind.workflow_of(expected.stream) == qa_workflow(program)
        start = await kind.to_start(expected.stream)
        assert start and await start()
        assert await quality.begin(temporal.client, pool, program, queue) == begun, "it goes on"
        await move_clock(temporal, handle, 6 * DAY)
        ended = await handle.result()
        assert (ended.round, ended.is_open) == (begun.round, False)
        assert await kind.to_start(expected.stream) is None

        again = await quality.begin(temporal.client, pool, program, queue)
        assert again.round is None, "no session was held since"


async def test_it_ends_at_once_when_every_item_is_settled(temporal: WorkflowEnvironment, pool: Pool, dsn: str) -> None:
    program, queue = ProgramId(f"ready-{uuid4()}"), f"programs-{uuid4()}"
    await tell_held(pool, with_terms(**LONG_OPEN).model_copy(update={"program": program}))
    await show(dsn)
    async with Worker(temporal.client, task_queue=queue, workflows=[QaRound], activities=QualityRounds(pool).all):
        await quality.begin(temporal.client, pool, program, queue)
        await show(dsn)
        for one in await queries.queue(pool, program, "ops", AT):
            await quality.skip(pool, temporal.client, SkipItem(item=one.item, by="ops", reason="no notes"), AT)
        ended: Reviews = await temporal.client.get_workflow_handle(qa_workflow(program), result_type=Reviews).result()
        assert not ended.is_open


def test_it_is_scheduled_at_the_interval_of_the_kit_and_not_without_one() -> None:
    scheduled = quality_round(REVIEWED)
    assert scheduled
    assert (scheduled.id, scheduled.every) == ("qa-ready", timedelta(days=30))
    assert scheduled.input["input"] == HoldReviews(program=ProgramId("ready")).model_dump()
    assert quality_round(REVIEWED.model_copy(update={"quality": None})) is None


async def show(dsn: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)
