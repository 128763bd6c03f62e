"""What a receiver gets, in which order, and what is done when it does not take it."""

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from standardwebhooks.webhooks import Webhook
from temporalio.testing import ActivityEnvironment

from activities import webhooks as activities
from channels import signing
from domain.ids import StreamId
from domain.webhook import PATIENCE, Answer
from store import webhooks
from store.database import Pool
from store.webhooks import WebhookDelivery
from tests.support.hook_receivers import Answering, Receiver, Request
from tests.webhooks.delivering import ID, Log, checked_in, started, subscribed, worker
from workflows.webhook_activities import FollowWebhook, Passed, SendTestEvent

QUIET = Passed(enabled=True)


@pytest.fixture
def log(pool: Pool, dsn: str) -> Log:
    return Log(pool, dsn)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver().listening() as receiver:
        yield receiver


def in_order(receiver: Receiver) -> bool:
    """Whether no event was accepted before all of its stream that stand before it."""
    seen: dict[str, int] = defaultdict(int)
    for event in receiver.events:
        if event["version"] > seen[event["subject"]] + 1:
            return False
        seen[event["subject"]] = max(seen[event["subject"]], event["version"])
    return True


def refusing(*journeys: int) -> Answering:
    subjects = {f"journey-one.l-{one}" for one in journeys}

    def answer(request: Request) -> str:
        return "500 No" if request.event["subject"] in subjects else "200 OK"

    return answer


