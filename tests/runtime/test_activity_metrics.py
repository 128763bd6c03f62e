"""What is said and counted of every activity: where its log lines belong, each record once, an outage once."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from prometheus_client import REGISTRY
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput

from activities.journeys import Journeys
from activities.notifications import Notifications
from domain.ids import JourneyId, journey_stream
from domain.journey import COMMANDS
from domain.journey.events import CommandRejected, JourneyEvent, OutcomeRecorded
from domain.notification import notification_id
from runtime.activity_metrics import ActivityMetrics
from runtime.embedded.postgres import PostgresServer
from store.availability import Availability
from store.database import Pool
from tests.messaging.told import Remembering, reminded
from workflows.journey_activities import Cause, Record, Recorded, facts


class Called(ActivityInboundInterceptor):
    """Calls the activity; loses so many of its answers."""

    def __init__(self, lost: int = 0) -> None:
        self.lost = lost

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
        answer = await input.fn(*input.args)
        if self.lost:
            self.lost -= 1
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")
        return answer


def record_of(event: JourneyEvent, command: str) -> Record:
    stream = journey_stream(JourneyId(f"watched-{uuid4()}"))
    cause = Cause(order="update-7", command=command, by="ops:ana")
    return Record(stream=stream, expected_version=0, facts=facts(stream, 0, [event]), cause=cause)


def outcome() -> Record:
    return record_of(OutcomeRecorded(at=datetime.now(UTC), kind="job", value="found"), "record_outcome")


def counted(command: str, outcome: str) -> float:
    labels = {"command": command, "outcome": outcome}
    value = REGISTRY.get_sample_value("trellis_commands_total", labels)
    assert value is not None, f"the series of {labels} does not exist before its first event"
    return value


async def run(pool: Pool, record: Record, metrics: ActivityMetrics, inner: ActivityInboundInterceptor) -> Recorded:
    watched = metrics.intercept_activity(inner)
    call = ExecuteActivityInput(fn=Journeys(pool).record, args=[record], executor=None, headers={})
    recorded: Recorded = await ActivityEnvironment().run(watched.execute_activity, call)
    return recorded


@pytest.mark.parametrize(
    ("event", "command", "series"),
    [
        (
            OutcomeRecorded(at=datetime.now(UTC), kind="job", value="found"),
            "record_outcome",
            ("record_outcome", "obeyed"),
        ),
        (
            CommandRejected(at=datetime.now(UTC), command="pause", reason="It is paused."),
            "rejected",
            ("pause", "rejected"),
        ),
    ],
)
async def test_a_repeated_record_is_counted_once(
    pool: Pool, event: JourneyEvent, command: str, series: tuple[str, str]
) -> None:
    record, metrics, before = record_of(event, command), ActivityMetrics(Availability("Postgres")), counted(*series)
    for _ in range(3):
        await run(pool, record, metrics, Called())
    await run(pool, record, ActivityMetrics(Availability("Postgres")), Called())  # another worker
    assert counted(*series) == before + 1


async def test_a_record_whose_answer_was_lost_is_counted_once(pool: Pool) -> None:
    record, metrics, before = outcome(), ActivityMetrics(Availability("Postgres")), counted("record_outcome", "obeyed")
    inner = Called(lost=2)
    for _ in range(2):
        with pytest.raises(ApplicationError):
            await run(pool, record, metrics, inner)
    assert counted("record_outcome", "obeyed") == before, "nobody knows yet"
    assert (await run(pool, record, metrics, inner)).repeated
    await run(pool, record, metrics, inner)
    assert counted("record_outcome", "obeyed") == before + 1


async def test_every_series_begins_at_zero() -> None:
    for command in COMMANDS:
        for outcome in ("obeyed", "rejected"):
            assert counted(command, outcome) >= 0
    assert counted("unknown", "rejected") >= 0


async def test_the_lines_of_a_step_say_which_it_is(pool: Pool) -> None:
    with capture_logs(processors=[merge_contextvars]) as lines:
        await run(pool, record := outcome(), ActivityMetrics(Availability("Postgres")), Called())
    (line,) = [one for one in lines if one["event"] == "recorded"]
    info = ActivityEnvironment.default_info()
    assert line["journey"] == record.stream.removeprefix("journey-")
    assert {"run": info.workflow_run_id, "command": "record_outcome", "by": "ops:ana", "order": "update-7"}.items() <= (
        line.items()
    )
    assert line["version"] == 1


async def test_while_postgres_is_away_it_is_told_once(tmp_path: Path) -> None:
    """The attempts fail with a sentence that the server keeps, and not as faults of the activity."""
    nobody = asyncpg.create_pool(PostgresServer(tmp_path).dsn("trellis"), min_size=0)
    metrics = ActivityMetrics(Availability("Postgres"))
    with capture_logs() as lines:
        await nobody
        for _ in range(3):
            with pytest.raises(ApplicationError) as error:
                await run(nobody, outcome(), metrics, Called())
    nobody.terminate()
    assert (error.value.category, error.value.non_retryable) == (ApplicationErrorCategory.BENIGN, False)
    assert str(error.value) == "PostgresAway: Postgres does not answer: nobody listens there"
    told = [one for one in lines if one["event"] == "server_away"]
    assert [one["log_level"] for one in told] == ["warning", "debug", "debug"]
    assert (told[0]["server"], told[0]["activity"]) == ("Postgres", "unknown")


async def test_the_lines_of_a_message_say_which_it_is_and_of_which_journey(pool: Pool) -> None:
    delivery = await reminded(pool)
    message = str(notification_id(journey_stream(delivery.journey), delivery.version, delivery.to))
    notifications = Notifications(pool, Remembering())
    environment = ActivityEnvironment()
    environment.info = replace(environment.info, workflow_id=f"message-{message}", activity_type="plan_message")
    with capture_logs(processors=[merge_contextvars]) as lines:
        for activity in (notifications.plan_message, notifications.send_message):
            observed = ActivityMetrics(Availability("Postgres")).intercept_activity(Called())
            call = ExecuteActivityInput(fn=activity, args=[delivery], executor=None, headers={})
            await environment.run(observed.execute_activity, call)
    (line,) = [one for one in lines if one["event"] == "message"]
    assert (line["journey"], line["message"], line["activity"]) == (delivery.journey, message, "plan_message")
