"""How a journey calls an activity: first as a local one; if that fails as a regular one, for as long as it takes.

A local activity costs about half of a regular one in history and time. But its retries are part of the history, which
an outage of Postgres would fill. A regular one is retried by the server, where people see it, and the history does not
grow. Figures are in docs/adr/0003.
"""

import asyncio
from datetime import timedelta
from typing import TypeVar

from pydantic import BaseModel
from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError, is_cancelled_exception

Reply = TypeVar("Reply")

_LOCAL = RetryPolicy(initial_interval=timedelta(milliseconds=100), maximum_attempts=2)
PATIENT = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=20))


async def call_activity(activity: str, question: BaseModel, reply: type[Reply], *, summary: str) -> Reply:
    """Returns the activity's reply, however long Postgres is away. A request to cancel the workflow interrupts an
    attempt, and another follows: every activity that is called here can be repeated.

    Raises:
        ApplicationError: when the activity fails for good.
    """
    while True:
        try:
            return await _call(activity, question, reply, summary=summary)
        except (asyncio.CancelledError, FailureError) as error:
            if not is_cancelled_exception(error):
                raise
            await go_on_unless_evicted()


async def go_on_unless_evicted() -> None:
    """After a cancellation: returns if somebody asked to cancel the workflow, and ends the task otherwise.

    The SDK also cancels the tasks of a workflow that it evicts from its cache. They must end without waiting again.
    """
    if workflow.cancellation_reason() is None:
        raise asyncio.CancelledError
    await workflow.wait_condition(lambda: True)
    if task := asyncio.current_task():
        task.uncancel()


async def _call(activity: str, question: BaseModel, reply: type[Reply], *, summary: str) -> Reply:
    try:
        local: Reply = await workflow.execute_local_activity(
            activity,
            question,
            result_type=reply,
            schedule_to_close_timeout=timedelta(seconds=5),
            retry_policy=_LOCAL,
            summary=summary,
        )
    except FailureError as error:
        _raise_if_final(error)
    else:
        return local
    try:
        patient: Reply = await workflow.execute_activity(
            activity,
            question,
            result_type=reply,
            start_to_close_timeout=timedelta(seconds=30),
            retry_policy=PATIENT,
            summary=summary,
        )
    except FailureError as error:
        _raise_if_final(error)
        raise
    else:
        return patient


def _raise_if_final(error: FailureError) -> None:
    """A regular activity wraps its failure; a local one does not."""
    failure = error.cause if isinstance(error, ActivityError) else error
    if isinstance(failure, ApplicationError) and failure.non_retryable:
        raise failure
    if is_cancelled_exception(error):
        raise error
