"""The activity of a bulk action: go through the journeys that have no outcome yet, at the rate that was set.

It may be repeated at any time. What is sent to a journey has an id that follows from the action, so that a journey
obeys it once and answers the same again, however often a worker is killed between sending and entering the outcome.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import structlog
from pydantic_core import from_json
from temporalio import activity
from temporalio.client import Client
from temporalio.exceptions import TemporalError
from temporalio.service import RPCError, RPCStatusCode

from activities.heartbeats import heartbeats
from client.journeys import JourneyClient, NoSuchJourney, NotAnswering, Refused
from client.starting import Entrant, begin_one
from domain.bulk import BULK, BulkState, FinishBulk, StopBulk
from domain.ids import BulkId, bulk_stream, journey_stream
from domain.kit import Kit
from domain.origin import Origin, coming_from
from domain.refusal import NotFound
from kits.lookup import newest
from store import bulk as selections
from store import people
from store.bulk import Item, Result
from store.database import Pool
from store.event_log import EventLog
from store.transact import Snapshot, given, read, transact
from workflows.bulk_activities import CARRY_OUT_BULK, SILENCE_OF_BULK, BulkProgress, CarryOut
from workflows.contract import TASK_QUEUE, Answer, Begin

log = structlog.get_logger()

_AT_ONCE = 32
_LARGEST_BATCH = 200
"""Journeys between two looks at what people want. A batch takes about a second."""
_PATIENCE = timedelta(seconds=20)
"""How long one journey is waited for. One that has not answered by then has the command, and may follow it later."""
_LAST_ATTEMPT = 3
"""A journey that has not answered in so many attempts is entered as such. In between come all others."""
_LONGEST = timedelta(minutes=30)
_LONGEST_WORDS = 500
_AWAY = (RPCStatusCode.UNAVAILABLE, RPCStatusCode.UNAUTHENTICATED, RPCStatusCode.PERMISSION_DENIED)
"""Of Temporal itself: no journey could be asked."""
_OTHER_WAY = {
    "approve_match": ("offer_required", "offer_match"),
    "offer_match": ("offer_not_possible", "approve_match"),
}
"""For another mentor: the command that the kit of a journey takes, where it changed since the plan was made."""


class BulkActions:
    def __init__(self, pool: Pool, temporal: Client, task_queue: str = TASK_QUEUE) -> None:
        self._pool = pool
        self._journeys = JourneyClient(temporal, task_queue)

    @property
    def all(self) -> Sequence[Callable[..., Any]]:
        return (self.carry_out,)

    @activity.defn(name=CARRY_OUT_BULK)
    async def carry_out(self, wanted: CarryOut) -> BulkProgress:
        """Ends when every journey has an outcome, when somebody pauses or stops it, and after half an hour at most.

        Raises errors of both servers: to be retried.
        """
        bulk, until = wanted.bulk, time.monotonic() + _LONGEST.total_seconds()
        found: Snapshot[BulkState | None] | None = None
        async with heartbeats(activity.info().heartbeat_timeout or SILENCE_OF_BULK):
            while True:
                found = await read(self._pool, bulk_stream(bulk), BULK, found)
                state = found.state
                if state is None:
                    raise NotFound(f"there is no bulk action {bulk!r}")
                if state.status != "running" or time.monotonic() > until:
                    return await self._progress(bulk, found.version, state)
                if not await self._batch(bulk, state):
                    await self._finish(bulk, state.plan.journeys)

    async def _batch(self, bulk: BulkId, state: BulkState) -> bool:
        """Returns False when every journey has an outcome."""
        items = await selections.claim(self._pool, bulk, max(1, min(int(state.rate), _LARGEST_BATCH)))
        if not items:
            return False
        sender = await self._sender(bulk, state, items)
        with coming_from(Origin(actor=f"bulk:{bulk}", channel="bulk", correlation=bulk)):
            results = await paced(sender.send, items, state.rate)
        await selections.enter(self._pool, bulk, [one for one in results if one])
        return True

    async def _sender(self, bulk: BulkId, state: BulkState, items: Sequence[Item]) -> "_Sender":
        if state.plan.kind != "start":
            return _Sends(self._journeys, bulk, state)
        known = await people.by_ids(self._pool, [one.learner for one in items]) if state.plan.sends_answers else {}
        answers = {one: person.attributes.get("answers", {}) for one, person in known.items()}
        kit = await newest(self._pool, items[0].program)
        return _Starts(EventLog(self._pool), self._journeys, kit, _Order(bulk, state, answers))

    async def _finish(self, bulk: BulkId, planned: int) -> None:
        outcomes, _ = await selections.outcomes(self._pool, bulk)
        command: FinishBulk | StopBulk = FinishBulk(outcomes=outcomes)
        if outcomes.all < planned:  # as after an import of the log alone
            command = StopBulk(by="system", reason="the list of its journeys is not in this database")
        await transact(self._pool, bulk_stream(bulk), BULK, command, datetime.now(UTC), meta=given(command))
        log.info("bulk_finished", bulk=bulk, **outcomes.model_dump())

    async def _progress(self, bulk: BulkId, version: int, state: BulkState) -> BulkProgress:
        outcomes, left = await selections.outcomes(self._pool, bulk)
        return BulkProgress(version=version, status=state.status, outcomes=outcomes, left=left)


class _Order(NamedTuple):
    bulk: BulkId
    state: BulkState
    answers: Mapping[str, Mapping[str, Any]]
    """Of the learners, to the intake."""


class _Sender:
    """Does for one journey what the action says. Raises errors that concern all of them."""

    async def send(self, item: Item) -> Result | None:
        """None: the journey has not answered, and is tried again."""
        try:
            async with asyncio.timeout(_PATIENCE.total_seconds()):
                return await self._send(item)
        except Refused as refusal:
            return Result(item.number, "refused", refusal.code, str(refusal)[:_LONGEST_WORDS])
        except (TimeoutError, NotAnswering, NoSuchJourney, TemporalError) as error:
            if isinstance(error, RPCError) and error.status in _AWAY:
                raise
            if item.attempts < _LAST_ATTEMPT:
                return None
            says = str(error) or f"no answer within {_PATIENCE.total_seconds():g} seconds; `trellis doctor` tells why"
            return Result(item.number, "unanswered", says=says[:_LONGEST_WORDS])

    async def _send(self, item: Item) -> Result:
        raise NotImplementedError


class _Sends(_Sender):
    """A command, the same for all or another mentor for each."""

    def __init__(self, journeys: JourneyClient, bulk: BulkId, state: BulkState) -> None:
        self._journeys, self._bulk, self._plan = journeys, bulk, state.plan
        self._content = from_json(state.plan.content)

    async def _send(self, item: Item) -> Result:
        command = item.command or self._plan.command
        assert command, "it is the item's, or the same for all"
        payload = {**self._content, "mentor": item.mentor} if item.mentor else self._content
        try:
            answer = await self._ask(item, command, payload)
        except Refused as refusal:
            code, other = _OTHER_WAY.get(command, (None, command))
            if self._plan.kind != "reassign" or refusal.code != code:
                raise
            answer = await self._ask(item, other, payload)
        return Result(item.number, "done" if answer.events else "unchanged", events=answer.events)

    async def _ask(self, item: Item, command: str, payload: dict[str, Any]) -> Answer:
        command_id = f"bulk:{self._bulk}:{command}"
        try:
            return await self._journeys.send(item.journey, command, payload, command_id=command_id)
        except NoSuchJourney:  # Temporal has lost it, or it has closed and says so
            begin = Begin(program=item.program, learner=item.learner)
            return await self._journeys.begin_and_send(begin, command, payload, item.journey, command_id=command_id)


class _Starts(_Sender):
    """The journey of a learner who has a place."""

    def __init__(self, log: EventLog, journeys: JourneyClient, kit: Kit, order: _Order) -> None:
        self._log, self._journeys, self._kit = log, journeys, kit
        self._command_id = f"bulk:{order.bulk}:submit_intake"
        self._begun_at = order.state.begun_at
        self._answers = order.answers

    async def _send(self, item: Item) -> Result:
        one = Entrant(item.learner, item.journey, self._answers.get(item.learner, {}))
        begun, answered = await begin_one(self._journeys, self._kit, one, command_id=self._command_id)
        events: list[str] = [begun, *([answered] if answered else [])]
        if events[0] == "running" and item.attempts > 1 and await self._began_here(item):
            events[0] = "begun"
        unchanged = events in (["running"], ["ended"])
        return Result(item.number, "unchanged" if unchanged else "done", events=tuple(events))

    async def _began_here(self, item: Item) -> bool:
        """Whether an earlier attempt has begun it, and was interrupted before that was entered."""
        first = await self._log.read_stream(journey_stream(item.journey), limit=1)
        return not first or self._begun_at is None or first[0].occurred_at >= self._begun_at


async def paced(send: Callable[[Item], Any], items: Sequence[Item], rate: float) -> list[Result | None]:
    """Begins one after the other at this rate a second, so many at once at most; returns when the rate allows more."""
    turns, began = asyncio.Semaphore(_AT_ONCE), time.monotonic()

    async def one(number: int, item: Item) -> Result | None:
        await asyncio.sleep(began + number / rate - time.monotonic())
        async with turns:
            result: Result | None = await send(item)
        return result

    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(one(number, item)) for number, item in enumerate(items)]
    await asyncio.sleep(began + len(items) / rate - time.monotonic())
    return [task.result() for task in running]
