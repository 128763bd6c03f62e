"""The typed client of learner journeys: start them, send them commands, ask for their status.

It imports temporalio, pydantic and the contract of the workflow, nothing of Trellis beyond that: programs that have
neither the database nor Trellis' settings can use it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import uuid4

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from client.failing_tasks import FailingTask, failing_task
from domain.ids import JourneyId, journey_id
from domain.origin import current_origin
from domain.refusal import NotFound
from workflows.contract import REJECTED, TASK_QUEUE, WORKFLOW, Answer, Begin, Status


class Refused(Exception):
    """The journey refused the command, and nothing changed. The message says why.

    `code` and `data` are for programs; docs/contract.md lists the codes and what `data` holds.
    """

    def __init__(self, message: str, code: str = "refused", data: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.data = dict(data or {})


class NoSuchJourney(NotFound):
    """Temporal runs no journey of this id."""

    def __init__(self, journey: JourneyId) -> None:
        super().__init__(f"no journey {journey!r} is running; begin it with: trellis start PROGRAM LEARNER")
        self.journey = journey


class NotAnswering(Exception):
    """The journey exists and cannot answer at present. The message says why, and what to do."""

    def __init__(self, journey: JourneyId, because: str) -> None:
        super().__init__(f"journey {journey!r} {because}")
        self.journey = journey


class NotStarted(NotAnswering):
    """The journey was begun, and nothing is recorded of it yet."""

    def __init__(self, journey: JourneyId) -> None:
        super().__init__(journey, "has been begun and has not started: is a worker running, and Postgres?")


class NobodyAnswers(NotAnswering):
    """No worker answered for the journey in time."""

    def __init__(self, journey: JourneyId) -> None:
        super().__init__(journey, "does not answer: is a worker running, and not overloaded? `trellis doctor` tells")


class TaskFailing(NotAnswering):
    """The journey's workflow task fails repeatedly."""

    def __init__(self, journey: JourneyId, task: FailingTask) -> None:
        super().__init__(journey, f"cannot answer: {task}")
        self.task = task


Answered = TypeVar("Answered")

_UNANSWERED = frozenset({RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})
_CHECK_SECONDS = 5.0
"""While a journey does not answer: the time between two checks of whether its workflow task fails."""
_NOT_READY = (RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.RESOURCE_EXHAUSTED, RPCStatusCode.ABORTED)
_RETRY_SECONDS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0)


