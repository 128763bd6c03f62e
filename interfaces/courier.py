"""Reads the log for what calls for a message, and begins a workflow for each. What it begins twice is begun once."""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import asyncpg
import structlog
from temporalio.client import Client
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain import journey
from domain.ids import JourneyId, journey_stream, message_stream
from domain.messages import message_id, notices, untimely
from domain.messages.ports import Deliver
from store.codec import Codec, Unknown
from store.database import Connection, Pool, query
from store.errors import NotDecodable
from store.event_log import EventLog, RecordedEvent
from store.signal import Signal
from workflows.contract import MESSAGE_TASK_QUEUE, MESSAGE_WORKFLOW

log = structlog.get_logger(__name__)

_LOCK = 7_455_006
_STAND_AGAIN_SECONDS = 0.5
_PATIENCE_SECONDS = 5.0
_PAGE = 1_000
_AT_ONCE = 16
_CODEC = Codec(journey.EVENTS)


class Courier:
    """Works whenever it can; others may stand by, in any number of processes. `run` returns only when cancelled.

    Where it stands is written down after the workflows of a page have begun. Cut off in between, it begins them again:
    Temporal knows their ids, and where it has forgotten them, the log does (see activities/messages.py).
    """

    def __init__(self, dsn: str, pool: Pool, temporal: Client, task_queue: str = MESSAGE_TASK_QUEUE) -> None:
        self._dsn = dsn
        self._pool = pool
        self._temporal = temporal
        self._task_queue = task_queue
        self._signal = Signal(dsn)

    async def run(self) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._signal.run())
            tasks.create_task(self._keep_working())

    async def _keep_working(self) -> None:
        while True:
            try:
                connection = await asyncpg.connect(self._dsn, server_settings={"application_name": "trellis courier"})
                try:
                    await self._work(connection)
                finally:
                    connection.terminate()
            except Exception as error:  # noqa: BLE001 - neither server's absence is final
                log.warning("courier_interrupted", because=repr(error))
                await asyncio.sleep(_STAND_AGAIN_SECONDS)

    async def _work(self, connection: Connection) -> None:
        while not await connection.fetchval(query("lead_try"), _LOCK):  # noqa: ASYNC110
            await asyncio.sleep(_STAND_AGAIN_SECONDS)
        while True:
            position: int = await connection.fetchval(query("courier_position"))
            page = await EventLog(self._pool).read_all(position, _PAGE)
            if not page:
                await self._signal.wait_beyond(position, _PATIENCE_SECONDS)
                continue
            await self._begin_all([one for recorded in page for one in _called_for(recorded)])
            await connection.execute(query("courier_move"), position + len(page))

    async def _begin_all(self, wanted: Sequence[Deliver]) -> None:
        for first in range(0, len(wanted), _AT_ONCE):
            some = wanted[first : first + _AT_ONCE]
            await asyncio.gather(*(begin_message(self._temporal, one, self._task_queue) for one in some))


async def begin_message(temporal: Client, deliver: Deliver, task_queue: str = MESSAGE_TASK_QUEUE) -> None:
    """Begins the workflow of a message, unless it runs or has run. Another attempt does not wait for the next that a
    running one would make: it takes its place.
    """
    workflow_id = message_stream(message_id(journey_stream(deliver.journey), deliver.version, deliver.to))
    reuse, conflict = WorkflowIDReusePolicy.REJECT_DUPLICATE, WorkflowIDConflictPolicy.FAIL
    if deliver.retried_by:
        reuse, conflict = WorkflowIDReusePolicy.ALLOW_DUPLICATE, WorkflowIDConflictPolicy.TERMINATE_EXISTING
    try:
        await temporal.start_workflow(
            MESSAGE_WORKFLOW,
            deliver,
            id=workflow_id,
            task_queue=task_queue,
            id_reuse_policy=reuse,
            id_conflict_policy=conflict,
            static_summary=f"to {deliver.to}, about {deliver.journey}",
        )
    except WorkflowAlreadyStartedError:
        log.debug("message_known", message=workflow_id)


def _called_for(recorded: RecordedEvent) -> Iterator[Deliver]:
    """Nothing of what is long past: after a restored backup, the whole log is new here."""
    if recorded.type not in journey.EVENTS or untimely(recorded.occurred_at, datetime.now(UTC)):
        return
    try:
        event = _CODEC.decode(recorded)
    except NotDecodable as error:
        log.error("event_unreadable", position=recorded.position, because=str(error))
        return
    if isinstance(event, Unknown):
        return
    for notice in notices(event):
        told = JourneyId(recorded.stream.removeprefix("journey-"))
        yield Deliver(journey=told, version=recorded.version, to=notice.to)
