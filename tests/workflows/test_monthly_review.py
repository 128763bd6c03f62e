"""Monthly reviews on a real Temporal server and a real log: drafted on their day, released, and sent once to each."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities.monthly_review import MonthlyReviews, ReviewLetters
from channels.channel import Bounced, Notification, NotTaken
from domain.ids import ProgramId
from domain.kit import Kit
from domain.monthly_review import REVIEW, DraftReview, ReleaseReview, ReviewState, review_stream
from domain.monthly_review.period import last_whole_month
from projections.runner import catch_up
from queries.monthly_review import draft
from queries.monthly_review_words import letter
from services.reconciling.review_letters import ReviewLetterWorkflows
from services.schedules import Monthly, monthly_review
from store import people, sequencer
from store.database import Pool
from store.people import Person
from store.transact import read, transact
from tests.workflows.kits import SMALL, publish
from workflows.contract import MONTHLY_REVIEW
from workflows.monthly_review import MonthlyReview
from workflows.monthly_review import ReviewLetters as ReviewLettersWorkflow
from workflows.review_activities import BeginReview, Drafted, Sent

PROGRAM = ProgramId("small")
RULES = {"zone": "Europe/Berlin", "to": ["ops", "m-1", "m-2", "gone"]}
KIT = Kit.model_validate(SMALL.model_dump(mode="json") | {"version": "reviewed", "monthly_review": RULES})


class Postbox:
    """A channel that takes letters, or refuses the first of somebody."""

    name = "postbox"

    def __init__(self, *, repeatable: bool = True) -> None:
        self.repeatable = repeatable
        self.letters: list[Notification] = []
        self.busy = {"m1@example.org"}

    async def send(self, notification: Notification) -> None:
        if notification.to_address == "m2@example.org":
            raise Bounced("no such mailbox")
        if notification.to_address in self.busy:
            self.busy.remove(notification.to_address)
            raise NotTaken("busy", retry_after=timedelta(milliseconds=50))
        self.letters.append(notification)

    async def close(self) -> None: ...


@pytest.fixture
async def month(pool: Pool, dsn: str) -> str:
    await publish(pool, KIT)
    people_ = [
        Person("m-1", "mentor", "Mia", email="m1@example.org"),
        Person("m-2", "mentor", "Max", email="m2@example.org"),
    ]
    await people.upsert_many(pool, people_)
    await catch_up(dsn)
    return last_whole_month(datetime.now(UTC), "Europe/Berlin")


async def released(pool: Pool, month: str) -> None:
    at = datetime.now(UTC)
    document = await draft(pool, PROGRAM, month, at)
    for command in (DraftReview(name="a", document=document), ReleaseReview(to=("ops", "m-1", "m-2", "gone"))):
        await transact(pool, review_stream(PROGRAM, month), REVIEW, command, at)


async def state(pool: Pool, month: str) -> ReviewState:
    return (await read(pool, review_stream(PROGRAM, month), REVIEW)).state


async def test_the_last_month_is_drafted_once(temporal: WorkflowEnvironment, pool: Pool, month: str) -> None:
    queue = f"programs-{uuid4()}"
    activities = MonthlyReviews(pool, draft).all
    async with Worker(temporal.client, task_queue=queue, workflows=[MonthlyReview], activities=activities):
        done = await temporal.client.execute_workflow(
            MONTHLY_REVIEW,
            BeginReview(program=PROGRAM),
            id=f"monthly-{uuid4()}",
            task_queue=queue,
            result_type=Drafted,
        )
    assert done == Drafted(month=month, draft=1)
    found = await state(pool, month)
    assert found.document
    assert (found.document.month, found.document.whole, found.document.zone) == (month, True, "Europe/Berlin")


async def test_each_recipient_gets_it_once(temporal: WorkflowEnvironment, pool: Pool, month: str, dsn: str) -> None:
    await released(pool, month)
    await sequencer.drain(dsn)
    await catch_up(dsn)
    queue, postbox = f"messages-{uuid4()}", Postbox()
    letters = ReviewLetters(pool, postbox, letter, "ops@example.org")
    kind = ReviewLetterWorkflows(pool, temporal.client, queue)
    expected = [one async for page in kind.expected() for one in page]
    assert [one.stream for one in expected] == [review_stream(PROGRAM, month)]
    start = await kind.to_start(expected[0].stream)
    assert start
    async with Worker(temporal.client, task_queue=queue, workflows=[ReviewLettersWorkflow], activities=letters.all):
        await start()
        handle = temporal.client.get_workflow_handle(kind.workflow_of(expected[0].stream), result_type=Sent)
        assert await handle.result() == Sent(sent=2, failed=2)
    assert {one.to_address for one in postbox.letters} == {"ops@example.org", "m1@example.org"}
    assert all("# A small program: review of" in one.text for one in postbox.letters)
    statuses = {name: one.status for name, one in (await state(pool, month)).letters.items()}
    await sequencer.drain(dsn)
    assert statuses == {"ops": "sent", "m-1": "sent", "m-2": "bounced", "gone": "skipped"}
    await catch_up(dsn)
    assert (await kind.to_start(expected[0].stream), await kind.count_expected()) == (None, 0)


def test_it_is_scheduled_where_the_kit_asks_for_it() -> None:
    wanted = monthly_review(KIT)
    assert wanted
    assert (wanted.id, wanted.workflow, wanted.monthly) == (
        "monthly-small",
        MONTHLY_REVIEW,
        Monthly(2, 6, "Europe/Berlin"),
    )
    assert monthly_review(SMALL) is None