class JourneyClient:
    """Talks to the workflows of journeys. It holds nothing but the connection, and serves any number of journeys.

    Every call raises `temporalio.service.RPCError` when Temporal cannot be reached.
    """

    def __init__(
        self, temporal: Client, task_queue: str = TASK_QUEUE, *, at: Callable[[], datetime] | None = None
    ) -> None:
        """`at`: for journeys that are rehearsed, the moment at which commands are given."""
        self._temporal = temporal
        self._task_queue = task_queue
        self._at = at

    @property
    def temporal(self) -> Client:
        """The connection, for those who also talk to other workflows."""
        return self._temporal

    async def begin(self, begin: Begin, journey: JourneyId | None = None) -> bool:
        """Starts a journey, under the given id or the usual one. Returns whether it was not running before.

        A journey that Temporal has lost, or that closed, is resumed from the log.
        """
        chosen = journey or journey_id(begin.program_id, begin.learner_id)
        try:
            await self._temporal.start_workflow(WORKFLOW, _with_origin(begin), id=chosen, **self._start_options(begin))
        except WorkflowAlreadyStartedError:
            return False
        return True

    async def begin_and_send(
        self,
        begin: Begin,
        command: str,
        payload: Mapping[str, Any],
        journey: JourneyId | None = None,
        *,
        command_id: str | None = None,
        if_version: int | None = None,
    ) -> Answer:
        """Starts the journey unless it is running, and sends it a command, in one call to the server.

        `command_id` and `if_version`: as in `send`.

        Raises:
            Refused: with the journey's reason, also when the journey cannot begin.
        """
        chosen, update_id = journey or journey_id(begin.program_id, begin.learner_id), command_id or str(uuid4())
        envelope = _envelope(self._dated(payload), if_version)
        if self._at:
            begin = begin.model_copy(update={"rehearse_from": self._at()})

        async def update() -> Answer:
            start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
                WORKFLOW,
                _with_origin(begin),
                id=chosen,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                **self._start_options(begin),
            )
            answer: Answer = await self._temporal.execute_update_with_start_workflow(
                command, envelope, id=update_id, result_type=Answer, start_workflow_operation=start
            )
            return answer

        with _own_errors(chosen):
            return await self._unless_failing(chosen, _until_ready(update))

    async def send(
        self,
        journey: JourneyId,
        command: str,
        payload: Mapping[str, Any],
        *,
        command_id: str | None = None,
        if_version: int | None = None,
    ) -> Answer:
        """Sends a command, and returns when its events are in the log.

        `command_id` identifies the command for the whole life of the journey: the same id again, at any time and after
        any failure, returns the recorded answer and changes nothing. None: a new id. Waits while no worker is running.
        `if_version`: the version of the journey on which the command was decided; None: whatever it is.

        Raises:
            Refused: with the journey's reason; with the code `version_mismatch` when the journey is at another version.
            NoSuchJourney: when it is not running.
            TaskFailing: when its workflow task fails repeatedly; the command may be recorded once that is over.
        """
        update_id, envelope = command_id or str(uuid4()), _envelope(self._dated(payload), if_version)

        async def update() -> Answer:
            answer: Answer = await self._handle(journey).execute_update(
                command, envelope, id=update_id, result_type=Answer
            )
            return answer

        with _own_errors(journey):
            return await self._unless_failing(journey, _until_ready(update))

    async def signal(self, journey: JourneyId, command: str, payload: Mapping[str, Any]) -> None:
        """Sends a command and does not wait for it. A refusal shows on the timeline.

        Raises:
            NoSuchJourney: when it is not running.
        """
        with _own_errors(journey):
            await self._handle(journey).signal(command, _envelope(self._dated(payload), None))

    async def status(self, journey: JourneyId) -> Status:
        """The status of the journey. Waits some seconds for one that is just beginning.

        Raises:
            NoSuchJourney: when Temporal has never run it, or deleted it after its retention period.
            NotStarted: when it cannot start, for instance while Postgres is away.
            TaskFailing: when its workflow task fails repeatedly.
            NobodyAnswers: when no worker answers within ten seconds.
        """
        for pause in (*_RETRY_SECONDS, None):
            try:
                return await self._ask_status(journey)
            except WorkflowQueryFailedError as error:
                if pause is None:
                    raise NotStarted(journey) from error
                await asyncio.sleep(pause)
        raise NotStarted(journey)

    async def _ask_status(self, journey: JourneyId) -> Status:
        with _own_errors(journey):
            query: Awaitable[Status] = self._handle(journey).query(
                "status", result_type=Status, rpc_timeout=timedelta(seconds=10)
            )
            return await self._unless_failing(journey, query)

    async def _unless_failing(self, journey: JourneyId, answer: Awaitable[Answered]) -> Answered:
        """The answer. Raises TaskFailing when the server, or a check while waiting, says that its task fails."""
        waiting = asyncio.ensure_future(answer)
        try:
            while not (await asyncio.wait({waiting}, timeout=_CHECK_SECONDS))[0]:
                await self._require_no_failing_task(journey)
            return await waiting
        except RPCError as error:
            if error.status not in _UNANSWERED:
                raise
            await self._require_no_failing_task(journey)
            if error.status == RPCStatusCode.FAILED_PRECONDITION:
                raise NotAnswering(journey, f"cannot answer now: {error.message} Try again in a moment") from error
            raise NobodyAnswers(journey) from error
        finally:
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)  # the SDK turns a canceled call into an error

    async def _require_no_failing_task(self, journey: JourneyId) -> None:
        """Raises TaskFailing. When the server cannot be reached for this check, waiting goes on."""
        with suppress(RPCError):
            if failing := await failing_task(self._temporal, journey):
                raise TaskFailing(journey, failing)

    def _dated(self, payload: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**payload, "at": self._at().isoformat()} if self._at else payload

    def _handle(self, journey: JourneyId) -> WorkflowHandle[Any, Any]:
        return self._temporal.get_workflow_handle(journey)

    def _start_options(self, begin: Begin) -> dict[str, Any]:
        return {
            "task_queue": self._task_queue,
            "id_reuse_policy": WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            "static_summary": f"{begin.learner} in {begin.program}",
        }


def _envelope(payload: Mapping[str, Any], if_version: int | None) -> dict[str, Any]:
    """The command with what is said about it."""
    envelope = dict(payload)
    if origin := current_origin():
        envelope["origin"] = origin.model_dump(exclude_none=True)
    if if_version is not None:
        envelope["if_version"] = if_version
    return envelope


def _with_origin(begin: Begin) -> Begin:
    return begin.model_copy(update={"origin": origin}) if (origin := current_origin()) else begin


async def _until_ready(update: Callable[[], Awaitable[Answer]]) -> Answer:
    """Retries while the workflow changes runs, recovers from a failed task, or has as many updates in progress as the
    server allows. The update keeps its id, so that it is handled once however often it arrives."""
    for pause in (*_RETRY_SECONDS, *_RETRY_SECONDS, None):
        try:
            return await update()
        except RPCError as error:
            if pause is None or error.status not in _NOT_READY:
                raise
            await asyncio.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


@contextmanager
def _own_errors(journey: JourneyId) -> Iterator[None]:
    """Translates Temporal's errors into those above, where they have a meaning here."""
    try:
        yield
    except WorkflowUpdateFailedError as error:
        cause = error.cause
        if isinstance(cause, ApplicationError) and cause.type == REJECTED:
            details = cause.details[0] if cause.details else {}  # none in what an earlier release refused
            raise Refused(cause.message, details.get("code", "refused"), details.get("data")) from error
        raise
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            raise NoSuchJourney(journey) from error
        raise
