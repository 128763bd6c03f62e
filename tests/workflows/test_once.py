"""Every command is recorded once, whatever becomes of the workflow task that recorded it."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

import store.event_log
from activities.journeys import Journeys
from client.journeys import JourneyClient, Refused, TaskFailing
from domain.ids import JourneyId, journey_stream
from store.database import Pool
from store.event_log import EventLog, RecordedEvent
from tests.workflows.interruptions import Interruption, Interruptions, interruptions
from tests.workflows.kits import publish
from workflows.contract import WORKFLOW, Answer, Begin
from workflows.pinned_kits import with_kits

Message = tuple[str, str, dict[str, Any]]
PAUSE: Message = ("signal", "pause", {"reason": "ill"})
RESUME: Message = ("signal", "resume", {})
MESSAGES: list[Message] = [
    PAUSE,
    RESUME,
    ("update", "give_feedback", {"confidence": 3, "notes": "first"}),
    ("update", "give_feedback", {"confidence": 3, "notes": "second"}),
]
ORDERS = [order for order in permutations(MESSAGES) if order.index(PAUSE) < order.index(RESUME)]
"""Signals arrive in the order in which they were sent; to resume first would change nothing, and leave no trace."""


class Stage:
    """A worker that runs workflows as production does, and journeys whose messages wait for it."""

    def __init__(self, client: Client, pool: Pool) -> None:
        self.client = client
        self.pool = pool
        self.queue = f"journeys-{uuid4()}"

    @asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        journeys = Journeys(self.pool)
        async with Worker(
            with_kits(self.client, journeys.kit),
            task_queue=self.queue,
            workflows=[_journey()],
            activities=journeys.all,
            workflow_runner=UnsandboxedWorkflowRunner(),
            graceful_shutdown_timeout=timedelta(seconds=2),
        ):
            yield

    async def begin(self, continue_after: int = 500) -> JourneyId:
        journey = JourneyId(f"small.{uuid4()}")
        await self.client.start_workflow(
            WORKFLOW,
            Begin(program="small", learner="lea", continue_after=continue_after),
            id=journey,
            task_queue=self.queue,
            task_timeout=timedelta(seconds=1),
        )
        return journey

    async def send(self, journey: JourneyId, messages: Sequence[Message]) -> list["asyncio.Task[Answer | str]"]:
        """In this order, as far as the server keeps it. Returns the updates; a refusal is its reason."""
        updates = []
        for kind, name, payload in messages:
            if kind == "signal":
                await self.client.get_workflow_handle(journey).signal(name, payload)
            else:
                updates.append(asyncio.create_task(self.update(journey, name, payload, f"{name}-{payload['notes']}")))
                await asyncio.sleep(0)
        return updates

    async def update(self, journey: JourneyId, name: str, payload: Any, update_id: str) -> Answer | str:
        """Asks again where the client gives up, as on a busy machine, where a task takes longer than its second."""
        while True:
            try:
                return await JourneyClient(self.client).send(journey, name, payload, command_id=update_id)
            except TaskFailing:
                await asyncio.sleep(0.1)
            except Refused as refused:
                return str(refused)

    async def recorded(self, journey: JourneyId) -> list[RecordedEvent]:
        return await EventLog(self.pool).read_stream(journey_stream(journey))

    async def recorded_when(self, journey: JourneyId, orders: int) -> list[RecordedEvent]:
        recorded: list[RecordedEvent] = []
        try:
            async with asyncio.timeout(60):
                while len(_orders(recorded := await self.recorded(journey))) < orders:  # noqa: ASYNC110 - the worker's
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"of {orders} commands to {journey}: {_orders(recorded)}") from None
        return recorded


def _journey() -> type:
    from workflows.learner_journey import LearnerJourney

    return LearnerJourney


@pytest.fixture
async def stage(temporal: WorkflowEnvironment, pool: Pool) -> Stage:
    await publish(pool)
    return Stage(temporal.client, pool)


def _orders(recorded: Sequence[RecordedEvent]) -> dict[str, list[str]]:
    """What each command came to, without the start."""
    orders: dict[str, list[str]] = {}
    for one in recorded[1:]:
        orders.setdefault(one.meta["order"], []).append(one.type.removeprefix("journey."))
    return orders


def assert_each_once(recorded: Sequence[RecordedEvent], messages: Sequence[Message]) -> None:
    kinds = Counter(one.type.removeprefix("journey.") for one in recorded)
    assert (kinds["started"], kinds["paused"], kinds["resumed"]) == (1, 1, 1), kinds
    assert all(len(types) == 1 for types in _orders(recorded).values())
    assert len(_orders(recorded)) == len(messages)


async def play(stage: Stage, made: Interruptions, order: Sequence[Message], how: str, appends: int) -> None:
    """Sends the messages, has the workflow task interrupted, and looks at what came of each."""
    journey = await stage.begin(continue_after=2 if how == "new_run" else 500)
    messages = [*order]
    match how:
        case "crash":
            made.after_append[journey] = Interruption(appends, made.fail_task)
        case "timeout":
            made.after_append[journey] = Interruption(appends, made.let_task_time_out)
        case _:
            made.before_new_run[journey] = made.signal("dance", {})
            messages.append(("signal", "dance", {}))
    updates = await stage.send(journey, order)
    answers = await asyncio.gather(*updates)
    recorded = await stage.recorded_when(journey, len(messages))
    assert_each_once(recorded, messages)
    by_order = _orders(recorded)
    for answer, (_, name, payload) in zip(answers, (one for one in order if one[0] == "update"), strict=True):
        types = by_order[f"update:{name}-{payload['notes']}"]
        assert types == (["command_rejected"] if isinstance(answer, str) else ["feedback_given"])


@pytest.mark.parametrize("how", ["crash", "new_run", "timeout"])
@pytest.mark.parametrize("appends", [1, 3])
async def test_a_task_that_is_run_again_loses_nothing_and_repeats_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, how: str, appends: int
) -> None:
    orders = {"timeout": ORDERS[::3], "new_run": ORDERS[::2]}.get(how, ORDERS)
    with interruptions(stage.client, monkeypatch) as made:
        async with stage.worker(), asyncio.timeout(120), asyncio.TaskGroup() as tasks:
            for order in orders:
                tasks.create_task(play(stage, made, order, how, appends))


@pytest.mark.parametrize("appends", [1, 2, 3, 4])
async def test_nothing_is_lost_of_what_waits_before_the_first_task(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, appends: int
) -> None:
    """The very first task is lost, with the load of the journey, its start and its first commands: equal ones too."""
    with interruptions(stage.client, monkeypatch) as made:
        journey = await stage.begin()
        made.after_append[journey] = Interruption(appends, made.fail_task)
        await stage.send(journey, [PAUSE, RESUME, PAUSE, RESUME])
        async with stage.worker():
            recorded = await stage.recorded_when(journey, 4)
    assert list(_orders(recorded).values()) == [["paused"], ["resumed"]] * 2
    assert made.after_append[journey].happened


@pytest.mark.parametrize("name", ["give_feedback", "dance"])
async def test_an_update_that_is_tried_again_has_its_recorded_answer_in_any_later_run(stage: Stage, name: str) -> None:
    payload = {"confidence": 3, "notes": "only once"}
    async with stage.worker(), asyncio.timeout(60):
        journey = await stage.begin(continue_after=1)
        first = await stage.update(journey, name, payload, "same")
        for nth in range(3):
            await stage.update(journey, "give_feedback", {"confidence": 2, "notes": f"other {nth}"}, f"other-{nth}")
        assert await stage.update(journey, name, payload, "same") == first
        await stage.client.get_workflow_handle(journey).terminate()
        await stage.client.start_workflow(
            WORKFLOW, Begin(program="small", learner="lea"), id=journey, task_queue=stage.queue
        )
        assert await stage.update(journey, name, payload, "same") == first
        assert await stage.update(journey, "give_feedback", {"confidence": 1}, "same") == first
    assert [len(types) for types in _orders(await stage.recorded(journey)).values()] == [1] * 4


async def test_what_is_recorded_is_not_refused_when_it_is_decided_again_later(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`until` lies in the future when the command is decided, and in the past when its task is run again."""
    with interruptions(stage.client, monkeypatch) as made:
        async with stage.worker(), asyncio.timeout(30):
            journey = await stage.begin()
            until = datetime.now(UTC) + timedelta(seconds=1)

            def fail_after_until(_: str) -> None:
                made.wait(asyncio.sleep((until - datetime.now(UTC)).total_seconds() + 0.05))
                raise RuntimeError("the worker dies here, once")

            made.after_append[journey] = Interruption(1, fail_after_until)
            answer = await stage.update(journey, "pause", {"reason": "ill", "until": until.isoformat()}, "pause-1")
            assert isinstance(answer, Answer), answer
            assert answer.events == ("journey.paused",)
            assert made.after_append[journey].happened


