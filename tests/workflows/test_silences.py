"""How long learners are quiet, measured from the views and asked for by journeys, on real servers."""

from datetime import timedelta
from uuid import uuid4

from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.silences import Measuring
from domain.activity import LearnerWasActive
from domain.ids import PathwayId, ProgramId, activity_stream
from domain.silences import PERCENTS, PathwaySilences, SilencesMeasured, silences_stream
from projections.runner import catch_up
from projections.silences import silences
from services.schedules import silences as scheduled
from store import sequencer
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from tests.support.rehearsed import START, STORY, told
from tests.temporal import Running, move_clock, own_id
from tests.workflows.kits import SMALL, publish, small_with
from workflows.contract import SILENCES_WORKFLOW, Begin
from workflows.silences import Silences
from workflows.silences_activities import MeasureProgram, SilencesFound

RULE = {
    "id": "quieter",
    "title": "Quieter than others",
    "when": {"quieter_than": 90, "quiet_for": "4 days"},
    "then": {"nudge": "mentor"},
}
KIT = small_with(program="quietly", escalations=[RULE])


async def test_a_journey_is_held_against_what_was_measured_last(running: Running, dsn: str) -> None:
    await publish(running.pool, KIT)
    log, journey = EventLog(running.pool), own_id("quieter")
    measured = [
        SilencesMeasured(
            at=START + timedelta(days=at),
            measurement=f"day-{at}",
            pathways=(
                PathwaySilences(
                    pathway=PathwayId("main"),
                    learners=40,
                    seen_since=(START + timedelta(days=since),) * len(PERCENTS),
                ),
            ),
        )
        for at, since in ((8, 1), (10, 9))
    ]
    await log.append(silences_stream(ProgramId("quietly")), None, "measured", encode(measured, "measured"))
    await running.client.begin(Begin(program="quietly", learner="l-1", rehearse_from=START), journey)
    for after, command, payload in (STORY[0], STORY[1], STORY[3]):
        await running.client.send(journey, command, payload | {"at": (START + after).isoformat()})
    active = [LearnerWasActive(at=START + timedelta(days=5), clicks=3, pages=1)]
    await log.append(activity_stream(journey), None, "activity-1", encode(active, "activity-1"))
    handle = running.environment.client.get_workflow_handle(journey)
    await move_clock(running.environment, handle, timedelta(days=15))
    await running.status_when(journey, lambda status: status.timers[0].at > START + timedelta(days=15))
    story = [
        (kind.removeprefix("journey."), (at - START).days)
        for kind, at, _ in await told(running.pool, journey)
        if kind.endswith(("activity_seen", "compared_with_others", "nudged"))
    ]
    assert story == [
        *(("activity_seen", 5), ("compared_with_others", 9), ("compared_with_others", 12), ("nudged", 12)),
    ]
    await sequencer.drain(dsn)
    await catch_up(dsn)
    (found,) = await silences(running.pool, ProgramId("quietly"), START + timedelta(days=15))
    assert found == (PathwayId("main"), START.replace(hour=12) + timedelta(days=5))


async def test_the_measurement_of_a_program(temporal: WorkflowEnvironment, pool: Pool, dsn: str) -> None:
    await publish(pool, KIT)
    await catch_up(dsn)
    queue = f"programs-{uuid4()}"
    async with Worker(temporal.client, task_queue=queue, workflows=[Silences], activities=Measuring(pool).all):
        done = await temporal.client.execute_workflow(
            SILENCES_WORKFLOW,
            MeasureProgram(program=ProgramId("quietly")),
            id=f"measure-{uuid4()}",
            task_queue=queue,
            result_type=SilencesFound,
        )
    assert done == SilencesFound(learners=0, pathways=0)


def test_it_is_scheduled_where_a_rule_compares() -> None:
    assert scheduled(SMALL) is None
    found = scheduled(KIT)
    assert found
    assert (found.id, found.every, found.workflow) == ("silences-quietly", timedelta(days=1), SILENCES_WORKFLOW)
    assert found.input == MeasureProgram(program=ProgramId("quietly")).model_dump()
