"""Messages that the log calls for are sent, though Temporal has lost their workflows: once, or it is said that nobody
knows."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from temporalio.testing import WorkflowEnvironment

from activities.notifications import Notifications
from domain.notification import NotificationEvent
from domain.notification import events as m
from projections.runner import catch_up
from runtime.courier import called_of, start_notification, stream_of
from services.reconciling import NotificationWorkflows, Report, messages, reconcile
from store import courier
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from store.sequencer import drain
from tests.messaging.told import Killed, Mortal, Post, Remembering, became, both, reminded, somebody
from workflows import notification
from workflows.notification_activities import Delivery


class Office(Post):
    """A worker for messages, couriers, and the reconciler of messages."""

    async def reconcile(self) -> Report:
        await drain(self.dsn)
        await catch_up(self.dsn)
        return await self.reconcile_as_it_is()

    async def reconcile_as_it_is(self) -> Report:
        """However far the views are."""
        kind = NotificationWorkflows(self.pool, self.environment.client, self.queue)
        return await reconcile(kind, self.pool, self.environment.client)

    async def lost(self, deliver: Delivery) -> None:
        await self.workflow(deliver).terminate()

    async def told(self, deliver: Delivery, *events: NotificationEvent) -> None:
        stream = stream_of(deliver)
        await EventLog(self.pool).append(stream, None, f"{stream}:test", encode(events, f"{stream}:test"))


@pytest.fixture
def office(temporal: WorkflowEnvironment, pool: Pool, dsn: str) -> Office:
    return Office(temporal, pool, dsn)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody who has claimed a message, or is to plan it, is given any time."""
    monkeypatch.setattr(messages, "_GONE_AFTER", timedelta(0))
    monkeypatch.setattr(messages, "_PLANNED_WITHIN", timedelta(0))


def wanted(deliver: Delivery, at: datetime) -> m.NotificationRequested:
    return m.NotificationRequested.model_validate(
        {
            "at": at,
            "journey": deliver.journey,
            "program": "small",
            "version": deliver.version,
            "when": "reminder",
            "to": deliver.to,
            "recipient": deliver.journey.removeprefix("small."),
        }
    )


def handed_over(at: datetime, attempt: int = 1) -> m.NotificationHandedOver:
    return m.NotificationHandedOver(at=at, channel="remembering", message="intake-reminder", attempt=attempt)


async def test_wanted_messages_whose_workflows_are_lost_are_sent(office: Office) -> None:
    delivers = [await reminded(office.pool, somebody()) for _ in range(3)]
    for deliver in delivers:
        await office.told(deliver, wanted(deliver, datetime.now(UTC)))
    await start_notification(office.environment.client, delivers[0], office.queue)
    await office.lost(delivers[0])
    await start_notification(office.environment.client, delivers[1], office.queue)  # this one runs, and is waited for
    report = await office.reconcile()
    assert sorted(report.missing) == sorted(stream_of(one) for one in (delivers[0], delivers[2]))
    assert report.started == 2
    channel = Remembering()
    async with office.with_channel(channel):
        for deliver in delivers:
            await office.status_when(deliver, lambda status: status == "sent")
    assert len(channel.letters) == 3
    assert (await office.reconcile()).missing == []


async def test_a_message_that_was_lost_before_the_log_knew_of_it_is_sent(office: Office, at_once: None) -> None:
    deliver = await reminded(office.pool, somebody())
    await drain(office.dsn)
    async with office.with_couriers():
        await office.position_when(2)
    await office.lost(deliver)
    assert (await office.reconcile()).missing == [stream_of(deliver)]
    channel = Remembering()
    async with office.with_channel(channel):
        await office.status_when(deliver, lambda status: status == "sent")
    assert (await office.reconcile()).missing == []
    assert await office.pool.fetchval("select count(*) from trellis.called") == 0, "the log knows it by now"
    assert len(channel.letters) == 1


