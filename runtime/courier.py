"""Reads the log for events that call for a notification, and starts a workflow for each: once, however often tried."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from pydantic import ValidationError
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain import journey
from domain.ids import JourneyId, StreamId, notification_stream
from domain.notification import NotificationState, calls, followed, may_call, notices, untimely
from runtime.outages import Outage, is_data_error
from store import courier, kits
from store.codec import Codec, Unknown
from store.courier import Called
from store.database import Connection, Pool
from store.event_log import EventLog, RecordedEvent
from store.leading import lead
from store.locks import Lock
from store.signal import Signal
from workflows.contract import MESSAGE_TASK_QUEUE, MESSAGE_WORKFLOW
from workflows.notification_activities import Delivery, id_of

log = structlog.get_logger(__name__)

_PATIENCE_SECONDS = 5.0
_STOPPED_LOOK_SECONDS = 1.0
INVITED_AFTER = timedelta(seconds=20)
"""A calendar is told so much later: of several changes at once only the last is sent, and a pathway that is planned
with many sessions for many people does not keep other notifications waiting."""
_PAGE = 1_000
_AT_ONCE = 16
_CODEC = Codec(journey.EVENTS)


@dataclass(frozen=True, slots=True)
class _Call:
    """A notification that an event calls for."""

    position: int
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class _Unprocessable:
    """An event that cannot be processed."""

    position: int
    because: str


class Courier:
    """One process leads, any number may stand by. `run` returns only when cancelled.

    Its position is stored after the workflows of a page have started. When it is killed in between, it starts them
    again, and nothing comes of that: Temporal knows their ids, and so does the log (see activities/notifications.py).

    At an event that it cannot process it stops, with the reason in trellis.courier, until a person parks or skips the
    event, or lets it try again (services/parked_messages.py). While a server is away it waits.
    """

    def __init__(self, dsn: str, pool: Pool, temporal: Client, task_queue: str = MESSAGE_TASK_QUEUE) -> None:
        self._dsn = dsn
        self._pool, self._log = pool, EventLog(pool)
        self._temporal = temporal
        self._task_queue = task_queue
        self._signal = Signal(dsn)
        self._outage = Outage("courier")
        self._limit = _PAGE
        """The size of the next page. It is halved when a page cannot be read, and grows again after each that can."""

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._signal.run())
            tasks.create_task(lead(self._dsn, Lock.COURIER, self._work, name="courier", patience=self._outage))

    async def _work(self, connection: Connection) -> None:
        while True:
            position, stopped_at = await courier.place(connection)
            if stopped_at is not None:
                await asyncio.sleep(_STOPPED_LOOK_SECONDS)
            elif not await self._step(connection, position):
                self._outage.over()
                await self._signal.wait_beyond(position, _PATIENCE_SECONDS)

    async def _step(self, connection: Connection, position: int) -> bool:
        """Processes a page, or stops at an event. Returns False at the end of the log.

        An unreadable event is found by halving the page, so that everything before it is processed.
        """
        try:
            page = await self._log.read_all(position, self._limit)
        except Exception as error:
            if not is_data_error(error):
                raise
            if self._limit == 1:
                await _stop(connection, _Unprocessable(position + 1, _reason(error)))
            self._limit = max(self._limit // 2, 1)
            return True
        if page:
            await self._process(connection, page)
            self._limit = min(self._limit * 2, _PAGE)
        return bool(page)

    async def _process(self, connection: Connection, page: Sequence[RecordedEvent]) -> None:
        found, unprocessable = await _calls_of(self._pool, page)
        unprocessable = await self._start_all(found) or unprocessable
        last = page[-1].position
        assert last is not None, "what is read by position has one"
        upto = unprocessable.position - 1 if unprocessable else last
        await courier.move(connection, upto, [called_of(one.delivery) for one in found if one.position <= upto])
        self._outage.over()
        if unprocessable:
            await _stop(connection, unprocessable)

    async def _start_all(self, found: Sequence[_Call]) -> _Unprocessable | None:
        """Starts them in order, up to the first that Temporal refuses for good. Raises errors that may pass."""
        for first in range(0, len(found), _AT_ONCE):
            some = found[first : first + _AT_ONCE]
            begun = [start_notification(self._temporal, one.delivery, self._task_queue) for one in some]
            for call, came in zip(some, await asyncio.gather(*begun, return_exceptions=True), strict=True):
                if isinstance(came, Exception) and is_data_error(came):
                    return _Unprocessable(call.position, _reason(came))
                if isinstance(came, BaseException):
                    raise came
        return None


async def start_notification(
    temporal: Client, delivery: Delivery, task_queue: str = MESSAGE_TASK_QUEUE, *, again: bool = False
) -> bool:
    """Starts the workflow of a notification unless it runs or has run. Returns True when it was started now.

    `again`: also start it if it has run, as after it was terminated. A retry that somebody asked for replaces a running
    workflow, so that it does not wait for that one's next attempt.
    """
    reuse, conflict = WorkflowIDReusePolicy.REJECT_DUPLICATE, WorkflowIDConflictPolicy.FAIL
    if again:
        reuse = WorkflowIDReusePolicy.ALLOW_DUPLICATE
    if delivery.retried_by:
        reuse, conflict = WorkflowIDReusePolicy.ALLOW_DUPLICATE, WorkflowIDConflictPolicy.TERMINATE_EXISTING
    workflow_id = stream_of(delivery)
    try:
        await temporal.start_workflow(
            MESSAGE_WORKFLOW,
            delivery,
            id=workflow_id,
            task_queue=task_queue,
            id_reuse_policy=reuse,
            id_conflict_policy=conflict,
            static_summary=f"to {delivery.to}, about {delivery.journey}",
            start_delay=INVITED_AFTER if delivery.session and not (again or delivery.retried_by) else None,
        )
    except WorkflowAlreadyStartedError:
        log.debug("message_known", message=workflow_id)
        return False
    return True


def stream_of(delivery: Delivery) -> StreamId:
    """The stream of the notification, which is the id of its workflow as well."""
    return notification_stream(id_of(delivery))


def delivery_of(state: NotificationState, retried_by: str | None = None) -> Delivery:
    """Of a notification that the log knows."""
    known = {"journey": state.journey, "version": state.version, "to": state.to, "session": state.session}
    person = state.recipient if state.session else None
    if state.survey:
        known |= {"survey": state.survey, "reminder": state.reminder or 0}
        person = state.program if state.to == "ops" else state.recipient
    return Delivery.model_validate(known | {"person": person, "retried_by": retried_by})


def called_of(delivery: Delivery) -> Called:
    where = (delivery.journey, delivery.version, delivery.to)
    return Called(stream_of(delivery), *where, delivery.session, delivery.person)


async def called_for(pool: Pool, recorded: RecordedEvent) -> list[Delivery]:
    """The notifications that an event calls for. None for an old event, as the whole log is new here after a restored
    backup, and none for an event of a type or version that only a newer Trellis knows.

    Raises NotDecodable, or any other error for an event that nobody foresaw.
    """
    if recorded.type not in journey.EVENTS or untimely(recorded.occurred_at, datetime.now(UTC)):
        return []
    event = _CODEC.decode(recorded)
    if isinstance(event, Unknown):
        return []
    of = JourneyId(recorded.stream.removeprefix("journey-"))
    called = [Delivery(journey=of, version=recorded.version, to=notice.to) for notice in notices(event)]
    return called + (await _invitations(pool, of, recorded) if may_call(event) else [])


async def _invitations(pool: Pool, of: JourneyId, recorded: RecordedEvent) -> list[Delivery]:
    """Who is invited to what follows from the journey up to the event, and from its kit."""
    events = _CODEC.decode_known(await EventLog(pool).read_stream(recorded.stream, limit=recorded.version))
    known = {digest: await kits.load(pool, digest) for digest in set(followed(events))}
    return [
        Delivery(journey=of, version=one.version, to=one.invited.to, session=one.session, person=one.invited.person)
        for one in calls(events, known, first=recorded.version)
    ]


async def _calls_of(pool: Pool, page: Sequence[RecordedEvent]) -> tuple[list[_Call], _Unprocessable | None]:
    """The calls of the events up to the first that cannot be processed, and the unprocessable with that one.

    Raises what comes of a server that is away.
    """
    found: list[_Call] = []
    for recorded in page:
        assert recorded.position is not None, "what is read by position has one"
        try:
            found += [_Call(recorded.position, delivery) for delivery in await called_for(pool, recorded)]
        except Exception as error:
            if not is_data_error(error):
                raise
            return found, _Unprocessable(recorded.position, _reason(error))
    return found, None


async def _stop(connection: Connection, unprocessable: _Unprocessable) -> None:
    await courier.stop(connection, unprocessable.position, unprocessable.because)
    log.error("courier_stopped", position=unprocessable.position, because=unprocessable.because)


def _reason(error: Exception) -> str:
    """Leaves out invalid values: they may be personal data."""
    if isinstance(error, ValidationError):
        places = (".".join(map(str, one["loc"])) for one in error.errors(include_input=False, include_url=False))
        return f"{type(error).__name__}: {', '.join(places)}"
    return f"{type(error).__name__}: {error}"
