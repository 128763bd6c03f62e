"""From the log to the channel, on real servers: each message has its workflow, once, and waits as long as it must."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from structlog.testing import capture_logs
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError
from temporalio.testing import WorkflowEnvironment

from channels.channel import Bounced, NotTaken
from domain.ids import JourneyId, journey_stream
from domain.kit import Kit
from domain.notification import notification_id
from domain.refusal import Rejected
from domain.values import Event
from projections.runner import catch_up
from projections.views.messages import latest
from runtime.courier import start_notification
from runtime.embedded.postgres import PostgresServer
from services import parked_messages as set_aside
from services.notifications import NoSuchNotification, report_bounce, retry
from store import courier
from store.codec import Codec, Unknown
from store.courier import CourierNotStopped, CourierState
from store.database import Pool
from store.event_log import EventLog, NewEvent, RecordedEvent
from store.people import Person
from store.sequencer import drain
from tests.messaging.told import KIT, Holding, Post, Remembering, became, night_of, reminded, somebody
from tests.support.outages import away
from tests.temporal import move_clock


@pytest.fixture
def post(temporal: WorkflowEnvironment, pool: Pool, dsn: str) -> Post:
    return Post(temporal, pool, dsn)


async def test_what_the_log_calls_for_is_sent_once_however_often_it_is_read(post: Post) -> None:
    channel = Remembering()
    async with post.with_channel(channel):
        deliver = await reminded(post.pool, somebody())
        await drain(post.dsn)
        async with post.with_couriers(2):
            await post.status_when(deliver, lambda status: status == "sent")
            head = await EventLog(post.pool).head()
            await post.position_when(2)
        await post.pool.execute("update trellis.courier set position = 0")
        async with post.with_couriers():
            await post.position_when(head)
        await start_notification(post.environment.client, deliver.model_copy(update={"retried_by": "ops"}), post.queue)
        await post.workflow(deliver).result()
    assert len(channel.letters) == 1


async def test_a_courier_finds_what_comes_while_it_waits(post: Post) -> None:
    channel = Remembering()
    async with post.with_channel(channel), post.with_couriers():
        deliver = await reminded(post.pool, somebody())
        await drain(post.dsn)
        await post.status_when(deliver, lambda status: status == "sent")
    assert len(channel.letters) == 1


async def test_a_restored_log_begins_nothing_for_what_is_long_past(post: Post) -> None:
    old = await reminded(post.pool, somebody(), timedelta(days=30))
    await drain(post.dsn)
    async with post.with_couriers():
        await post.position_when(2)
    with pytest.raises(RPCError, match="not found"):
        await post.workflow(old).describe()


async def test_what_happened_before_there_were_messages_is_nobodys_concern(pool: Pool) -> None:
    assert await pool.fetchval("select position from trellis.courier") == 0, "of an empty log"


async def test_a_message_sleeps_through_the_night_and_survives_its_worker(post: Post) -> None:
    quiet = {"after": "21:00", "until": "08:00"}
    kit = Kit.model_validate(KIT.model_dump() | {"quiet_hours": quiet, "version": "quiet"})
    deliver = await reminded(post.pool, somebody(night_of(5)), kit=kit)
    channel = Remembering()
    async with post.with_channel(channel):
        await start_notification(post.environment.client, deliver, post.queue)
        await post.status_when(deliver, lambda status: status == "wanted")
    async with post.with_channel(channel):
        await move_clock(post.environment, post.workflow(deliver), timedelta(hours=2))
        description = await post.workflow(deliver).describe()
        assert (description.status, channel.letters) == (WorkflowExecutionStatus.RUNNING, [])
        await move_clock(post.environment, post.workflow(deliver), timedelta(hours=4))
        assert (await post.workflow(deliver).result()).status == "sent"
    assert len(channel.letters) == 1


async def test_what_is_not_taken_is_tried_for_a_day_and_then_by_a_person(post: Post) -> None:
    deliver, channel = await reminded(post.pool, somebody()), Remembering(*[NotTaken("451: busy")] * 100)
    async with post.with_channel(channel):
        await start_notification(post.environment.client, deliver, post.queue)
        await post.status_when(deliver, lambda status: status == "not_taken")
        await move_clock(post.environment, post.workflow(deliver), timedelta(hours=25))
        assert (await post.workflow(deliver).result()).status == "not_taken"
    state, _ = await became(post.pool, deliver)
    assert state
    assert 1 < state.attempts < 40
    message = notification_id(journey_stream(deliver.journey), deliver.version, deliver.to)
    async with post.with_channel(channel := Remembering()):
        await retry(post.pool, post.environment.client, message, "ops:ana", post.queue)
        await post.status_when(deliver, lambda status: status == "sent")
    with pytest.raises(Rejected, match="nobody is told twice"):
        await retry(post.pool, post.environment.client, message, "ops:ana", post.queue)
    assert len(channel.letters) == 1


async def test_whoever_asks_for_another_attempt_does_not_wait_for_the_next(post: Post) -> None:
    deliver, channel = await reminded(post.pool, somebody()), Remembering(NotTaken("451: busy"))
    message = notification_id(journey_stream(deliver.journey), deliver.version, deliver.to)
    async with post.with_channel(channel):
        await start_notification(post.environment.client, deliver, post.queue)
        await post.status_when(deliver, lambda status: status == "not_taken")
        await retry(post.pool, post.environment.client, message, "ops:ana", post.queue)
        await post.status_when(deliver, lambda status: status == "sent")
    _, events = await became(post.pool, deliver)
    assert events == ["wanted", "handed_over", "not_taken", "retried", "handed_over", "sent"]


async def test_nobody_asks_for_another_attempt_while_one_is_made(post: Post) -> None:
    deliver, channel = await reminded(post.pool, somebody()), Holding()
    message = notification_id(journey_stream(deliver.journey), deliver.version, deliver.to)
    async with post.with_channel(channel):
        await start_notification(post.environment.client, deliver, post.queue)
        await channel.has_it.wait()
        with pytest.raises(Rejected, match="being sent just now"):
            await retry(post.pool, post.environment.client, message, "ops:ana", post.queue)
        again = deliver.model_copy(update={"retried_by": "ops:ana"})
        await start_notification(post.environment.client, again, post.queue)  # asked a moment before
        await post.status_when(deliver, lambda status: status == "uncertain")
        channel.let_go.set()
        await post.status_when(deliver, lambda status: status == "sent")
    assert len(channel.letters) == 1


async def test_a_message_that_came_back_is_known_to_have_bounced(post: Post) -> None:
    deliver = await reminded(post.pool, somebody())
    message = notification_id(journey_stream(deliver.journey), deliver.version, deliver.to)
    with pytest.raises(NoSuchNotification):
        await report_bounce(post.pool, message, "mailbox full")
    async with post.with_channel(Remembering()):
        await start_notification(post.environment.client, deliver, post.queue)
        await post.workflow(deliver).result()
    assert await report_bounce(post.pool, message, "mailbox full")
    assert not await report_bounce(post.pool, message, "mailbox full")
    await drain(post.dsn)
    await catch_up(post.dsn)
    (row,) = await latest(post.pool, deliver.journey)
    assert (row.message, row.status, row.because, row.attempts) == (message, "bounced", "mailbox full", 1)
    assert await latest(post.pool, status=["sent"]) == []


async def test_a_skipped_message_shows_why(post: Post) -> None:
    person = somebody()
    deliver = await reminded(post.pool, Person(person.person_id, "learner", "Lea"))
    async with post.with_channel(Remembering(Bounced("never asked"))):
        await start_notification(post.environment.client, deliver, post.queue)
        assert (await post.workflow(deliver).result()).status == "skipped"


async def poison(pool: Pool, journey: str) -> None:
    """An event that its own type does not describe, at the end of the journey's stream."""
    event = NewEvent(uuid4(), "journey.nudged", 1, {"nonsense": True}, datetime.now(UTC))
    await EventLog(pool).append(journey_stream(JourneyId(journey)), None, f"{journey}:poison", [event])


