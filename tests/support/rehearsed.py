"""One journey, rehearsed from its first command to its end."""

from datetime import UTC, datetime, timedelta
from typing import Any

from client.journeys import Refused
from domain.ids import JourneyId, journey_stream
from store.database import Pool
from store.event_log import EventLog
from tests.temporal import Running, move_clock
from tests.workflows.kits import publish
from workflows.contract import Begin

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


STORY: list[tuple[timedelta, str, dict[str, Any]]] = [
    (timedelta(hours=1), "submit_intake", {"answers": {"goal": "job"}}),
    (timedelta(hours=2), "review_intake", {"verdict": "approve"}),
    (timedelta(hours=3), "submit_milestone", {"milestone": "draft"}),  # too early: refused
    (timedelta(days=1), "approve_match", {"mentor": "m-1"}),
    (timedelta(days=4), "record_attendance", {"session": "kickoff", "attendance": "missed_by_learner"}),
    (timedelta(days=11), "record_attendance", {"session": "review", "attendance": "missed_by_learner"}),
    (timedelta(days=12), "pause", {"reason": "exams"}),
    (timedelta(days=15), "resume", {}),
    (timedelta(days=18), "submit_milestone", {"milestone": "draft"}),
    (timedelta(days=19), "review_milestone", {"milestone": "draft", "verdict": "returned", "score": 30}),
    (timedelta(days=20), "submit_milestone", {"milestone": "draft"}),
    (timedelta(days=21), "review_milestone", {"milestone": "draft", "verdict": "passed", "score": 70}),
    (timedelta(days=25), "record_outcome", {"kind": "interview", "value": "invited"}),
    (timedelta(days=26), "resolve_case", {"case": "case-1", "resolution": "talked it over"}),
]


async def told(pool: Pool, journey: JourneyId) -> list[tuple[str, datetime, dict[str, Any]]]:
    events = await EventLog(pool).read_stream(journey_stream(journey))
    return [(event.type, event.occurred_at, event.data) for event in events]


async def play(running: Running, journey: JourneyId, continue_after: int) -> list[tuple[str, datetime, dict[str, Any]]]:
    """The story, rehearsed to the end: timers close the journey."""
    await publish(running.pool)
    begin = Begin(program="small", learner="l-1", rehearse_from=START, continue_after=continue_after)
    await running.client.begin(begin, journey)
    for after, command, payload in STORY:
        try:
            await running.client.send(journey, command, payload | {"at": (START + after).isoformat()})
        except Refused:
            assert command == "submit_milestone"
    handle = running.environment.client.get_workflow_handle(journey)
    await move_clock(running.environment, handle, timedelta(days=80))
    await handle.result()
    return await told(running.pool, journey)