async def test_what_the_log_never_takes_is_refused_and_the_journey_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store.event_log, "MAX_EVENT_BYTES", 1_500)
    async with stage.worker(), asyncio.timeout(30):
        journey = await stage.begin()
        refused = await stage.update(journey, "give_feedback", {"confidence": 3, "notes": "n" * 2_000}, "large")
        assert isinstance(refused, str)
        assert "the log takes 1500" in refused
        taken = await stage.update(journey, "give_feedback", {"confidence": 3, "notes": "short"}, "small")
        assert isinstance(taken, Answer)
    types = _orders(await stage.recorded(journey))
    assert types == {"update:large": ["command_rejected"], "update:small": ["feedback_given"]}


async def test_what_no_history_takes_does_not_hold_a_journey(stage: Stage) -> None:
    async with stage.worker(), asyncio.timeout(30):
        journey = await stage.begin()
        began = datetime.now(UTC)
        refused = await stage.update(journey, "give_feedback", {"confidence": 3, "notes": "n" * 3_000_000}, "huge")
        assert isinstance(refused, str)
        assert "a command takes" in refused
        await stage.client.get_workflow_handle(journey).signal("give_feedback", {"notes": "n" * 1_500_000})
        answer = await stage.update(journey, "give_feedback", {"confidence": 3, "notes": "short"}, "small")
        assert isinstance(answer, Answer)
        assert datetime.now(UTC) - began < timedelta(seconds=10)
        assert Counter(one.type for one in await stage.recorded(journey))["journey.command_rejected"] == 1