async def stopped_when(pool: Pool, holds: Callable[[CourierState], bool]) -> CourierState:
    async with asyncio.timeout(30):
        while not holds(state := await courier.state(pool)):  # noqa: ASYNC110 - of another task
            await asyncio.sleep(0.02)
    return state


async def test_the_courier_stops_at_what_it_cannot_process_until_a_person_decides(post: Post) -> None:
    before = await reminded(post.pool, somebody())
    await poison(post.pool, "spoiled-1")
    await poison(post.pool, "spoiled-2")
    after = await reminded(post.pool, somebody())
    await drain(post.dsn)
    channel = Remembering()
    async with post.with_channel(channel), post.with_couriers():
        await post.status_when(before, lambda status: status == "sent")
        state = await stopped_when(post.pool, lambda state: state.stopped_at is not None)
        assert (state.stopped_at, state.position, state.behind_events > 0) == (3, 2, True)
        assert state.stopped_because
        assert "journey.nudged version 1" in state.stopped_because
        with pytest.raises(CourierNotStopped, match="has stopped at position 3, not at 4"):
            await set_aside.park(post.pool, 4, "later", "ana")
        assert await set_aside.park(post.pool, 3, "an upcaster is missing", "ana") == "journey-spoiled-1"
        await stopped_when(post.pool, lambda state: state.stopped_at == 4)
        await set_aside.skip(post.pool, 4, "nobody needs it", "ana")
        await post.status_when(after, lambda status: status == "sent")
        with pytest.raises(CourierNotStopped, match="has not stopped at anything"):
            await set_aside.skip(post.pool, 4, "again", "ana")
        state = await courier.state(post.pool)
    assert (state.stopped_at, state.parked, state.skipped) == (None, 1, 1)
    assert [(one.position, one.kind, one.actor) for one in await set_aside.listed(post.pool)] == [
        (3, "parked", "ana"),
        (4, "skipped", "ana"),
    ]


