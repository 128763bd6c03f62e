"""Beginning and steering journeys from outside: what the CLI, HTTP and other programs use."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
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
from workflows.contract import REJECTED, TASK_QUEUE, WORKFLOW, Answer, Begin, Status


class Refused(Exception):
    """The journey refused the command; the message is its reason. Nothing changed.

    `code` and `data` are for programs: docs/contract.md lists every code, and what `data` holds with it.
    """

    def __init__(self, message: str, code: str = "refused", data: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.data = dict(data or {})


class NoSuchJourney(Exception):
    """Temporal runs no journey of this id."""

    def __init__(self, journey: JourneyId) -> None:
        super().__init__(f"no journey {journey!r} is running; begin it with: trellis start PROGRAM LEARNER")
        self.journey = journey


class NotAnswering(Exception):
    """The journey is there, and cannot answer just now. Says why, and what to do."""

    def __init__(self, journey: JourneyId, because: str) -> None:
        super().__init__(f"journey {journey!r} {because}")
        self.journey = journey


class NotStarted(NotAnswering):
    """The journey was begun and has not come to anything yet."""

    def __init__(self, journey: JourneyId) -> None:
        super().__init__(journey, "has been begun and has not started: is a worker running, and Postgres?")


class NobodyAnswers(NotAnswering):
    """No worker answered for the journey in time."""

    def __init__(self, journey: JourneyId) -> None:
        super().__init__(journey, "does not answer: is a worker running, and not overloaded? `trellis doctor` tells")


class TaskFailing(NotAnswering):
    """The workflow task of the journey fails again and again."""

    def __init__(self, journey: JourneyId, task: FailingTask) -> None:
        super().__init__(journey, f"cannot answer: {task}")
        self.task = task


Answered = TypeVar("Answered")

_UNANSWERED = frozenset({RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})
_LOOK_SECONDS = 5.0
"""Between two looks at whether a journey that does not answer is failing."""
_NOT_READY = (RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.RESOURCE_EXHAUSTED, RPCStatusCode.ABORTED)
_MOMENTS = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 3.0)


class JourneyClient:
    """Speaks to the workflows of journeys. Holds nothing but the connection; use one for as many journeys as you like.

    Every call raises `temporalio.service.RPCError` when Temporal cannot be reached.
    """

    def __init__(self, temporal: Client, task_queue: str = TASK_QUEUE) -> None:
        self._temporal = temporal
        self._task_queue = task_queue

    async def begin(self, begin: Begin, journey: JourneyId | None = None) -> bool:
        """Sets a learner out, under the journey's own id or the usual one. Returns whether it was new.

        A journey that Temporal has lost, or that closed, is taken up again from the log.
        """
        chosen = journey or journey_id(begin.program_id, begin.learner_id)
        try:
            await self._temporal.start_workflow(WORKFLOW, begin, id=chosen, **self._start_options(begin))
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
    ) -> Answer:
        """Begins the journey unless it runs already, and gives it a command, in one call to the server.

        `command_id`: as in `send`.

        Raises:
            Refused: with the journey's reason, also when the journey cannot begin.
        """
        chosen, update_id = journey or journey_id(begin.program_id, begin.learner_id), command_id or str(uuid4())

        async def update() -> Answer:
            start: WithStartWorkflowOperation[Any, Any] = WithStartWorkflowOperation(
                WORKFLOW,
                begin,
                id=chosen,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                **self._start_options(begin),
            )
            answer: Answer = await self._temporal.execute_update_with_start_workflow(
                command, dict(payload), id=update_id, result_type=Answer, start_workflow_operation=start
            )
            return answer

        with _in_words(chosen):
            return await self._unless_failing(chosen, _until_ready(update))

    async def send(
        self, journey: JourneyId, command: str, payload: Mapping[str, Any], *, command_id: str | None = None
    ) -> Answer:
        """Gives a command and returns when what it brought about is in the log.

        `command_id` names the command for the whole life of the journey: the same id again, at any time and after any
        failure, gives the recorded answer and changes nothing. None: a new one. Waits while no worker is there.

        Raises:
            Refused: with the journey's reason.
            NoSuchJourney: when it is not running.
            TaskFailing: when its workflow task fails again and again; the command may be recorded once it does not.
        """
        update_id = command_id or str(uuid4())

        async def update() -> Answer:
            answer: Answer = await self._handle(journey).execute_update(
                command, dict(payload), id=update_id, result_type=Answer
            )
            return answer

        with _in_words(journey):
            return await self._unless_failing(journey, _until_ready(update))

    async def signal(self, journey: JourneyId, command: str, payload: Mapping[str, Any]) -> None:
        """Gives a command and does not wait. A refusal shows on the timeline.

        Raises:
            NoSuchJourney: when it is not running.
        """
        with _in_words(journey):
            await self._handle(journey).signal(command, dict(payload))

    async def status(self, journey: JourneyId) -> Status:
        """Where the journey stands. One that is only just beginning is waited for, a few seconds at most.

        Raises:
            NoSuchJourney: when Temporal has never run it, or forgot it after its retention.
            NotStarted: when it does not come to start, as while Postgres is away.
            TaskFailing: when its workflow task fails again and again.
            NobodyAnswers: when no worker does, within ten seconds.
        """
        for pause in (*_MOMENTS, None):
            try:
                return await self._ask_status(journey)
            except WorkflowQueryFailedError as error:
                if pause is None:
                    raise NotStarted(journey) from error
                await asyncio.sleep(pause)
        raise NotStarted(journey)

    async def _ask_status(self, journey: JourneyId) -> Status:
        with _in_words(journey):
            query: Awaitable[Status] = self._handle(journey).query(
                "status", result_type=Status, rpc_timeout=timedelta(seconds=10)
            )
            return await self._unless_failing(journey, query)

    async def _unless_failing(self, journey: JourneyId, answer: Awaitable[Answered]) -> Answered:
        """Raises TaskFailing, at once when the server says so, and otherwise when waiting makes one wonder."""
        waiting = asyncio.ensure_future(answer)
        try:
            while not (await asyncio.wait({waiting}, timeout=_LOOK_SECONDS))[0]:
                await self._require_getting_on(journey)
            return await waiting
        except RPCError as error:
            if error.status not in _UNANSWERED:
                raise
            await self._require_getting_on(journey)
            if error.status == RPCStatusCode.FAILED_PRECONDITION:
                raise NotAnswering(journey, f"cannot answer just now: {error.message} Try again in a moment") from error
            raise NobodyAnswers(journey) from error
        finally:
            waiting.cancel()

    async def _require_getting_on(self, journey: JourneyId) -> None:
        """Raises TaskFailing. A server that is away for this look is no reason to give up what is waited for."""
        with suppress(RPCError):
            if failing := await failing_task(self._temporal, journey):
                raise TaskFailing(journey, failing)

    def _handle(self, journey: JourneyId) -> WorkflowHandle[Any, Any]:
        return self._temporal.get_workflow_handle(journey)

    def _start_options(self, begin: Begin) -> dict[str, Any]:
        return {
            "task_queue": self._task_queue,
            "id_reuse_policy": WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            "static_summary": f"{begin.learner} in {begin.program}",
        }


async def _until_ready(update: Callable[[], Awaitable[Answer]]) -> Answer:
    """Tries again while the workflow changes runs, recovers from a failed task, or has as many updates in progress as
    the server takes. The update keeps its id, so that it is handled once however often it arrives."""
    for pause in (*_MOMENTS, *_MOMENTS, None):
        try:
            return await update()
        except RPCError as error:
            if pause is None or error.status not in _NOT_READY:
                raise
            await asyncio.sleep(pause)
    raise AssertionError("the last attempt returns or raises")


@contextmanager
def _in_words(journey: JourneyId) -> Iterator[None]:
    """Turns what Temporal says into what it means here; anything else stays as it is."""
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