async def test_what_was_not_taken_is_tried_on_until_a_day_has_gone(office: Office) -> None:
    now = datetime.now(UTC)
    on_its_way, given_up, again = [await reminded(office.pool, somebody()) for _ in range(3)]
    for deliver, begun in ((on_its_way, now - timedelta(hours=20)), (given_up, now - timedelta(hours=25))):
        latest = m.NotificationNotTaken(at=now - timedelta(minutes=30), because="451: busy")
        await office.told(deliver, wanted(deliver, begun), handed_over(begun), latest)
    long_ago = now - timedelta(hours=40)
    round_ = m.NotificationRetried(at=now - timedelta(hours=2), by="ops"), handed_over(now - timedelta(hours=2), 2)
    failed = m.NotificationNotTaken(at=now - timedelta(hours=1), because="451: busy")
    await office.told(again, wanted(again, long_ago), handed_over(long_ago), *round_, failed)
    assert sorted((await office.reconcile()).missing) == sorted(map(stream_of, (on_its_way, again)))
    channel = Remembering()
    async with office.with_channel(channel):
        for deliver in (on_its_way, again):
            await office.status_when(deliver, lambda status: status == "sent")
    assert len(channel.letters) == 2
    assert (await became(office.pool, given_up))[1] == ["wanted", "handed_over", "not_taken"]


@pytest.mark.parametrize(("repeatable", "status"), [(True, "sent"), (False, "uncertain")])
async def test_what_was_claimed_by_somebody_who_is_gone_comes_to_an_end(
    office: Office, repeatable: bool, status: str
) -> None:
    now = datetime.now(UTC)
    gone, alive = [await reminded(office.pool, somebody()) for _ in range(2)]
    for deliver, claimed in ((gone, now - timedelta(minutes=10)), (alive, now - timedelta(minutes=1))):
        await office.told(deliver, wanted(deliver, claimed), handed_over(claimed))
    assert (await office.reconcile()).missing == [stream_of(gone)], "the other may be sending it just now"
    async with office.with_channel(Remembering(repeatable=repeatable)):
        await office.status_when(gone, lambda found: found == status)


@pytest.mark.parametrize("repeatable", [False, True])
async def test_nobody_gets_it_twice_wherever_the_sender_is_killed_and_temporal_lost(
    office: Office, at_once: None, monkeypatch: pytest.MonkeyPatch, repeatable: bool
) -> None:
    """Killed before or after each of the four dealings with the world, with no workflow left to try again."""
    channel = Remembering(repeatable=repeatable)
    delivers = []
    for at in range(4):
        for after in (False, True):
            delivers.append(deliver := await reminded(office.pool, somebody()))
            await courier.move(office.pool, 0, [called_of(deliver)])
            mortal = Mortal(at, after)
            with monkeypatch.context() as patch, pytest.raises(Killed):
                patch.setattr(EventLog, "append", mortal.around(EventLog.append))
                patch.setattr(channel, "send", mortal.around(channel.send))
                await both(Notifications(office.pool, channel), deliver)
    await office.reconcile()
    async with office.with_channel(channel):
        statuses = await asyncio.gather(
            *(office.status_when(one, lambda status: status in ("sent", "uncertain")) for one in delivers)
        )
    await office.reconcile()
    for deliver, status in zip(delivers, statuses, strict=True):
        letters = [letter for letter in channel.letters if letter.id == stream_of(deliver).removeprefix("message-")]
        _, events = await became(office.pool, deliver)
        if repeatable:
            assert (status, len(letters) >= 1) == ("sent", True), "whoever receives it twice knows it by its id"
        else:
            assert (len(letters) <= 1, events.count("handed_over")) == (True, 1)
            assert (status == "sent") <= (len(letters) == 1)
    if not repeatable:
        assert set(statuses) == {"sent", "uncertain"}


async def test_the_courier_and_several_reconcilers_together_send_each_once(office: Office, at_once: None) -> None:
    delivers = [await reminded(office.pool, somebody()) for _ in range(5)]
    await drain(office.dsn)
    await catch_up(office.dsn)
    channel = Remembering()
    async with office.with_channel(channel), office.with_couriers():
        await asyncio.gather(*(office.reconcile_as_it_is() for _ in range(3)))
        for deliver in delivers:
            await office.status_when(deliver, lambda status: status == "sent")
        await office.reconcile()
    assert sorted(letter.id for letter in channel.letters) == sorted(
        stream_of(one).removeprefix("message-") for one in delivers
    )


def test_a_message_is_given_up_when_its_workflow_gives_up() -> None:
    assert messages.GIVEN_UP_AFTER == notification._PATIENCE
