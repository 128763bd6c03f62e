"""A journey with something to tell, a channel that remembers what it was given, and what the log says of messages."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from temporalio.testing import ActivityEnvironment

from activities.notifications import Notifications
from channels.channel import Notification
from domain.ids import JourneyId, KitDigest, LearnerId, ProgramId, journey_stream, notification_stream
from domain.journey.events import JourneyEvent, JourneyStarted, ReminderFellDue
from domain.kit import Kit
from domain.notification import NOTIFICATION, NotificationState, notification_id
from kits.loading import publish
from store import people
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from store.transact import read
from tests.workflows.kits import SMALL
from workflows.notification_activities import Delivery

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
    message = notification_id(journey_stream(deliver.journey), deliver.version, deliver.to)
    recorded = await EventLog(pool).read_stream(notification_stream(message))
    state = (await read(pool, notification_stream(message), NOTIFICATION)).state
    return state, [one.type.removeprefix("message.") for one in recorded]


async def sent(pool: Pool, channel: Remembering) -> tuple[Delivery, str]:
    """A message that was handed to the channel, and its id."""
    deliver = await reminded(pool)
    for step in (Notifications(pool, channel).plan_message, Notifications(pool, channel).send_message):
        await ActivityEnvironment().run(step, deliver)
    return deliver, notification_id(journey_stream(deliver.journey), deliver.version, deliver.to)
