"""The detectors of a program on real servers: found once, judged by people, read by mentors."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.detecting import Detectors as DetectorActivities
from domain.ids import FindingId, MentorId, ProgramId
from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.kit import Kit
from projections.runner import catch_up
from projections.views import findings as view
from queries import findings as queries
from services import findings as service
from services.schedules import detecting
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.projections.stories import AT, DAY, publish, tell
from tests.support.deliveries import LONG, S1, held, told
from workflows.contract import DETECTING
from workflows.detecting import Detecting
from workflows.detecting_activities import Looked, LookForFindings

READY = ProgramId("ready")
LOOKING = Kit.model_validate(LONG.model_dump(mode="json") | {"version": "looking", "detectors": {"vague_step": {}}})


def written(number: int, mentor: str, text: str) -> list[JourneyEvent]:
    """A journey whose first session was followed up with one step in these words."""
    item = {"item": "s1-1", "owner": "learner", "due_at": AT + 10 * DAY, "text": text}
    sent = e.FollowUpSent.model_validate({"at": AT + 9 * DAY, "session": "s1", "summary": "so", "items": [item]})
    begun, *rest = told(number, mentor, held(S1, 8, owed=2), sent)
    return [begun.model_copy(update={"kit": LOOKING.digest}), *rest]


async def told_to(pool: Pool, dsn: str, *stories: Sequence[JourneyEvent]) -> None:
    await publish(pool, LONG)
    await publish(pool, LOOKING, AT + DAY)
    for number, events in enumerate(stories):
        await tell(EventLog(pool), number, events)
    await shown(dsn)


async def shown(dsn: str) -> None:
    """Until the views have everything."""
    await sequencer.drain(dsn)
    await catch_up(dsn)


async def look(temporal: WorkflowEnvironment, pool: Pool) -> Looked:
    queue = f"programs-{uuid4()}"
    activities = DetectorActivities(pool).all
    async with Worker(temporal.client, task_queue=queue, workflows=[Detecting], activities=activities):
        looked: Looked = await temporal.client.execute_workflow(
            DETECTING,
            LookForFindings(program=READY, since=AT),
            id=f"findings-{uuid4()}",
            task_queue=queue,
            result_type=Looked,
        )
    return looked


VAGUE, CLEAR = "Work on the letter some more", "Send the letter to the bakery on Elm Street"


async def test_what_is_found_is_raised_once_and_its_words_stay_in_the_log(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str
) -> None:
    await told_to(pool, dsn, written(0, "mo", VAGUE), written(1, "max", CLEAR))
    assert await look(temporal, pool) == Looked(journeys=2, raised=1)
    assert await look(temporal, pool) == Looked(journeys=2, raised=0)
    await shown(dsn)
    (row,) = await view.findings(pool, programs=["ready"])
    assert (row.detector, row.mentor, row.session, row.standing) == ("vague_step", "mo", "s1", "open")
    found = await queries.finding_record(pool, row.id)
    assert found.quotes == (VAGUE,)
    assert VAGUE not in found.because
    with pytest.raises(queries.NoSuchFinding, match="trellis findings list"):
        await queries.finding_record(pool, FindingId("vague_step-0"))


async def test_a_mentor_reads_what_was_confirmed_and_nothing_else(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str
) -> None:
    await told_to(pool, dsn, written(0, "mo", VAGUE), written(1, "mo", f"{VAGUE}, soon"), written(2, "max", VAGUE))
    await look(temporal, pool)
    await shown(dsn)
    assert not await queries.coaching(pool, MentorId("mo"))
    first, second = await view.findings(pool, mentor="mo")
    await service.confirm(pool, first.journey, first.id, "", "ops:eva")
    await service.dismiss(pool, second.journey, second.id, "It names the letter", "ops:eva")
    await shown(dsn)
    (read,) = await queries.coaching(pool, MentorId("mo"))
    assert read.finding == first.id
    assert read.words.startswith("A step that begins with a verb")
    assert not await queries.coaching(pool, MentorId("max"))
    (detector,) = await queries.detectors(pool, READY)
    assert (detector.raised, detector.confirmed, detector.dismissed) == (3, 1, 1)
    assert detector.precision
    assert detector.precision.estimate == 0.5


async def test_drift_is_said_of_nobody_with_few_sessions_and_of_one_who_differs(
    temporal: WorkflowEnvironment, pool: Pool, dsn: str
) -> None:
    of_mo = [written(number, "mo", VAGUE) for number in range(8)]
    others = [written(8 + number, f"m-{number % 4}", CLEAR) for number in range(24)]
    few = [written(32, "new", VAGUE)]
    await told_to(pool, dsn, *of_mo, *others, *few)
    await look(temporal, pool)
    await shown(dsn)
    over = timedelta(days=100)
    assert not await queries.drift(pool, READY, AT + 90 * DAY, over), "nobody has looked yet"
    for one in await view.findings(pool):
        await service.confirm(pool, one.journey, one.id, "", "ops:eva")
    await shown(dsn)
    (drifted,) = await queries.drift(pool, READY, AT + 90 * DAY, over)
    assert (drifted.mentor, drifted.measure, drifted.sessions, drifted.value) == ("mo", "findings", 8, 1.0)


def test_detectors_look_at_the_interval_of_the_kit() -> None:
    scheduled = detecting(LOOKING)
    assert scheduled
    assert (scheduled.id, scheduled.every) == ("findings-ready", timedelta(days=7))
    assert detecting(LONG) is None