async def test_everything_arrives_once_and_in_order(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.journeys(7, checks=9)
    secret = await subscribed(pool, receiver.url)
    async with worker(pool) as working:
        assert await working.passes() == QUIET
        assert len(receiver.events) == len({one["id"] for one in receiver.events}) == 70
        assert in_order(receiver)
        assert receiver.most_at_once <= 8
        row = await working.row()
        assert (row.position, row.behind, row.waiting, row.failures) == (70, 0, 0, 0)
        log_ = await working.deliveries()
        assert {(one.state, one.attempts, one.status) for one in log_} == {("delivered", 1, 200)}
        assert await working.passes() == QUIET
    assert len(receiver.requests) == 70
    assert receiver.connections <= 8 * 2
    for request in receiver.requests:
        assert Webhook(secret).verify(request.body, request.headers)["id"] == request.headers["webhook-id"]


async def test_only_what_is_wanted(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.happens(1, started(1, "one"), checked_in())
    await log.happens(2, started(2, "two"), checked_in())
    await log.positions()
    await subscribed(pool, receiver.url, types=["journey.checked_in"], programs=["two"])
    async with worker(pool) as working:
        assert await working.passes() == QUIET
        assert (await working.row()).position == 4
    ((event),) = receiver.events
    assert (event["type"], event["program"], event["position"]) == ("journey.checked_in", "two", 4)


@pytest.mark.parametrize(("role", "sees"), [("ops", True), ("integration", False), ("observer", False)])
async def test_personal_data_is_for_roles_that_may_see_it(
    log: Log, pool: Pool, receiver: Receiver, role: str, sees: bool
) -> None:
    await log.happens(1, started(1), checked_in("my mother is ill"))
    await log.positions()
    await subscribed(pool, receiver.url, role=role)
    async with worker(pool) as working:
        await working.passes()
    assert len(receiver.events) == 2
    assert (b"my mother" in b"".join(one.body for one in receiver.accepted)) == sees


async def test_one_journey_that_is_refused_holds_up_itself_alone(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.journeys(6, checks=3)
    await subscribed(pool, receiver.url)
    receiver.answer = refusing(2)
    async with worker(pool) as working:
        passed = await working.passes()
        assert passed.next_at
        assert timedelta(0) < passed.next_at - datetime.now(UTC) < timedelta(seconds=6)
        assert len(receiver.events) == 20
        first, *behind = [one for one in await working.deliveries() if one.state == "waiting"]
        assert (first.attempts, first.status, first.because) == (1, 500, "the receiver answered 500")
        assert [(one.attempts, one.next_at) for one in behind] == [(0, None)] * 3
        await log.happens(2, checked_in("again"))
        await log.happens(3, checked_in("again"))
        await log.positions()
        await working.passes()
        assert len(receiver.events) == 21
        receiver.answer = lambda _: "200 OK"
        await working.all_is_due()
        assert await working.passes() == QUIET
        assert len(receiver.events) == 26
        assert in_order(receiver)
        done = next(one for one in await working.deliveries() if one.position == first.position)
        assert (done.state, done.attempts, [one.status for one in done.tries]) == ("delivered", 2, [500, 200])


async def test_what_is_never_taken_is_given_up_and_the_journey_goes_on(
    log: Log, pool: Pool, receiver: Receiver
) -> None:
    await log.journeys(2, checks=2)
    await subscribed(pool, receiver.url)
    receiver.answer = refusing(1)
    async with worker(pool) as working:
        await working.passes()
        for turn in range(9):
            await log.happens(0, checked_in(f"still well {turn}"))  # what others accept says that it is the event
            await log.positions()
            await pool.execute("update trellis.webhook_deliveries set first_at = first_at - $1::interval", PATIENCE / 8)
            await working.all_is_due()
            await working.passes()
        states = [(one.state, one.attempts) for one in await working.deliveries() if one.stream == "journey-one.l-1"]
        assert states == [("given_up", 10), ("waiting", 1), ("waiting", 0)]
        assert (await working.row()).status == "enabled"


async def test_a_receiver_that_is_down_costs_a_request_now_and_then(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.journeys(100)
    await subscribed(pool, receiver.url)
    receiver.answer = lambda _: "503 Away"
    async with worker(pool) as working:
        passed = await working.passes()
        row = await working.row()
        assert row.not_before == passed.next_at
        assert len(receiver.requests) <= 8
        assert row.waiting <= 40
        assert row.behind >= 60
        for number in range(1, 6):
            before = len(receiver.requests)
            assert (await working.passes()).next_at  # too early: nothing is tried
            assert len(receiver.requests) == before
            await working.all_is_due()
            await working.passes()
            assert len(receiver.requests) == before + 1, number
        receiver.answer = lambda _: "200 OK"
        await working.all_is_due()
        assert await working.passes() == QUIET
        assert len(receiver.events) == 100
        row = await working.row()
        assert (row.waiting, row.failures, row.not_before, row.failing_since) == (0, 0, None, None)


async def test_a_receiver_that_is_down_for_days_is_left_and_loses_nothing(
    log: Log, pool: Pool, receiver: Receiver
) -> None:
    await log.journeys(30)
    await subscribed(pool, receiver.url)
    receiver.answer = lambda _: "500 No"
    async with worker(pool) as working:
        for _ in range(12):
            await pool.execute("update trellis.webhooks set failing_since = failing_since - $1::interval", PATIENCE / 8)
            await working.all_is_due()
            await working.passes()
        row = await working.row()
        assert (row.status, row.because) == (
            "disabled",
            "nothing was accepted for three days; the last attempt: the receiver answered 500",
        )
        assert await working.passes() == Passed(enabled=False)
        assert (await webhooks.changes(pool, ID, 1))[0].actor == "system"
        receiver.answer = lambda _: "200 OK"
        await webhooks.enable(pool, ID, skip=False, actor="ops:ana")
        assert await working.passes() == QUIET
        assert len({one["id"] for one in receiver.events}) == 30


async def test_gone_disables(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.journeys(20)
    await subscribed(pool, receiver.url)
    receiver.answer = lambda _: "410 Gone"
    async with worker(pool) as working:
        assert await working.passes() == Passed(enabled=False)
        assert (await working.row()).because == "the receiver wants no more events (410)"
        assert len(receiver.requests) <= 8
        receiver.answer = lambda _: "200 OK"
        await webhooks.enable(pool, ID, skip=False, actor="ops:ana")
        await working.passes()
        assert len({one["id"] for one in receiver.events}) == 20


async def test_what_waits_can_be_skipped(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.journeys(20)
    await subscribed(pool, receiver.url)
    receiver.answer = lambda _: "410 Gone"
    async with worker(pool) as working:
        await working.passes()
        receiver.answer = lambda _: "200 OK"
        await webhooks.enable(pool, ID, skip=True, actor="ops:ana")
        await log.happens(1, checked_in())
        await log.positions()
        assert await working.passes() == QUIET
        assert [one["type"] for one in receiver.events] == ["journey.checked_in"]
        assert {one.state for one in await working.deliveries()} == {"skipped", "delivered"}


async def test_a_receiver_that_asks_for_a_pause_gets_it(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.journeys(30)
    await subscribed(pool, receiver.url)
    receiver.answer = lambda _: "429 Slow down\r\nRetry-After: 120" if len(receiver.requests) > 10 else "200 OK"
    async with worker(pool) as working:
        passed = await working.passes()
        assert passed.next_at
        assert timedelta(seconds=110) < passed.next_at - datetime.now(UTC) <= timedelta(seconds=120)
        assert len(receiver.requests) <= 10 + 8
        receiver.answer = lambda _: "200 OK"
        await working.all_is_due()
        assert await working.passes() == QUIET
    assert len({one["id"] for one in receiver.events}) == 30


async def test_replay(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.journeys(5, checks=1)
    await subscribed(pool, receiver.url)
    async with worker(pool) as working:
        await working.passes()
        first = {one["id"]: one for one in receiver.events}
        receiver.accepted.clear()
        await webhooks.replay(pool, ID, 4, "ops:ana")
        assert (await working.row()).behind == 7
        assert await working.passes() == QUIET
        assert [one["position"] for one in sorted(receiver.events, key=lambda one: one["position"])] == list(
            range(4, 11)
        )
        assert all(first[one["id"]] == one for one in receiver.events)
        assert [one.attempts for one in await working.deliveries()] == [1] * 10


async def test_replay_of_what_waits_keeps_the_order(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.journeys(4, checks=3)
    await subscribed(pool, receiver.url)
    receiver.answer = refusing(1)
    async with worker(pool) as working:
        await working.passes()
        await webhooks.replay(pool, ID, 6, "ops:ana")
        await working.passes()
        receiver.answer = lambda _: "200 OK"
        await working.all_is_due()
        assert await working.passes() == QUIET
    assert in_order(receiver)
    assert {one["position"] for one in receiver.events} == set(range(1, 17))


async def test_whoever_was_replaced_records_nothing(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.journeys(3)
    await subscribed(pool, receiver.url)
    held = asyncio.Event()

    async def slowly(_: Request) -> str:
        await held.wait()
        return "200 OK"

    receiver.answer = slowly
    async with worker(pool) as working:
        old = asyncio.create_task(working.passes())
        while len(receiver.requests) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await webhooks.begin(pool, ID)
        held.set()
        await old
        row = await working.row()
        assert (row.position, await working.deliveries()) == (0, [])
        assert await working.passes() == QUIET
    assert len(receiver.events) == 6  # at least once; a receiver knows them by their ids
    assert len({one["id"] for one in receiver.events}) == 3


async def test_a_worker_that_dies_in_the_middle_costs_a_repetition(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.journeys(40, checks=1)
    await subscribed(pool, receiver.url)
    slow = receiver.answer

    async def slowly(_: Request) -> str:
        await asyncio.sleep(0.01)
        return "200 OK"

    receiver.answer = slowly
    async with worker(pool) as working:
        dying = asyncio.create_task(working.passes())
        while len(receiver.accepted) < 50:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        dying.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await dying
        receiver.answer = slow
        assert await working.passes() == QUIET
    assert in_order(receiver)
    assert len({one["id"] for one in receiver.events}) == 80
    assert len(receiver.events) <= 80 + 40  # at most one round


async def test_a_worker_that_is_to_end_does_not_begin_another_attempt(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.journeys(100)
    await subscribed(pool, receiver.url)
    environment = ActivityEnvironment()

    def ending(_: Request) -> str:
        environment.worker_shutdown()
        return "200 OK"

    receiver.answer = ending
    async with worker(pool) as working:
        passed = await environment.run(working.activities.deliver, FollowWebhook(webhook=ID))
        assert passed.more
        assert len(receiver.requests) <= 8
        assert (await working.row()).waiting + len(receiver.requests) == 40
        assert await working.passes() == QUIET
    assert len({one["id"] for one in receiver.events}) == len(receiver.events) == 100


async def test_a_pass_ends_when_its_time_is_up(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.journeys(10, checks=10)
    await subscribed(pool, receiver.url)

    async def slowly(_: Request) -> str:
        await asyncio.sleep(0.1)
        return "200 OK"

    receiver.answer = slowly
    async with worker(pool, pass_seconds=0.2) as working:
        assert (await working.passes()).more
        assert 0 < len(receiver.events) < 60
        receiver.answer = lambda _: "200 OK"
        while (await working.passes()).more:
            pass
    assert in_order(receiver)
    assert len(receiver.events) == 110


async def test_no_more_is_read_from_the_log_while_too_much_waits(
    log: Log, pool: Pool, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activities, "MOST_WAITING", 45)
    await log.journeys(50, checks=1)
    await subscribed(pool, receiver.url, types=["journey.*"])
    accepted = {"journey-one.l-49"}
    receiver.answer = lambda one: "200 OK" if one.event["subject"] in accepted else "500 No"
    async with worker(pool) as working:
        for _ in range(20):
            await working.passes()
            await working.all_is_due()
        row = await working.row()
        assert 45 <= row.waiting <= 45 + 40
        receiver.answer = lambda _: "200 OK"
        await working.all_is_due()
        assert await working.passes() == QUIET
    assert in_order(receiver)
    assert len({one["id"] for one in receiver.events}) == 100


async def test_an_event_that_is_no_longer_in_the_log_is_given_up(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.journeys(1)
    await subscribed(pool, receiver.url)
    receiver.answer = lambda _: "500 No"
    async with worker(pool) as working:
        await working.passes()
        await pool.execute("update trellis.webhook_deliveries set position = 999")
        await working.all_is_due()
        await working.passes()
        (only,) = await working.deliveries()
        assert (only.state, only.because) == ("given_up", "it was moved from the log to a file")


async def test_a_new_secret_signs_beside_the_old_one(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.journeys(1)
    old = await subscribed(pool, receiver.url)
    new, newer = signing.new_secret(), signing.new_secret()
    assert await webhooks.rotate(pool, ID, new, timedelta(hours=1), "ops:ana")
    assert await webhooks.rotate(pool, ID, newer, timedelta(0), "ops:ana")
    async with worker(pool) as working:
        await working.passes()
        (request,) = receiver.requests
        for secret in (old, newer):
            Webhook(secret).verify(request.body, request.headers)
        with pytest.raises(Exception, match="signature"):
            Webhook(new).verify(request.body, request.headers)
        assert (await working.row()).previous_until


async def test_a_test_event(pool: Pool, receiver: Receiver) -> None:
    secret = await subscribed(pool, receiver.url)
    async with worker(pool) as working:
        made = await ActivityEnvironment().run(
            working.activities.send_test_event, SendTestEvent(webhook=ID, event="test-1")
        )
    assert (made.outcome, made.status) == ("delivered", 200)
    (request,) = receiver.requests
    said = Webhook(secret).verify(request.body, request.headers)
    assert (said["type"], said["id"], said["subject"]) == ("trellis.webhook_test", "test-1", ID)


async def test_what_is_old_or_removed_is_deleted(log: Log, pool: Pool, receiver: Receiver) -> None:
    await log.journeys(5)
    await subscribed(pool, receiver.url)
    await subscribed(pool, receiver.url, webhook="wh-2")
    async with worker(pool) as working:
        await working.passes()
        await working.passes("wh-2")
        await pool.execute(
            "update trellis.webhook_deliveries set noted_at = now() - interval '31 days' where position < 3"
        )
        await webhooks.remove(pool, "wh-2", "ops:ana")
        assert await webhooks.prune(pool) == 2 + 2 + 3
        assert await webhooks.prune(pool) == 0
        assert [one.position for one in await working.deliveries()] == [3, 4, 5]
    assert await webhooks.get(pool, "wh-2") is None
    assert await webhooks.secrets(pool, "wh-2") == [""]


def test_tries_are_kept_to_a_few() -> None:
    one = WebhookDelivery(1, UUID(int=1), "t", StreamId("s"))
    for _ in range(50):
        one = replace(one, tries=one.with_try(datetime.now(UTC), Answer("timeout", "late"), 3))
    assert len(one.tries) == 20
