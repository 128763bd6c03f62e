"""A journey with something to tell, a channel that remembers what it was given, and what the log says of messages."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import uuid4

from temporalio.client import WorkflowHandle
from temporalio.testing import ActivityEnvironment, WorkflowEnvironment
from temporalio.worker import Worker

from activities.notifications import Notifications
from channels.channel import Notification
from domain.ids import JourneyId, KitDigest, LearnerId, ProgramId, journey_stream, notification_stream
from domain.journey.events import JourneyEvent, JourneyStarted, ReminderFellDue
from domain.kit import Kit
from domain.notification import NOTIFICATION, NotificationState
from kits.loading import publish
from runtime.courier import Courier
from store import people
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from store.transact import read
from tests.workflows.kits import SMALL
from workflows.notification import DeliverMessage
from workflows.notification_activities import Delivery, DeliveryPlan, DeliveryResult, id_of

TEXT = "Hello {{ name }},\n\n{{ what }} is open until {{ due }}."
KIT = Kit.model_validate(
    SMALL.model_dump()
    | {
        "version": "with-messages",
        "messages": {
            "intake-reminder": {"when": "reminder", "of": "intake", "subject": "{{ program }} waits", "text": "in.md"}
        },
        "texts": {"in.md": TEXT},
    }
)
LEA = Person("lea", "learner", "Lea Berg", "lea@example.org", "Europe/Berlin")


class Remembering:
    """Takes every letter, or raises what it is told to, one after the other."""

    name = "remembering"

    def __init__(self, *raises: BaseException | None, repeatable: bool = False) -> None:
        self.letters: list[Notification] = []
        self.repeatable = repeatable
        self._raises = list(raises)

    async def send(self, letter: Notification) -> None:
        if self._raises and (error := self._raises.pop(0)):
            raise error
        self.letters.append(letter)

    async def close(self) -> None:
        return


class Holding(Remembering):
    """Keeps each letter in its hands until it is told to let go."""

    def __init__(self) -> None:
        super().__init__()
        self.has_it, self.let_go = asyncio.Event(), asyncio.Event()

    async def send(self, letter: Notification) -> None:
        self.has_it.set()
        await self.let_go.wait()
        await super().send(letter)


async def reminded(pool: Pool, person: Person = LEA, ago: timedelta = timedelta(0), kit: Kit = KIT) -> Delivery:
    """A learner whose reminder of the intake fell due so long ago, and the message that this calls for."""
    await publish(pool, kit)
    await people.upsert_many(pool, [person])
    at = datetime.now(UTC) - ago
    journey = JourneyId(f"small.{person.person_id}")
    begun = JourneyStarted(
        at=at - timedelta(days=3),
        program=ProgramId("small"),
        learner=LearnerId(person.person_id),
        kit=KitDigest(kit.digest),
        intake_due_at=at + timedelta(days=11),
    )
    reminder = ReminderFellDue(at=at, rule="intake.reminders.0", about="intake#1", duty="intake", to="learner")
    await record(pool, journey, 0, [begun, reminder])
    return Delivery(journey=journey, version=2, to="learner")


async def record(pool: Pool, journey: JourneyId, version: int, events: Sequence[JourneyEvent]) -> None:
    append_id = f"{journey}@{version}"
    await EventLog(pool).append(journey_stream(journey), version, append_id, encode(events, append_id))


async def became(pool: Pool, deliver: Delivery) -> tuple[NotificationState | None, list[str]]:
    """Where the message stands, and the short names of its events."""
    message = id_of(deliver)
    recorded = await EventLog(pool).read_stream(notification_stream(message))
    state = (await read(pool, notification_stream(message), NOTIFICATION)).state
    return state, [one.type.removeprefix("message.") for one in recorded]


async def sent(pool: Pool, channel: Remembering) -> tuple[Delivery, str]:
    """A message that was handed to the channel, and its id."""
    deliver = await reminded(pool)
    for step in (Notifications(pool, channel).plan_message, Notifications(pool, channel).send_message):
        await ActivityEnvironment().run(step, deliver)
    return deliver, id_of(deliver)


async def plan(sender: Notifications, deliver: Delivery) -> DeliveryPlan:
    answer: DeliveryPlan = await ActivityEnvironment().run(sender.plan_message, deliver)
    return answer


async def send(sender: Notifications, deliver: Delivery) -> DeliveryResult:
    answer: DeliveryResult = await ActivityEnvironment().run(sender.send_message, deliver)
    return answer


async def both(sender: Notifications, deliver: Delivery) -> str:
    await plan(sender, deliver)
    return (await send(sender, deliver)).status


def night_of(hours_left: int) -> str:
    """A time zone in which it is night now, for so long still until eight in the morning."""
    wanted = (8 - hours_left) % 24
    ahead = (wanted - datetime.now(UTC).hour + 12) % 24 - 12
    return f"Etc/GMT{-ahead:+d}"


class Killed(BaseException):
    """The end of a process, as far as those inside can tell: nothing after it happens."""


class Mortal:
    """Ends the process at its n-th dealing with the world outside, just before it or just after."""

    def __init__(self, at: int, after: bool) -> None:
        self._count, self._at, self._after = count(), at, after

    def around(self, deed: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def mortal(*args: Any, **more: Any) -> Any:
            dies = next(self._count) == self._at
            if dies and not self._after:
                raise Killed
            done = await deed(*args, **more)
            if dies:
                raise Killed
            return done

        return mortal


class Post:
    """A worker for messages on a queue of its own, and couriers that begin them there."""

    def __init__(self, environment: WorkflowEnvironment, pool: Pool, dsn: str) -> None:
        self.environment, self.pool, self.dsn = environment, pool, dsn
        self.queue = f"messages-{uuid4()}"

    @asynccontextmanager
    async def with_channel(self, channel: Remembering) -> AsyncIterator[None]:
        async with Worker(
            self.environment.client,
            task_queue=self.queue,
            workflows=[DeliverMessage],
            activities=Notifications(self.pool, channel).all,
            # The server offers a task to the worker that has gone for so long before it offers it to the next.
            sticky_queue_schedule_to_start_timeout=timedelta(seconds=1),
            graceful_shutdown_timeout=timedelta(seconds=1),
        ):
            yield

    @asynccontextmanager
    async def with_couriers(self, number: int = 1) -> AsyncIterator[None]:
        couriers = [Courier(self.dsn, self.pool, self.environment.client, self.queue) for _ in range(number)]
        tasks = [asyncio.create_task(one.run()) for one in couriers]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.gather(*tasks)

    async def position_when(self, reached: int) -> None:
        async with asyncio.timeout(30):
            while await self.pool.fetchval("select position from trellis.courier") < reached:  # noqa: ASYNC110
                await asyncio.sleep(0.02)

    async def status_when(self, deliver: Delivery, holds: Callable[[str | None], bool]) -> str:
        async with asyncio.timeout(30):
            while True:
                state, _ = await became(self.pool, deliver)
                if holds(state.status if state else None):
                    return state.status if state else ""
                await asyncio.sleep(0.02)

    def workflow(self, deliver: Delivery) -> WorkflowHandle[DeliverMessage, DeliveryResult]:
        message = id_of(deliver)
        return self.environment.client.get_workflow_handle_for(DeliverMessage.run, notification_stream(message))


def somebody(zone: str = "Europe/Berlin") -> Person:
    """Whose journey, and so whose message, no other test has: they share a Temporal server."""
    return Person(f"lea-{uuid4()}", "learner", "Lea", "lea@example.org", zone)