async def test_what_was_parked_is_processed_once_it_can_be(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    deliver = await reminded(post.pool, somebody())
    await drain(post.dsn)
    decode = Codec.decode

    def not_yet(codec: Codec[Event], recorded: RecordedEvent) -> Event | Unknown:
        if recorded.type == "journey.reminder_fell_due":
            raise ValueError("this release cannot read it")
        return decode(codec, recorded)

    with monkeypatch.context() as patch:
        patch.setattr(Codec, "decode", not_yet)
        async with post.with_couriers():
            await stopped_when(post.pool, lambda state: state.stopped_at == 2)
            await set_aside.park(post.pool, 2, "wait for the next release", "ana")
        with pytest.raises(ValueError, match="cannot read it"):
            await set_aside.resume(post.pool, post.environment.client, post.queue)
        assert (await courier.state(post.pool)).parked == 1
    channel = Remembering()
    async with post.with_channel(channel):
        assert await set_aside.resume(post.pool, post.environment.client, post.queue) == (None, [2])
        await post.status_when(deliver, lambda status: status == "sent")
    assert (await courier.state(post.pool)).parked == 0
    assert await set_aside.resume(post.pool, post.environment.client, post.queue) == (None, [])


async def test_a_row_that_the_driver_cannot_read_stops_the_courier_at_that_row(post: Post) -> None:
    """A year that Python has not: whoever reads the page it is on, reads nothing."""
    first = await reminded(post.pool, somebody())
    await poison(post.pool, "far-away")
    await post.pool.execute("alter table trellis.events disable trigger append_only")
    await post.pool.execute("update trellis.events set occurred_at = '20000-01-01' where stream = 'journey-far-away'")
    second = await reminded(post.pool, somebody())
    await drain(post.dsn)
    channel = Remembering()
    async with post.with_channel(channel), post.with_couriers():
        await post.status_when(first, lambda status: status == "sent")
        await stopped_when(post.pool, lambda state: state.stopped_at == 3)
        await set_aside.skip(post.pool, 3, "no such year", "ana")
        await post.status_when(second, lambda status: status == "sent")


async def test_while_a_server_is_away_the_courier_waits_and_says_so_once(post: Post, postgres: PostgresServer) -> None:
    channel = Remembering()
    with capture_logs() as logs:
        async with post.with_channel(channel), post.with_couriers():
            deliver = await reminded(post.pool, somebody())
            async with away(postgres, post.pool):
                async with asyncio.timeout(30):
                    while not any(one["event"] == "courier_waits" for one in logs):  # noqa: ASYNC110
                        await asyncio.sleep(0.02)
                await asyncio.sleep(0.5)  # another attempt
            await drain(post.dsn)
            await post.status_when(deliver, lambda status: status == "sent")
    said = [one for one in logs if one["event"].startswith("courier_")]
    assert [(one["event"], one["waits_for"] if "waits_for" in one else one["waited_for"]) for one in said] == [
        ("courier_waits", "Postgres"),
        ("courier_goes_on", "Postgres"),
    ]
    assert (await courier.state(post.pool)).stopped_at is None, "an absent server is not the event's fault"
